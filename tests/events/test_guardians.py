import datetime as dt
import uuid

import pytest
import time_machine
from django.core import mail, signing
from django.utils import timezone

from events import actions, guardians, people
from events.exceptions import GuardianError
from events.models import Confidential, GuardianConsent, Registration, RegistrationPolicy
from events.people import Guardian
from notifications import actions as notifications
from notifications.models import Message
from participants import identity
from participants.models import Consent, ConsentText, Participant, Purpose
from safeguarding.models import AuditEntry, Role
from tests.events.factories import EventFactory, known, person, register, trainer, user
from tests.events.test_pages import TEXTS, form, remember
from tests.factories import say_why

pytestmark = pytest.mark.django_db
MOTHER = Guardian("Iryna Koval", "mother", "iryna@example.org")


@pytest.fixture
def event():
    return EventFactory(title="Recognising trafficking")


def year(event, age):
    """The year of birth of somebody who turns `age` in the year of the event."""
    return event.starts_on.year - age


def young(event, number=1, **fields):
    fields = {"full_name": "Solomiia Hryn", "guardian": MOTHER, "birth_year": year(event, 16), **fields}
    return register(event, number, **fields).registration


def link(registration, *, version=None, now=None):
    registration = Registration.objects.select_related("confidential").get(pk=registration.pk)
    version = registration.confidential.guardian_link_version if version is None else version
    return f"/en/guardian/{guardians.token(registration, version, now=now)}/"


def decide(client, url, decision="agree", **fields):
    """Decides about everybody there is: of whom a link does not ask about nothing is heard."""
    said = {f"decision_{uuid}": decision for uuid in Registration.objects.values_list("uuid", flat=True)}
    return client.post(url, {"full_name": "Iryna Koval", "version": 1, **said, **fields})


def state(registration):
    return Registration.objects.get(pk=registration.pk).guardian_consent


def answers():
    rows = Consent.objects.filter(text__purpose=Purpose.GUARDIAN).order_by("pk")
    return list(rows.values_list("given", "giver", "channel", "recorded_by__email"))


@pytest.mark.parametrize(
    ("turns", "is_of_age", "under_age"),
    [(19, False, False), (18, False, True), (18, True, False), (17, False, True), (17, True, True)],
)
def test_by_the_year_alone_whoever_may_be_under_age_is(event, turns, is_of_age, under_age):
    said = person(birth_year=year(event, turns), is_of_age=is_of_age)
    assert people.is_under_age(said, [], event) == under_age


def test_the_age_is_that_of_the_country(event, settings):
    settings.OBERIH_PARTICIPANTS_ADULT_AGE = {"UA": 21}
    assert people.is_under_age(person(birth_year=year(event, 20)), [], event)
    assert not people.is_under_age(person(birth_year=year(event, 20)), [], EventFactory(country="MD"))


def test_a_year_that_is_known_is_not_talked_away(event):
    child = known("Solomiia Hryn", "solomiia@example.org")
    Participant.objects.filter(pk=child.pk).update(birth_year=year(event, 15))
    made = register(event, full_name="Solomiia Hryn", email="solomiia@example.org", is_of_age=True).registration
    assert (made.participant, made.guardian_consent) == (child, GuardianConsent.MISSING)


def test_somebody_young_has_the_seat_and_the_guardian_is_asked(event):
    made = young(event)
    assert (made.status, made.guardian_consent, made.is_minor, made.may_attend) == (
        "confirmed",
        "missing",
        True,
        False,
    )
    held = Confidential.objects.get()
    assert (held.registration, held.guardian_name, held.guardian_email, held.guardian_link_version) == (
        made,
        "Iryna Koval",
        "iryna@example.org",
        1,
    )
    assert sorted(Message.objects.values_list("purpose", "occurrence", "recipient", "participant")) == [
        ("events.guardian", "1", "iryna@example.org", made.participant_id),
        ("events.registered", "confirmed", "person1@example.org", made.participant_id),
    ]


