"""The fields of a page, a question or an assessment, as a file says them and as a row keeps them."""

from django.core.exceptions import ValidationError
from django.db import models
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField

from courses.exchange.blocks import transformed

PLAIN = (str, int, bool, type(None))


def named(model, *, of=None, without=()):
    """The fields of a model; of a site's page type those that come from the mixin `of`."""
    meta = (of or model)._meta
    return [
        model._meta.get_field(field.name)
        for field in [*meta.local_fields, *meta.local_many_to_many]
        if field.name not in without and not field.primary_key
    ]


def said(field, row, references):
    """What a file says of the field."""
    if isinstance(field, ParentalManyToManyField):
        return sorted(one.code for one in getattr(row, field.name).all())
    value = field.value_from_object(row)
    if isinstance(field, StreamField):
        return transformed(
            field.stream_block, value.get_prep_value(), chosen=references.chosen, text=references.text
        )
    if isinstance(field, RichTextField):
        return references.text(value or "", field.features)
    if isinstance(field, models.ForeignKey):
        return None if value is None else references.chosen(field.related_model, value)
    if isinstance(field, I18nCharField | I18nTextField):
        return value.data if isinstance(value, LazyI18nString) else value
    return value if isinstance(value, PLAIN) else field.value_to_string(row)


def fill(row, field, value, given):
    """Give the row what the file says; raises ValidationError for what the field cannot hold."""
    if isinstance(field, ParentalManyToManyField):
        wanted = [str(code) for code in value] if isinstance(value, list) else []
        setattr(row, field.name, list(field.related_model.objects.filter(code__in=wanted)))
    elif isinstance(field, StreamField):
        raw = transformed(
            field.stream_block,
            value if isinstance(value, list) else [],
            chosen=given.chosen,
            text=given.text,
            identity=given.identity,
        )
        setattr(row, field.name, field.stream_block.to_python(raw))
    elif isinstance(field, RichTextField):
        setattr(row, field.name, given.text(str(value or ""), field.features))
    elif isinstance(field, models.ForeignKey):
        setattr(row, field.attname, None if value is None else given.chosen(field.related_model, value))
    elif isinstance(field, I18nCharField | I18nTextField):
        texts = {str(code): str(text) for code, text in value.items()} if isinstance(value, dict) else str(value)
        setattr(row, field.name, LazyI18nString(texts))
    elif isinstance(value, PLAIN):
        if value is not None or field.null:
            value = field.to_python(value)
            if value not in field.empty_values:
                field.run_validators(value)
                field.validate(value, row)
            setattr(row, field.name, value)
    else:
        raise ValidationError({field.name: "A list or an object stands where a single value belongs."})
