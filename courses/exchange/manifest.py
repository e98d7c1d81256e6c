"""Whether a manifest is one: every part of it goes through a form, and what they belong to is checked besides."""

from django import forms
from django.utils.translation import gettext as _

from courses.exchange.describing import FORMAT, KINDS
from courses.exchange.exceptions import ExchangeError

MOST_PAGES = 2_000
MOST_QUESTIONS = 10_000
PARENTS = {"course": None, "module": "course", "lesson": "module"}


class _Typed(forms.Field):
    """A value of JSON's own types."""

    def __init__(self, kind, **kwargs):
        self.kind = kind
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value):
        if value is None and not self.required:
            return self.kind()
        if not isinstance(value, self.kind):
            raise forms.ValidationError(_("Something else stands here than belongs here."), code="type")
        return value


def _language():
    return forms.RegexField(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=10)


class PageForm(forms.Form):
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    key = forms.UUIDField()
    parent = forms.UUIDField(required=False)
    language = _language()
    title = forms.CharField(max_length=255)
    slug = forms.SlugField(max_length=255, allow_unicode=True)
    seo_title = forms.CharField(max_length=255, required=False)
    search_description = forms.CharField(max_length=10_000, required=False)
    show_in_menus = _Typed(bool)
    is_translated = _Typed(bool)
    fields = _Typed(dict)


class AssessmentForm(forms.Form):
    key = forms.UUIDField()
    compared_with = forms.UUIDField(required=False)
    questions = _Typed(list)
    fields = _Typed(dict)


class QuestionForm(forms.Form):
    key = forms.UUIDField()
    language = _language()
    is_translated = _Typed(bool)
    fields = _Typed(dict)


class AssetForm(forms.Form):
    name = forms.RegexField(r"^(image|document|media|package):[0-9]{1,6}$", max_length=20)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("image", "document", "media", "package")])
    fields = _Typed(dict)
    files = _Typed(dict)


class FileForm(forms.Form):
    path = forms.RegexField(r"^files/[A-Za-z0-9_-]{1,80}(\.[a-z0-9]{1,8})?$", max_length=100)
    size = forms.IntegerField(min_value=0)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$")


class CourseForm(forms.Form):
    access = forms.CharField(max_length=20, required=False)
    days_to_complete = forms.IntegerField(min_value=1, max_value=32_767, required=False)
    requires = _Typed(list)


class RequiredForm(forms.Form):
    key = forms.UUIDField()
    code = forms.SlugField(max_length=100)


def _wrong(where, form):
    field, errors = next(iter(form.errors.items()))
    return ExchangeError(
        _("The file is damaged or not a course: %(where)s, %(field)s: %(error)s")
        % {"where": where, "field": field, "error": errors[0]}
    )


def _checked(form_class, entry, where):
    form = form_class(entry if isinstance(entry, dict) else {})
    if not form.is_valid():
        raise _wrong(where, form)
    return form.cleaned_data


def _each(manifest, name, form_class, most):
    entries = manifest.get(name)
    if not isinstance(entries, list) or len(entries) > most:
        raise ExchangeError(_("The file is damaged or not a course: its list “%(name)s”.") % {"name": name})
    return [_checked(form_class, entry, f"{name}[{number}]") for number, entry in enumerate(entries)]


def checked(manifest):
    """The manifest with its keys as UUIDs; raises ExchangeError for one that is not of this format."""
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ExchangeError(
            _("This is not a course that was exported from here: its manifest does not say “%(format)s”.")
            % {"format": FORMAT}
        )
    course = _checked(CourseForm, manifest.get("course"), "course")
    found = {
        "format": FORMAT,
        "course": {
            **course,
            "requires": [_checked(RequiredForm, one, "course.requires") for one in course["requires"]],
        },
        "pages": _each(manifest, "pages", PageForm, MOST_PAGES),
        "assessments": _each(manifest, "assessments", AssessmentForm, MOST_PAGES),
        "questions": _each(manifest, "questions", QuestionForm, MOST_QUESTIONS),
        "assets": _each(manifest, "assets", AssetForm, MOST_PAGES),
    }
    for asset in found["assets"]:
        asset["files"] = {
            str(name): _checked(FileForm, one, asset["name"]) for name, one in asset["files"].items()
        }
        if asset["name"].partition(":")[0] != asset["kind"]:
            raise ExchangeError(_("The file is damaged or not a course: %(where)s.") % {"where": asset["name"]})
    for assessment in found["assessments"]:
        assessment["questions"] = [_key(one) for one in assessment["questions"]]
    _check_tree(found["pages"])
    return found


def _key(value):
    return _checked(_KeyForm, {"key": value}, "assessments")["key"]


class _KeyForm(forms.Form):
    key = forms.UUIDField()


def _check_tree(pages):
    """One course, whose modules and lessons stand where they belong, parents before their children."""
    seen, kinds = {}, {}
    for page in pages:
        here = (page["key"], page["language"])
        above = seen.get((page["parent"], page["language"]))
        if (
            here in seen
            or kinds.setdefault(page["key"], page["kind"]) != page["kind"]
            or (above and above["kind"]) != PARENTS[page["kind"]]
            or (page["kind"] == "course" and page["parent"] is not None)
        ):
            raise ExchangeError(
                _("The file is damaged: “%(title)s” has no place in the course.") % {"title": page["title"]}
            )
        seen[here] = page
    if sum(kind == "course" for kind in kinds.values()) != 1:
        raise ExchangeError(_("The file does not hold one course."))
