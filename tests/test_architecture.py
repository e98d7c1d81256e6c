"""The house rules that no linter knows: relations point down, names carry the prefix, personal data is registered."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.urls import URLResolver, get_resolver

from participants.models import Participant
from safeguarding import personal_data, showing
from tests.marker import a_marked_person, traces

ROOT = Path(__file__).parent.parent
# From the bottom up; rooms on one floor do not know each other.
FLOORS = [
    {"ui"},
    {"safeguarding"},
    {"participants"},
    {"notifications"},
    {"courses"},
    {"events"},
    {"attendance"},
    {"certificates"},
    {"accounts", "cms", "reporting"},
]
ROOMS = sorted(set().union(*FLOORS))
FLOOR_OF = {f"oberih_{room}": number for number, floor in enumerate(FLOORS) for room in floor}
# Templates of others that a room may write anew, as Django means it: error pages, allauth's and Wagtail's.
OVERRIDDEN = {"account", "allauth", "mfa", "usersessions", "wagtailadmin", "wagtailusers"}


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOOR_OF]


def relations(model):
    """(field, target) of what we wrote; what a page has from Wagtail is Wagtail's."""
    fields = [*model._meta.get_fields(include_hidden=True), *model._meta.many_to_many]
    return {
        (field.name, field.related_model)
        for field in fields
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.model._meta.app_label in FLOOR_OF
    }


def test_relations_point_downwards():
    upwards = [
        f"{model._meta.label}.{name} -> {target._meta.label}"
        for model in our_models()
        for name, target in relations(model)
        if target._meta.app_label in FLOOR_OF
        and target is not get_user_model()
        and target._meta.app_label != model._meta.app_label
        and FLOOR_OF[target._meta.app_label] >= FLOOR_OF[model._meta.app_label]
    ]
    assert upwards == []


@pytest.mark.parametrize("room", ROOMS)
def test_labels_carry_the_prefix(room):
    assert apps.get_app_config(f"oberih_{room}").name == room


@pytest.mark.parametrize("room", ROOMS)
def test_templates_carry_the_prefix(room):
    folder = ROOT / room / "templates"
    home = ("oberih",) if room == "ui" else ("oberih", room)
    stray = [
        str(path.relative_to(ROOT))
        for path in folder.rglob("*.*")
        if path.is_file()
        and path.relative_to(folder).parts[: len(home)] != home
        and path.relative_to(folder).parts[0] not in OVERRIDDEN
        and not (room == "ui" and path.parent == folder and path.stem[:3].isdigit())
    ]
    assert stray == []


@pytest.mark.parametrize("room", ROOMS)
def test_static_files_carry_the_prefix(room):
    folder = ROOT / room / "static"
    stray = [
        str(path.relative_to(ROOT))
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[:2] != ("oberih", room)
    ]
    assert stray == []


def test_url_names_carry_the_prefix():
    """By the namespace of the room, or in each name where a room's addresses stand outside of it."""

    def included(resolver):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield entry
                yield from included(entry)

    wrong = []
    for entry in included(get_resolver(settings.ROOT_URLCONF)):
        room = getattr(entry.urlconf_name, "__name__", "").split(".")[0]
        names = [pattern.name or "" for pattern in entry.url_patterns if not isinstance(pattern, URLResolver)]
        if (
            room in ROOMS
            and entry.app_name != f"oberih_{room}"
            and not (entry.app_name is None and all(name.startswith(f"oberih_{room}_") for name in names))
        ):
            wrong.append((entry.urlconf_name.__name__, entry.app_name))
    assert wrong == []


def test_check_ids_are_unique_and_prefixed():
    found = []
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
                    "Critical",
                    "Error",
                    "Warning",
                    "Info",
                }:
                    found += [
                        (room, keyword.value.value)
                        for keyword in node.keywords
                        if keyword.arg == "id" and isinstance(keyword.value, ast.Constant)
                    ]
    ids = [identifier for _room, identifier in found]
    assert len(ids) == len(set(ids))
    assert [pair for pair in found if not pair[1].startswith(f"oberih_{pair[0]}.")] == []


def test_tasks_are_named_after_their_room():
    from config import celery_app

    celery_app.loader.import_default_modules()
    wrong = [
        name
        for name, task in celery_app.tasks.items()
        if task.__module__.split(".")[0] in ROOMS
        and not name.startswith(f"oberih.{task.__module__.split('.')[0]}.")
    ]
    assert wrong == []


def test_models_that_lead_to_a_person_are_registered_or_declared_free():
    """Whatever hangs on a registered model leads to its person too; what hangs on a free one does not."""
    registered, free = personal_data.registered(), personal_data.declared_free()
    personal = {Participant, get_user_model()} | {apps.get_model(label) for label in registered}
    unknown = {
        model._meta.label
        for model in our_models()
        if not model._meta.auto_created
        and any(target in personal for _name, target in relations(model))
        and model._meta.label_lower not in registered
        and model._meta.label_lower not in free
    }
    assert sorted(unknown) == []


def test_the_registry_of_personal_data_names_what_exists():
    for label, entry in personal_data.registered().items():
        model = apps.get_model(label)
        names = {field.name for field in model._meta.get_fields()}
        named = {*entry.fields, *entry.blank, *entry.files, *filter(None, [entry.key])}
        assert named - names == set(), label
        assert {*entry.codes, *entry.labels, *entry.show} - {*entry.fields} == set(), label
    for label in personal_data.declared_free():
        assert apps.get_model(label)


# Text that is neither shown to the person nor taken when they are erased: keys, and what was counted.
KEPT_TEXT = {
    "oberih_certificates.certificate": {"achievement_key", "token", "pdf_sha256"},
    "oberih_courses.enrolment": {"source"},
}


def test_no_text_about_a_person_is_passed_over():
    """A new column for words is shown, erased, or said here to be neither."""
    passed_over = {}
    for label, entry in personal_data.registered().items():
        text = {
            field.name
            for field in apps.get_model(label)._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
        }
        handled = {*entry.fields, *entry.blank, *entry.files}
        if not entry.delete and entry.erase is None and text - handled:
            passed_over[label] = text - handled
    assert passed_over == KEPT_TEXT


def test_what_is_shown_to_people_has_a_name_that_can_be_translated():
    nameless = [
        f"{label}.{name}"
        for label, entry in personal_data.registered().items()
        for name in entry.fields
        if name not in entry.labels and apps.get_model(label)._meta.get_field(name)._verbose_name is None
    ]
    assert nameless == []


@pytest.mark.django_db
def test_each_entry_of_the_registry_is_shown_given_and_erased():
    """With a person who has a row of each kind; a new kind that `a_marked_person` does not make fails here."""
    marked = a_marked_person()
    people = [marked.participant.pk, marked.other_row.pk]
    entries = personal_data.registered()
    assert [label for label, entry in entries.items() if not entry.rows(people).exists()] == []
    shown = {section.model.lower(): section for section in showing.sections(people)}
    assert shown.keys() == entries.keys()
    for label, section in shown.items():
        assert all(line for line in section.lines), label
        assert set(section.data[0]) == {*entries[label].fields}
    personal_data.prepare_erasing(people, certificates="keep")
    personal_data.erase(people)
    rows_left = {label: entry.rows(people).exists() for label, entry in entries.items()}
    assert {label for label, entry in entries.items() if entry.delete and rows_left[label]} == set()
    # The files go after the commit, and the reasons in the log with the action.
    assert [line for line in traces() if not line.startswith("oberih_safeguarding_auditentry")] == []
