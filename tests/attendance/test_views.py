import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendance import actions
from attendance.models import Attendance, Headcount, Mark, MarkSource
from events.models import Event, Registration
from safeguarding.models import Role
from tests.attendance.factories import (
    ParticipantFactory,
    RegistrationFactory,
    SessionFactory,
    UserFactory,
    a_training,
)
from tests.factories import grant

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"oberih_attendance:{name}", args=args)


def pages(event, session, registration):
    return [
        at("register", session.pk),
        at("correct", session.pk, registration.uuid),
        at("close", session.pk),
        at("walk_in", event.uuid),
        at("headcount", event.uuid),
        at("close_event", event.uuid),
    ]


def deeds(event, session, registration):
    return [
        (at("mark", session.pk, registration.uuid), {"status": "present"}),
        (at("correct", session.pk, registration.uuid), {"status": "present", "reason": "x"}),
        (at("all_present", session.pk), {}),
        (at("close", session.pk), {}),
        (at("walk_in", event.uuid), {"full_name": "Charlie", "of_age": "on"}),
        (at("headcount", event.uuid), {"value": "5", "qualifier": "exact", "method": "estimate"}),
        (at("close_event", event.uuid), {"reason": "x"}),
    ]


def state():
    return (
        Mark.objects.count(),
        Headcount.objects.count(),
        Registration.objects.count(),
        list(Event.objects.values_list("state", flat=True)),
    )


def test_the_trainer_of_the_event_sees_each_page(client):
    event, session, (first, *_), trainer = a_training()
    client.force_login(trainer)
    assert [client.get(page).status_code for page in pages(event, session, first)] == [200] * 6


def test_charlie_who_trains_elsewhere_sees_and_changes_nothing(client):
    event, session, (first, *_), _trainer = a_training()
    *_rest, charlie = a_training()
    client.force_login(charlie)
    before = state()
    assert {client.get(page).status_code for page in pages(event, session, first)} == {404}
    assert {client.post(url, data).status_code for url, data in deeds(event, session, first)} == {404}
    assert state() == before


def test_a_participant_with_an_account_is_refused(client):
    event, session, (first, *_), _trainer = a_training()
    user = UserFactory()
    ParticipantFactory(user=user)
    client.force_login(user)
    before = state()
    assert {client.get(page).status_code for page in pages(event, session, first)} == {403}
    assert {client.post(url, data).status_code for url, data in deeds(event, session, first)} == {403}
    assert state() == before


def test_a_stranger_is_sent_to_log_in(client):
    event, session, (first, *_), _trainer = a_training()
    assert {client.get(page).status_code for page in pages(event, session, first)} == {302}


def test_manager_of_the_country_is_asked_why_and_one_of_another_finds_no_register(client):
    _event, session, _people, _trainer = a_training()
    for country, status in (("UA", 302), ("PL", 404)):
        manager = grant(UserFactory(), Role.MANAGER, country=country)
        client.force_login(manager)
        assert client.get(at("register", session.pk)).status_code == status


def test_tap_without_scripts_leads_back_to_the_person(client):
    _event, session, (first, *_), trainer = a_training()
    client.force_login(trainer)
    answer = client.post(at("mark", session.pk, first.uuid), {"status": "late"})
    assert (answer.status_code, answer.url) == (302, f"{at('register', session.pk)}#p-{first.pk}")
    assert Attendance.objects.get().status == "late"
    assert Mark.objects.get().author == trainer