def test_that_somebody_is_young_is_kept_without_the_year(event):
    made = young(event, consents={Purpose.REGISTER: True, Purpose.STATISTICS: False})
    assert (made.participant.birth_year, made.age_band, made.guardian_consent) == (None, "AUNK", "missing")


@pytest.mark.parametrize("source", ["self", "staff"])
def test_staff_who_register_somebody_young_pass_nobody(event, source):
    assert young(event, source=source).guardian_consent == "missing"


def test_a_second_form_is_the_same_registration_if_it_names_the_same_guardian(event):
    """Another one may be a stranger, who would learn by the message that does not come who is registered."""
    father = Guardian("Oleh Hryn", "father", phone="+380671234567")
    first, again, other, other_again = (young(event, guardian=one) for one in (MOTHER, MOTHER, father, father))
    assert (first == again, other == other_again, first == other) == (True, True, False)
    assert Message.objects.filter(purpose=guardians.MESSAGE).count() == 2


def test_a_young_person_waits_for_approval_as_everybody():
    event = EventFactory(policy=RegistrationPolicy.APPROVAL)
    assert (young(event).status, Message.objects.filter(purpose=guardians.MESSAGE).count()) == ("pending", 1)


# The form


def send(client, event, **fields):
    return client.post(f"/en/events/{event.code}/register/", form(**fields))


def errors(response):
    return {
        name: [error.code for error in found.as_data()] for name, found in response.context["form"].errors.items()
    }


def test_neither_the_tick_nor_the_year_is_too_little(client, event):
    assert errors(send(client, event, birth_year="")) == {"of_age": ["age"]}
    assert Registration.objects.count() == 0


def test_the_tick_is_enough(client, event):
    send(client, event, birth_year="", of_age="on")
    assert Registration.objects.get().guardian_consent == ""


def test_a_tick_against_the_year_is_a_contradiction(client, event):
    assert errors(send(client, event, birth_year=year(event, 17), of_age="on")) == {
        "birth_year": ["contradiction"]
    }


def test_in_the_year_of_the_birthday_the_tick_decides(client, event):
    send(client, event, birth_year=year(event, 18), of_age="on")
    assert Registration.objects.get().guardian_consent == ""


def test_somebody_young_needs_a_guardian_who_can_be_reached(client, event):
    response = send(client, event, birth_year=year(event, 16))
    assert errors(response) == {
        "guardian_name": ["guardian"],
        "guardian_relation": ["guardian"],
        "guardian_email": ["guardian"],
    }
    assert b'<details class="ob-more" open>' in response.content
    said = {"guardian_name": "Iryna  Koval", "guardian_relation": "mother", "guardian_phone": "067 123 45 67"}
    send(client, event, birth_year=year(event, 16), **said)
    assert list(Confidential.objects.values_list("guardian_name", "guardian_phone")) == [
        ("Iryna Koval", "+380671234567")
    ]


def test_of_a_grown_up_no_guardian_is_kept(client, event):
    send(client, event, guardian_name="Iryna", guardian_relation="mother", guardian_email="iryna@example.org")
    assert Confidential.objects.count() == 0


@pytest.mark.parametrize(("turns", "asked"), [(30, False), (18, True), (12, False)])
def test_whose_year_is_known_is_asked_only_where_it_does_not_tell(client, event, turns, asked):
    olena = known()
    Participant.objects.filter(pk=olena.pk).update(birth_year=year(event, turns))
    remember(client, olena)
    assert ("of_age" in client.get(f"/en/events/{event.code}/register/").context["form"].fields) == asked


def test_a_known_young_person_cannot_leave_the_year_out(client, event):
    olena = known()
    Participant.objects.filter(pk=olena.pk).update(birth_year=year(event, 15))
    remember(client, olena)
    response = client.post(
        f"/en/events/{event.code}/register/",
        {"submission": uuid.uuid4(), "agree": "on", "texts": TEXTS, "of_age": "on", "birth_year": ""},
    )
    assert sorted(errors(response)) == ["guardian_email", "guardian_name", "guardian_relation"]


