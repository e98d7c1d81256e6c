"""Forms that say more than they were asked, or that come from somebody else's page."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, path
from django.views.decorators.csrf import csrf_exempt

from attendance.forms import WalkInForm
from events.models import Event, Registration
from events.registration_forms import RegistrationForm
from events.staff.forms import ScheduleForm
from participants.models import Area, Participant
from safeguarding.models import RoleGrant
from tests.attendance.factories import ParticipantFactory
from tests.events.factories import EventFactory, trainer
from tests.events.test_pages import TEXTS
from tests.events.test_trainings import posted

pytestmark = pytest.mark.django_db

# What differs between two rows however alike they came to be.
_OWN = (models.UUIDField, models.DateTimeField, models.AutoField)


def facts(row, *but):
    """Of a row, everything that does not tell it from another that was made in the same way."""
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not isinstance(field, _OWN) and not field.unique and field.name not in but
    }


def uninvited(form, *made):
    """A value for every field of these models that the form does not have, and for their relations' keys."""
    somebody = ParticipantFactory()
    sent = {}
    for model in made:
        for field in model._meta.concrete_fields:
            value = "1"
            if isinstance(field, models.BooleanField):
                value = "on"
            elif isinstance(field, models.DateTimeField):
                value = "2020-01-01 00:00"
            elif field.related_model is Participant:
                value = str(somebody.pk)
            elif field.choices:
                value = str(field.choices[-1][0])
            elif isinstance(field, models.UUIDField):
                value = str(uuid.uuid4())
            sent |= {name: value for name in (field.name, field.attname) if name not in form.base_fields}
    return {
        **sent,
        "pk": "1",
        "is_superuser": "on",
        "is_staff": "on",
        "role": "administrator",
        "by": "1",
        "user": "1",
    }


def test_registering_says_nothing_but_what_is_asked(client, consent_texts):
    event = EventFactory(capacity=1, policy="approval")
    place = f"/en/events/{event.code}/register/"
    asked = {"full_name": "Olena Koval", "agree": "on", "of_age": "on", "texts": TEXTS}
    rows = []
    for number, more in enumerate([{}, uninvited(RegistrationForm, Registration, Participant, Event)]):
        form = {**more, **asked, "submission": str(uuid.uuid4()), "email": f"olena{number}@example.org"}
        assert client.post(place, form).status_code == 302
        rows.append(Registration.objects.exclude(pk__in=[row.pk for row in rows]).get())
    assert rows[0].status == rows[1].status == "pending"
    but = ("participant", "contact_digest", "created_at")
    assert facts(rows[1], *but) == facts(rows[0], *but)
    assert facts(rows[1].participant, "email") == facts(rows[0].participant, "email")
    event.refresh_from_db()
    assert (event.capacity, event.policy) == (1, "approval")
    assert RoleGrant.objects.count() == 0
    assert get_user_model().objects.count() == 0


def test_a_walk_in_says_nothing_but_what_is_asked(client):
    event = EventFactory()
    by = trainer(event=event)
    client.force_login(by)
    place = f"/en/registers/events/{event.uuid}/walk-in/"
    for number, more in enumerate([{}, uninvited(WalkInForm, Registration, Participant, Event)]):
        form = {
            **more,
            "full_name": f"Person {number}",
            "sex": "F",
            "agreed": "on",
            "of_age": "on",
            "submission": str(uuid.uuid4()),
        }
        assert client.post(place, form).status_code == 302
    first, second = Registration.objects.order_by("pk")
    but = ("participant", "name_digest", "contact_digest")
    assert facts(second, *but) == facts(first, *but)
    names = ("full_name", "latin_name", "name_key")
    assert facts(second.participant, *names) == facts(first.participant, *names)


def test_a_schedule_says_nothing_but_what_is_asked(client):
    area = Area.objects.create(code="T46", label="Lviv oblast", country="UA")
    client.force_login(trainer())
    for more in ({}, uninvited(ScheduleForm, Event)):
        form = {**more, **posted(area)}
        assert client.post("/en/trainings/new/", form).status_code == 302
    first, second = Event.objects.order_by("pk")
    assert facts(second) == facts(first)
    assert (second.state, second.sessions.count()) == ("scheduled", 1)


def test_signing_up_gives_no_rights(client):
    form = {
        **uninvited(RegistrationForm, get_user_model()),
        "email": "new@example.org",
        "password1": "a password of tests",
        "full_name": "Ivan Franko",
    }
    client.post("/en/accounts/signup/", form)
    user = get_user_model().objects.get()
    assert (user.is_superuser, user.is_staff, user.is_demo, RoleGrant.objects.count()) == (False, False, False, 0)


SAMPLES = {
    "int": "1",
    "uuid": "6f1f1c1e-1111-4222-8333-444455556666",
    "slug": "slug",
    "str": "text",
    "path": "some/path",
}


def addresses(resolver, before="", names=()):
    """(name, address) of every address of the project, with something in each of its places."""
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield entry, pattern
        else:
            yield from addresses(entry, pattern)


def is_ours(view):
    rooms = {"events", "attendance", "certificates", "courses", "participants", "notifications", "reporting", "ui"}
    module = getattr(view, "__module__", "")
    return module.split(".")[0] in rooms | {"accounts", "safeguarding", "cms", "allauth"}


def filled(pattern):
    converters = {f"<{kind}:": value for kind, value in SAMPLES.items()}
    for start, value in converters.items():
        while start in pattern:
            head, _start, rest = pattern.partition(start)
            pattern = head + value + rest.partition(">")[2]
    return f"/{pattern}"


def posts_that_are_let_in(urlconf=None):
    """Of our addresses, those that take a form without its token; with how many were asked."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    let_in, asked = [], 0
    for entry, pattern in addresses(get_resolver(urlconf)):
        if not is_ours(entry.callback) or any(sign in pattern for sign in "^$("):
            continue
        asked += 1
        if browser.post(filled(pattern)).status_code != 403:
            let_in.append(pattern)
    return let_in, asked


def test_no_form_is_taken_from_another_sites_page(site_tree):
    let_in, asked = posts_that_are_let_in()
    # The button of a mail program (RFC 8058), which has no cookie: a signed address of one person's, and all it does is stop
    # reminders.
    assert let_in == ["en/learn/reminders/<str:token>/"]
    assert asked > 50


@csrf_exempt
def careless(request):
    return HttpResponse("taken")


careless.__module__ = "events.careless"
urlpatterns = [path("careless/", careless)]


def test_a_view_that_takes_them_would_be_found(settings):
    """The control."""
    settings.ROOT_URLCONF = __name__
    assert posts_that_are_let_in() == (["careless/"], 1)


def test_a_form_with_anothers_token_is_not_taken(consent_texts):
    """The token belongs to a cookie of this browser."""
    event = EventFactory(starts_on=dt.date(2030, 1, 1))
    place = f"/en/events/{event.code}/register/"
    mine, theirs = Client(enforce_csrf_checks=True), Client()
    theirs.get(place)
    mine.get(place)
    form = {"csrfmiddlewaretoken": theirs.cookies["csrftoken"].value, "full_name": "A", "email": "a@example.org"}
    assert mine.post(place, form).status_code == 403
    form["csrfmiddlewaretoken"] = mine.cookies["csrftoken"].value
    assert mine.post(place, form).status_code == 400
