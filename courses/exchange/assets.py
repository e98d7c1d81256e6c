"""What pages rest on beside words: pictures, documents, media and packages, and what this site knows by a code.

`Kept` is for a copy, which rests on the same rows; `Packed` names and collects files for a file to carry; `Unpacked`
makes rows of them by the forms of the site's uploads, so that what they refuse comes in by no other way.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from taggit.utils import edit_string_for_tags
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form

from courses import tasks
from courses.conf import conf
from courses.exchange.exceptions import ExchangeError
from courses.models import Package
from notifications import work

LEFT = {"collection"}


class PackageForm(forms.ModelForm):
    """What the upload asks of a file; what is in it is looked at by the task that unpacks it."""

    class Meta:
        model = Package
        fields = ("title", "language", "file")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not file.name.endswith((".zip", ".h5p")) or file.size > conf.PACKAGE_MAX_SIZE:
            raise forms.ValidationError(_("A package is a file that ends in .zip or .h5p."), code="ending")
        return file

    def save(self, commit=True):
        package = super().save(commit)
        work.hint(tasks.check_package, package.pk, get_language())
        return package


@dataclass(frozen=True)
class Kind:
    """A kind of file, with the form by which editors upload it."""

    name: str
    model: type
    form: type

    def may_add(self, user):
        if user is None:
            return True
        if hasattr(self.form, "permission_policy"):
            # Up to Wagtail 7 the class holds it, from 8 on a form asks a registry for it; none can be made for
            # somebody who may add nothing.
            policy = self.form.__new__(self.form).permission_policy
            return bool(policy.collections_user_has_permission_for(user, "add"))
        return user.has_perm(f"{self.model._meta.app_label}.add_{self.model._meta.model_name}")


def kinds():
    found = [
        Kind("image", get_image_model(), get_image_form(get_image_model())),
        Kind("document", get_document_model(), get_document_form(get_document_model())),
        Kind("package", Package, PackageForm),
    ]
    if apps.is_installed("wagtailmedia"):
        media = import_string("wagtailmedia.models.get_media_model")()
        found.append(Kind("media", media, import_string("wagtailmedia.forms.get_media_form")(media)))
    return {kind.name: kind for kind in found}


def _coded(model):
    try:
        return model._meta.get_field("code").unique
    except FieldDoesNotExist:
        return False


class Kept:
    def name(self, model, key):
        return f"same:{key}"

    def linked(self, kind, key):
        return f"same:{key}"

    def key_of(self, model, name):
        return name.removeprefix("same:")

    def linked_key(self, kind, name):
        return name.removeprefix("same:")


class Packed:
    def __init__(self):
        self.rows = {}
        self.codes = {}
        self.left_out = set()
        self._kinds = kinds()

    def name(self, model, key):
        kind = next((one.name for one in self._kinds.values() if issubclass(model, one.model)), None)
        if kind is not None:
            return self._packed(kind, key)
        if _coded(model):
            code = model.objects.filter(pk=key).values_list("code", flat=True).first()
            return code and f"code:{code}"
        self.left_out.add(str(model._meta.verbose_name))
        return None

    def linked(self, kind, key):
        if kind == "page":
            self.left_out.add(_("links to pages outside of the course"))
            return None
        return self._packed(kind, key)

    def _packed(self, kind, key):
        """The name of a file's row; None for one that is gone."""
        if (kind, str(key)) not in self.rows:
            row = self._kinds[kind].model.objects.filter(pk=key).first()
            number = 1 + sum(one == kind for one, _key in self.rows)
            self.rows[kind, str(key)] = row and (f"{kind}:{number}", row)
        found = self.rows[kind, str(key)]
        return found and found[0]

    def described(self):
        """(what the manifest says of each, {name in the archive: file})."""
        entries, files = [], {}
        for (kind, _key), found in self.rows.items():
            if found is None:
                continue
            name, row = found
            entry = {"name": name, "kind": kind, "fields": {}, "files": {}}
            if hasattr(row, "type"):
                entry["fields"]["type"] = row.type
            for field in self._fields(kind):
                self._describe(field, row, entry, files)
            entries.append(entry)
        return entries, files

    def _fields(self, kind):
        model, form = self._kinds[kind].model, self._kinds[kind].form
        names = [name for name in form.base_fields if name not in LEFT]
        return [field for field in [*model._meta.get_fields()] if field.name in names]

    def _describe(self, field, row, entry, files):
        if isinstance(field, FileField):
            file = getattr(row, field.name)
            if not file:
                return
            path = f"files/{entry['name'].replace(':', '-')}-{field.name}{Path(file.name).suffix.lower()}"
            digest, size = hashlib.sha256(), 0
            with file.storage.open(file.name) as opened:
                for chunk in opened.chunks():
                    digest.update(chunk)
                    size += len(chunk)
            files[path] = file
            entry["files"][field.name] = {"path": path, "size": size, "sha256": digest.hexdigest()}
        elif field.name == "tags":
            entry["fields"]["tags"] = edit_string_for_tags(row.tags.order_by("name"))
        else:
            entry["fields"][field.name] = field.value_from_object(row)