# Consents of the form


def test_each_answer_is_kept_with_the_text_that_was_shown(client, event):
    send(client, event, certificate="on", photographs="on", may_be_counted="")
    kept = Consent.objects.order_by("text__purpose").values_list(
        "text__purpose", "text__version", "given", "language", "channel", "giver", "subject_key"
    )
    key = event.subject_key
    assert list(kept) == [
        ("certificate", 1, True, "en", "web", "self", key),
        ("further_training", 1, False, "en", "web", "self", ""),
        ("photo", 1, True, "en", "web", "self", key),
        ("register", 1, True, "en", "web", "self", key),
        ("statistics", 1, False, "en", "web", "self", key),
    ]


def test_no_tick_is_set_beforehand(client, event):
    page = client.get(f"/en/events/{event.code}/register/")
    assert b"checked" not in page.content.split(b"<form", 1)[1]


def test_an_event_without_a_certificate_asks_for_none(client):
    event = EventFactory(attendance_threshold=None)
    assert "certificate" not in client.get(f"/en/events/{event.code}/register/").context["form"].fields
    send(client, event, texts="register:1 statistics:1 further_training:1 photo:1")
    assert not Consent.objects.filter(text__purpose=Purpose.CERTIFICATE).exists()


def test_a_text_that_came_meanwhile_is_asked_anew_and_nothing_is_lost(client, event):
    ConsentText.objects.add_version(purpose=Purpose.PHOTO, text="Other words.")
    response = send(client, event, photographs="on", access_needs="A lift")
    assert errors(response) == {"__all__": ["texts"]}
    shown = response.context["form"]
    assert (shown["photographs"].value(), shown["agree"].value()) == (False, False)
    assert (shown["full_name"].value(), shown["access_needs"].value()) == ("Олена Коваль", "A lift")
    assert b"Other words." in response.content
    assert Registration.objects.count() == 0
    send(client, event, photographs="on", texts=shown["texts"].value())
    assert Consent.objects.get(text__purpose=Purpose.PHOTO).text.version == 2


# The message


def test_the_message_says_neither_who_nor_about_what(event):
    made = young(event)
    mail.outbox.clear()
    notifications.send(Message.objects.get(purpose=guardians.MESSAGE).pk)
    (sent,) = mail.outbox
    assert sent.to == ["iryna@example.org"]
    for text in (sent.subject, sent.body, sent.alternatives[0].content):
        assert "Training" in text
        for secret in ("trafficking", "Solomiia", "Hryn", str(made.uuid), "/p/", "/registrations/"):
            assert secret not in text
    assert sent.attachments == []
    assert "/en/guardian/" in sent.body


def test_a_guardian_without_e_mail_gets_a_text_message(event):
    young(event, guardian=Guardian("Iryna", "mother", phone="+380671234567"))
    asked = Message.objects.get(purpose=guardians.MESSAGE)
    assert (asked.channel, asked.recipient) == ("sms", "+380671234567")


def test_a_message_that_is_no_longer_needed_is_not_sent(event):
    made = young(event)
    asked = Message.objects.get(purpose=guardians.MESSAGE)
    guardians.see_paper(registration=made, by=trainer(event=event))
    assert notifications.send(asked.pk) is False
    asked.refresh_from_db()
    assert asked.state == "cancelled"


# The page