def test_tap_with_htmx_brings_back_the_row_and_the_counts(client):
    _event, session, (first, *_), trainer = a_training()
    client.force_login(trainer)
    answer = client.post(at("mark", session.pk, first.uuid), {"status": "present"}, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="p-{first.pk}"' in page
    assert "1 of 3 present" in page
    assert page.count('aria-pressed="true"') == 1
    assert "<html" not in page


def test_unknown_status_is_refused(client):
    _event, session, (first, *_), trainer = a_training()
    client.force_login(trainer)
    assert client.post(at("mark", session.pk, first.uuid), {"status": "asleep"}).status_code == 400
    assert Mark.objects.count() == 0


def test_tap_into_a_register_closed_meanwhile_reloads_the_page(client):
    _event, session, (first, *_), trainer = a_training()
    actions.close_register(session=session, by=trainer)
    client.force_login(trainer)
    answer = client.post(at("mark", session.pk, first.uuid), {"status": "present"}, HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert "This register is closed" in client.get(at("register", session.pk)).content.decode()


def test_closed_register_offers_no_tap_but_a_correction(client):
    _event, session, (first, *_), trainer = a_training()
    actions.close_register(session=session, by=trainer)
    client.force_login(trainer)
    page = client.get(at("register", session.pk)).content.decode()
    assert (page.count('name="status"'), page.count("/correct/")) == (0, 3)
    client.post(at("correct", session.pk, first.uuid), {"status": "present", "reason": "Came by the back door."})
    assert Attendance.objects.get(registration=first).status == "present"
    assert Mark.objects.get(registration=first, source=MarkSource.TRAINER).reason == "Came by the back door."


def test_correction_without_a_reason_keeps_what_was_chosen(client):
    _event, session, (first, *_), trainer = a_training()
    actions.close_register(session=session, by=trainer)
    client.force_login(trainer)
    answer = client.post(at("correct", session.pk, first.uuid), {"status": "late", "reason": ""})
    assert list(answer.context["form"].errors) == ["reason"]
    assert answer.context["form"]["status"].value() == "late"


def test_minors_are_marked(client):
    event, session, _people, trainer = a_training(people=0)
    RegistrationFactory(event=event, participant=ParticipantFactory(birth_year=2010))
    RegistrationFactory(event=event, participant=ParticipantFactory(birth_year=1980))
    client.force_login(trainer)
    assert client.get(at("register", session.pk)).content.decode().count("May be under 18") == 1


def test_closing_says_who_becomes_absent(client):
    _event, session, (first, *_), trainer = a_training()
    client.force_login(trainer)
    client.post(at("mark", session.pk, first.uuid), {"status": "present"})
    assert "2 people have no mark and become absent." in client.get(at("close", session.pk)).content.decode()
    client.post(at("close", session.pk))
    assert Attendance.objects.filter(status="absent").count() == 2


def test_walk_in_comes_back_to_the_register_as_present(client):
    event, session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    url = f"{at('walk_in', event.uuid)}?session={session.pk}"
    answer = client.post(
        url,
        {"full_name": "Марія Нова", "contact": "067 123 45 67", "sex": "F", "birth_year": "1990", "agreed": "on"},
    )
    registration = Registration.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{at('register', session.pk)}#p-{registration.pk}")
    person = registration.participant
    assert (person.full_name, person.phone, registration.sex, registration.age_band) == (
        "Марія Нова",
        "+380671234567",
        "F",
        "A36_49",
    )
    assert Attendance.objects.get().status == "present"


def test_without_agreement_a_walk_in_is_a_name_and_nothing_else(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    client.post(at("walk_in", event.uuid), {"full_name": "Марія Нова", "sex": "F", "birth_year": "1990"})
    registration = Registration.objects.select_related("participant").get()
    assert (registration.sex, registration.age_band, registration.participant.birth_year) == ("U", "AUNK", None)
    consents = registration.participant.consents.order_by("text__purpose")
    assert list(consents.values_list("text__purpose", "given", "channel", "recorded_by", "subject_key")) == [
        ("certificate", False, "spoken", trainer.pk, event.subject_key),
        ("statistics", False, "spoken", trainer.pk, event.subject_key),
    ]


def test_a_second_click_adds_no_second_walk_in(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    url = at("walk_in", event.uuid)
    for _person in range(2):
        said = {"full_name": "Марія", "of_age": "on"}
        said["submission"] = client.get(url).context["form"]["submission"].value()
        for _click in range(2):
            client.post(url, said)
    assert [one.participant.full_name for one in Registration.objects.all()] == ["Марія", "Марія"]


@pytest.mark.parametrize(("contact", "year"), [("12", ""), ("nobody@", ""), ("", "3000")])
def test_walk_in_with_a_slip_of_the_finger_is_not_lost(client, contact, year):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    answer = client.post(at("walk_in", event.uuid), {"full_name": "Марія", "contact": contact, "birth_year": year})
    assert answer.status_code == 200
    assert answer.context["form"]["full_name"].value() == "Марія"
    assert Registration.objects.count() == 0


def headcount(total, *parts, **more):
    data = {"value": str(total), "qualifier": "at_least", "method": "estimate", "note": "At the gate"}
    data |= {"part-TOTAL_FORMS": str(len(parts)), "part-INITIAL_FORMS": "0"}
    for i, part in enumerate(parts):
        data |= {f"part-{i}-{name}": value for name, value in part.items()}
    return data | more


def test_headcount_is_saved_with_its_parts(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    data = headcount(300, {"sex": "F", "value": "180"}, {"sex": "", "value": ""}, {"sex": "M", "value": "120"})
    assert client.post(at("headcount", event.uuid), data).status_code == 302
    rows = Headcount.objects.values_list("value", "qualifier", "method", "sex", "note", "part_of", "entered_by")
    assert list(rows) == [
        (300, "at_least", "estimate", "", "At the gate", None, trainer.pk),
        (180, "at_least", "estimate", "F", "", event.pk, trainer.pk),
        (120, "at_least", "estimate", "M", "", event.pk, trainer.pk),
    ]


@pytest.mark.parametrize("query", ["", "?from=closing", "?from=https://example.com"])
def test_a_headcount_leads_back_to_where_it_was_asked_for(client, query):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    closing = at("close_event", event.uuid)
    assert f'href="{at("headcount", event.uuid)}?from=closing"' in client.get(closing).content.decode()
    address = at("headcount", event.uuid) + query
    back = closing if query == "?from=closing" else reverse("oberih_events:training", args=[event.uuid])
    assert client.get(address).context["back"] == back
    longer = client.post(address, headcount(10, more="1"))
    assert longer.context["back"] == back
    assert client.post(address, headcount(10)).url == back


def test_parts_beyond_the_total_are_refused_and_kept_on_the_page(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    parts = {"sex": "F", "value": "11"}
    answer = client.post(at("headcount", event.uuid), headcount(10, parts, qualifier="exact"))
    assert answer.context["form"].non_field_errors() == ["The parts come to 11, more than the total of 10."]
    assert answer.context["formset"][0]["value"].value() == "11"
    assert Headcount.objects.count() == 0


def test_parts_may_come_to_more_than_a_total_that_is_said_to_be_over(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    answer = client.post(at("headcount", event.uuid), headcount(10, {"sex": "F", "value": "11"}))
    assert (answer.status_code, Headcount.objects.count()) == (302, 2)


def test_more_lines_save_nothing_and_lose_nothing(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    answer = client.post(at("headcount", event.uuid), headcount(10, {"sex": "F", "value": "7"}, more="1"))
    formset = answer.context["formset"]
    assert (len(formset.forms), formset[0]["sex"].value(), formset[0]["value"].value()) == (4, "F", "7")
    assert answer.context["form"]["note"].value() == "At the gate"
    assert Headcount.objects.count() == 0


def test_event_without_a_count_asks_for_the_reason(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    answer = client.post(at("close_event", event.uuid), {"reason": ""})
    assert list(answer.context["form"].errors) == ["reason"]
    client.post(at("close_event", event.uuid), {"reason": "Nobody came: shelling."})
    assert list(Event.objects.values_list("state", "not_counted_reason")) == [("closed", "Nobody came: shelling.")]


def test_closing_says_what_is_still_to_come(client):
    event, _session, _people, trainer = a_training(people=0)
    client.force_login(trainer)
    assert client.get(at("close_event", event.uuid)).context["to_come"] == ""
    soon = timezone.now() + dt.timedelta(hours=1)
    SessionFactory(event=event, starts_at=soon, ends_at=soon + dt.timedelta(hours=3))
    assert client.get(at("close_event", event.uuid)).context["to_come"].startswith("1 session is still to come.")


@pytest.mark.parametrize("name", ["register", "close", "close_event", "headcount"])
def test_page_takes_as_many_statements_for_three_as_for_thirty(client, name):
    taken = []
    for people in (3, 30):
        event, session, _people, trainer = a_training(people=people)
        actions.mark_all_present(session=session, by=trainer)
        client.force_login(trainer)
        url = at(name, session.pk if name in {"register", "close"} else event.uuid)
        client.get(url)  # What the process keeps is read once.
        with CaptureQueriesContext(connection) as statements:
            assert client.get(url).status_code == 200
        taken.append(len(statements))
    assert taken[0] == taken[1]