class Unpacked:
    """Makes a row of a file the first time that something rests on it; what was made is taken back when all fails."""

    def __init__(self, entries, read, user):
        self.entries = {entry["name"]: entry for entry in entries}
        self.read, self.user = read, user
        self.made = {}
        self._files = []
        self._kinds = kinds()

    def key_of(self, model, name):
        if name.startswith("code:") and _coded(model):
            return model.objects.filter(code=name.removeprefix("code:")).values_list("pk", flat=True).first()
        entry = self.entries.get(name)
        if entry is None or not issubclass(model, self._kinds[entry["kind"]].model):
            return None
        return self._made(entry).pk

    def linked_key(self, kind, name):
        entry = self.entries.get(name)
        return self._made(entry).pk if entry is not None and entry["kind"] == kind else None

    def _made(self, entry):
        if entry["name"] not in self.made:
            self.made[entry["name"]] = self._make(entry)
        return self.made[entry["name"]]

    def _make(self, entry):
        kind = self._kinds[entry["kind"]]
        said = entry["fields"]
        if not kind.may_add(self.user):
            raise ExchangeError(
                _("The course has files that you may not upload here (%(kind)s). Ask an administrator.")
                % {"kind": kind.model._meta.verbose_name_plural}
            )
        instance = kind.model()
        if hasattr(instance, "type") and said.get("type"):
            instance.type = str(said["type"])
        if hasattr(instance, "uploaded_by_user_id"):
            instance.uploaded_by_user = self.user
        elif hasattr(instance, "uploaded_by_id"):
            instance.uploaded_by = self.user
        files = {
            field: SimpleUploadedFile(Path(one["path"]).name, self.read(one["path"]))
            for field, one in entry["files"].items()
        }
        arguments = {"user": self.user} if hasattr(kind.form, "permission_policy") else {}
        form = kind.form(None, instance=instance, **arguments)
        data = {name: value for name, value in said.items() if value is not None}
        if "collection" in form.fields:
            data["collection"] = (
                form.fields["collection"].queryset.order_by("path").values_list("pk", flat=True)[0]
            )
        form = kind.form(data, files, instance=instance, **arguments)
        if not form.is_valid():
            raise ExchangeError(
                _("“%(title)s” is refused: %(why)s")
                % {"title": said.get("title", entry["name"]), "why": " ".join(_messages(form))}
            )
        row = form.save()
        self._files += [
            (getattr(row, field.name).storage, getattr(row, field.name).name)
            for field in row._meta.get_fields()
            if isinstance(field, FileField) and getattr(row, field.name)
        ]
        return row

    def take_back(self):
        """Delete the files of rows that were never committed."""
        for storage, name in self._files:
            storage.delete(name)


def _messages(form):
    return [str(message) for errors in form.errors.values() for message in errors]


def missing_codes(model, codes):
    known = set(model.objects.filter(code__in=codes).values_list("code", flat=True))
    return sorted(set(codes) - known)