def test_the_page_says_who_when_and_where_and_not_about_what(client, event):
    page = client.get(link(young(event)))
    assert (page.status_code, page["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    text = page.content.decode()
    assert "Solomiia Hryn" in text
    assert "legal guardian of this young person" in text
    assert "Recognising" not in text


@pytest.mark.parametrize(("decision", "now"), [("agree", "given"), ("refuse", "refused")])
def test_a_guardian_answers_once(client, event, decision, now):
    made = young(event)
    url = link(made)
    assert decide(client, url, decision).url == url
    assert state(made) == now
    assert answers() == [(decision == "agree", "guardian", "web", None)]
    assert Consent.objects.get(text__purpose=Purpose.GUARDIAN).subject_key == event.subject_key
    after = client.get(url)
    assert after.status_code == 200
    assert "Solomiia" not in after.content.decode()


def test_opening_the_page_decides_nothing(client, event):
    made = young(event)
    for _scan in range(3):
        client.get(link(made), {f"decision_{made.uuid}": "agree", "full_name": "A scanner", "version": 1})
        client.head(link(made))
    assert (state(made), answers()) == ("missing", [])


def test_an_answer_takes_a_name_and_a_decision(client, event):
    made = young(event)
    for fields in ({"full_name": " "}, {"decision": ""}, {"decision": "perhaps"}, {"version": 2}):
        assert decide(client, link(made), **fields).status_code == 400
    assert (state(made), answers()) == ("missing", [])


def test_a_link_is_not_answered_twice(client, event):
    made = young(event)
    url = link(made)
    decide(client, url, "refuse")
    assert decide(client, url, "agree").status_code == 200
    assert (state(made), len(answers())) == ("refused", 1)


def test_two_who_send_at_once_give_one_answer(event):
    made = young(event)
    text = ConsentText.objects.get(purpose=Purpose.GUARDIAN)
    token = link(made).split("/")[3]
    send_it = {"link": token, "full_name": "Iryna", "text": text, "language": "en"}
    guardians.answer(given={made.pk: False}, **send_it)
    with pytest.raises(GuardianError):
        guardians.answer(given={made.pk: True}, **send_it)
    assert state(made) == "refused"


def test_a_forged_or_foreign_link_opens_nothing(client, event):
    made, other = young(event), young(event, 2, full_name="Zlata Kuzmenko")
    token = link(made).split("/")[3]
    body = token.split(":", 1)[0]
    foreign = signing.dumps([str(made.uuid), 1, timezone.now().timestamp()], salt="oberih.participants.link")
    plain = signing.dumps([str(made.uuid), 1, timezone.now().timestamp()])
    swapped = f"{link(other).split('/')[3].split(':', 1)[0]}:{token.split(':', 1)[1]}"
    for bad in (f"{token}x", body, swapped, foreign, plain, identity.link_token(made.participant, "email")):
        assert client.get(f"/en/guardian/{bad}/").status_code == 410
        assert decide(client, f"/en/guardian/{bad}/").status_code == 410
    assert (state(made), state(other), answers()) == ("missing", "missing", [])


def test_a_guardians_link_is_no_personal_link(client, event):
    made = young(event)
    token = link(made).split("/")[3]
    assert client.get(f"/en/p/{token}/").status_code == 410
    assert client.get(f"/en/registrations/{made.uuid}/").status_code == 404


def test_an_answer_about_one_young_person_says_nothing_about_another(client, event):
    made, other = young(event), young(event, 2, full_name="Zlata Kuzmenko")
    decide(client, link(other))
    assert (state(made), state(other)) == ("missing", "given")


def test_an_old_link_opens_nothing(client, event):
    made = young(event)
    first = link(made)
    guardians.ask_again(registration=made, by=trainer(event=event), guardian=MOTHER)
    assert client.get(first).status_code == 410
    assert decide(client, first).status_code == 410
    assert decide(client, link(made)).status_code == 302


def test_a_link_lasts_two_weeks(client):
    event = EventFactory(starts_on=timezone.localdate() + dt.timedelta(days=60))
    made = young(event)
    url = link(made)
    with time_machine.travel(timezone.now() + dt.timedelta(days=13, hours=23)):
        assert client.get(url).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=14, minutes=1)):
        assert client.get(url).status_code == 410
        assert decide(client, url).status_code == 410
    assert state(made) == "missing"


def test_a_place_that_was_given_back_asks_nobody(client, event):
    made = young(event)
    url = link(made)
    actions.cancel_registration(registration=made)
    assert client.get(url).status_code == 410
    assert (Confidential.objects.count(), Message.objects.filter(purpose=guardians.MESSAGE).count()) == (0, 0)


