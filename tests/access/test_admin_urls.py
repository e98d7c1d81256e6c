"""What is not in the table of addresses: our models in Wagtail's admin by the table of rights, the rest of it by who may enter."""

import datetime as dt

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, reverse

from courses.models import Course, EnrolmentKey, Question
from events.models import Distribution, Programme
from participants.models import Project
from safeguarding import audit, rights
from safeguarding.models import Helpline
from tests.access.test_urls import addresses, ask
from tests.access.world import PEOPLE, ROLES, furnish
from tests.events.factories import VenueFactory

# One of each kind: whether a row lies within somebody's scope is asked elsewhere.
KINDS = [who for who in PEOPLE if who != "owner" and not who.endswith("_elsewhere")]
# The deed that an address of a viewset takes; any deed on the model suffices for the others.
DEEDS = {"add": "add", "edit": "change", "delete": "delete", "copy": "add"}
PREFIXES = ("oberih_", "wagtailsnippets_oberih_", "wagtailsnippetchoosers_oberih_")
# Open to whoever asks: texts of scripts, drawings, and the log-in, which the site's own takes over.
OPEN = {"wagtailadmin_javascript_catalog", "wagtailadmin_sprite", "wagtailadmin_login"}


def model_of(name):
    """The model whose viewset serves the address, or None: `oberih_events_venue:edit` is that of venues."""
    namespace = name.split(":")[0]
    for prefix in ("wagtailsnippetchoosers_", "wagtailsnippets_", ""):
        label = namespace.removeprefix(prefix)
        for room in {config.label for config in apps.get_app_configs() if config.label.startswith("oberih_")}:
            if label.startswith(f"{room}_") and (
                model := apps.all_models[room].get(label.removeprefix(f"{room}_"))
            ):
                return model
    return None


def of_viewsets():
    names = {name for name, _view in addresses() if ":" in name and name.startswith(PREFIXES)}
    return sorted(name for name in names if model_of(name))


@pytest.fixture
def site(site_tree):
    users, _arguments = furnish()
    Helpline.objects.create(country="UA", number="527", name="x")
    Project.objects.create(code="one", label="One")
    Programme.objects.create(code="one", title="One")
    day = dt.date(2027, 1, 1)
    Distribution.objects.create(item="Leaflet", country="UA", value=5, held_from=day, held_to=day)
    VenueFactory()
    EnrolmentKey.objects.create(course=Course.objects.first(), code="for-a-class")
    audit.record(users["trainer"], "see", "event", ["event:x"])
    clients = {name: Client() for name in PEOPLE}
    for name, user in users.items():
        clients[name].force_login(user)
    return clients


def address_of(name, model):
    """The address with a row's key where it takes one; None for one that asks for something else."""
    row = model._base_manager.first()
    for arguments in ((), (row.pk,), (str(Question.objects.first().pk),)):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None


def may(role, model, deed):
    """Whether the table of rights lets the role do the deed, or any deed where none is named."""
    label, name = model._meta.app_label, model._meta.model_name
    table = rights.table()
    deeds = [deed] if deed else ["add", "change", "delete", "view"]
    return any(role in table.get(f"{label}.{one}_{name}", ()) for one in deeds)


@pytest.mark.django_db
def test_our_models_in_the_admin_are_opened_by_the_table_of_rights_alone(site):
    refused_wrongly, let_in_wrongly, asked = [], [], 0
    for name in of_viewsets():
        model, deed = model_of(name), DEEDS.get(name.split(":")[1])
        if (address := address_of(name, model)) is None:
            continue
        for who in KINDS:
            role = ROLES.get(who, (None,))[0]
            answer = ask(site[who], "GET", address)
            asked += 1
            if answer == "200" and not may(role, model, deed):
                let_in_wrongly.append((who, name))
            if answer != "200" and name.endswith((":index", ":list")) and may(role, model, None):
                refused_wrongly.append((who, name))
    assert (let_in_wrongly, refused_wrongly) == ([], [])
    assert asked > 500


@pytest.mark.django_db
def test_nobody_without_something_to_do_there_enters_the_admin(site):
    carriers = rights.table()["wagtailadmin.access_admin"]
    outside = [who for who in KINDS if ROLES.get(who, ("",))[0] not in carriers]
    entered, asked = [], 0
    for name, _view in addresses():
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if not address.startswith("/admin/") or name in OPEN:
            continue
        for who in outside:
            asked += 1
            if ask(site[who], "GET", address) == "200":
                entered.append((who, name))
    assert (outside, entered) == (
        ["stranger", "participant", "trainer", "focal_point"],
        [],
    )
    assert asked > 200


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["manager", "auditor", "editor", "administrator"])
def test_users_groups_and_sites_are_for_superusers(site, who):
    """Wagtail holds that whoever changes users is a superuser; so nobody of ours may."""
    opened = []
    for name, _view in addresses():
        if name.split(":")[0] in {"wagtailusers_users", "wagtailusers_groups", "wagtailsites", "wagtaillocales"}:
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue
            if ask(site[who], "GET", address) == "200":
                opened.append(name)
    assert opened == []


def of_no_row(name):
    """The address of what takes no key: whose pages may be copied and exported is asked where that is tested."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


@pytest.mark.django_db
def test_reports_of_ours_in_the_admin_are_for_whoever_works_with_what_they_list(site):
    opened = {
        name: [who for who in PEOPLE if ask(site[who], "GET", address) == "200"]
        for name in sorted(name for name, _view in addresses() if name.startswith("oberih_courses_"))
        if ":" not in name and (address := of_no_row(name))
    }
    writers = ["editor", "administrator"]
    assert opened == {
        "oberih_courses_compared": writers,
        "oberih_courses_compared_results": writers,
        "oberih_courses_judged": writers,
        "oberih_courses_judged_results": writers,
        "oberih_courses_courses_missing": ["manager", "manager_elsewhere", *writers],
        "oberih_courses_courses_missing_results": ["manager", "manager_elsewhere", *writers],
        "oberih_courses_import": writers,
        "oberih_courses_languages": ["manager", "manager_elsewhere", *writers],
        "oberih_courses_languages_results": ["manager", "manager_elsewhere", *writers],
        "oberih_courses_missing": writers,
        "oberih_courses_missing_results": writers,
    }
