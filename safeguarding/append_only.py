"""Rows that are written once: consents, marks, audit entries."""

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that may only be added to."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed; add a new one.")

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed; add a new one.")

    def delete(self):
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")

    def blank(self, **texts):
        """The one exception: free text that may name somebody goes when they are erased. What happened stays."""
        for name, text in texts.items():
            if text != "" or not isinstance(self.model._meta.get_field(name), models.CharField | models.TextField):
                raise AppendOnlyError(f"Only text is taken from {self.model.__name__} rows.")
        return super().update(**texts)


class AppendOnly(models.Model):
    """Abstract: a row that is saved once and then neither changed nor deleted through the ORM."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed; add a new one.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")