def test_a_guardian_changes_their_mind_by_a_new_link(client, event):
    made = young(event)
    decide(client, link(made))
    guardians.ask_again(registration=made, by=trainer(event=event), guardian=MOTHER)
    assert state(made) == "given"
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        url = link(made)
        assert decide(client, url, "refuse").status_code == 302
    assert (state(made), len(answers())) == ("refused", 2)


# What trainers do


def deed(client, made, do, **fields):
    address = f"/en/trainings/{made.event.uuid}/people/{made.uuid}/guardian/"
    return client.post(address, {"do": do, **fields})


def test_a_trainer_sees_the_paper_and_writes_a_withdrawal_down(client, event):
    made = young(event)
    client.force_login(trainer(event=event))
    deed(client, made, "paper")
    deed(client, made, "paper")
    assert (state(made), answers()) == ("given", [(True, "guardian", "paper", "trainer@example.org")])
    deed(client, made, "withdraw")
    assert (state(made), answers()[1:]) == ("refused", [(False, "guardian", "spoken", "trainer@example.org")])


def test_a_trainer_corrects_the_contact_and_sends_the_link_again(client, event):
    made = young(event)
    client.force_login(trainer(event=event))
    said = {"name": "Oleh Koval", "relation": "father", "email": "oleh@example.org", "phone": ""}
    deed(client, made, "send", **said)
    held = Confidential.objects.get()
    assert (held.guardian_name, held.guardian_email, held.guardian_link_version) == (
        "Oleh Koval",
        "oleh@example.org",
        2,
    )
    asked = Message.objects.filter(purpose=guardians.MESSAGE).order_by("pk").values_list("recipient", "occurrence")
    assert list(asked) == [("iryna@example.org", "1"), ("oleh@example.org", "2")]
    refused = deed(client, made, "send", name="Oleh Koval", relation="father")
    assert (refused.status_code, list(refused.context["contact"].errors)) == (400, ["email"])


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR, Role.TRAINER, None])
def test_charlie_who_does_not_train_here_answers_for_nobody(client, event, role):
    made = young(event)
    charlie = user("charlie@example.org", role)
    client.force_login(charlie)
    say_why(client, f"event:{event.uuid}")
    said = {"name": "Charlie", "relation": "none", "email": "charlie@example.org"}
    for do in ("paper", "withdraw", "send"):
        assert deed(client, made, do, **said).status_code in {403, 404}
    assert (state(made), Confidential.objects.get().guardian_email) == ("missing", "iryna@example.org")


def test_a_superuser_who_trains_nothing_answers_for_nobody(client, event):
    made = young(event)
    charlie = user("charlie@example.org")
    charlie.is_superuser = True
    charlie.save()
    event.trainers.add(charlie)
    client.force_login(charlie)
    say_why(client, f"event:{event.uuid}")
    assert deed(client, made, "paper").status_code == 403
    page = client.get(f"/en/trainings/{event.uuid}/people/{made.uuid}/")
    assert "iryna@example.org" not in page.content.decode()


def test_for_a_grown_up_there_is_nothing_to_ask(client, event):
    made = register(event).registration
    client.force_login(trainer(event=event))
    deed(client, made, "paper")
    assert (state(made), answers()) == ("", [])


def test_the_person_reads_that_the_answer_is_missing(client, event):
    olena = known()
    made = young(event, participant=olena, full_name=olena.full_name, email=olena.email)
    remember(client, olena)
    assert b"Without their answer you cannot take part." in client.get(f"/en/registrations/{made.uuid}/").content
    guardians.see_paper(registration=made, by=trainer(event=event))
    assert client.get(f"/en/registrations/{made.uuid}/").context["guardian"] is None


def test_correcting_a_contact_is_logged(event):
    made, by = young(event), trainer(event=event)
    guardians.ask_again(registration=made, by=by, guardian=MOTHER)
    assert list(AuditEntry.objects.values_list("actor", "action", "keys")) == [
        (by.pk, "ask_guardian", [str(made.uuid)])
    ]
