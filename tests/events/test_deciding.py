"""What a trainer decides about those who wait for approval: several at once, and why somebody is declined."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from events import actions
from events.exceptions import MoveError
from events.models import EventState, Registration, RegistrationPolicy, Status
from notifications import backends
from notifications.models import Message
from participants import erasing
from safeguarding import showing
from safeguarding.models import AuditEntry
from tests.events.factories import EventFactory, known, register, registration, trainer
from tests.events.mails import send
from tests.events.test_pages import remember

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(policy=RegistrationPolicy.APPROVAL, capacity=2)


def waiting(event, number):
    return [registration(event, Status.PENDING, one) for one in range(1, number + 1)]


def statuses(people):
    return [Registration.objects.get(pk=one.pk).status for one in people]


def address(event):
    return f"/en/trainings/{event.uuid}/decide/"


def decide(client, event, people, do="approve", **fields):
    """The sentence that the trainer reads afterwards."""
    sent = {"people": [str(one.uuid) for one in people], "do": do, **fields}
    page = client.post(address(event), sent, follow=True)
    return [str(one) for one in page.context["messages"]]


def test_the_page_is_offered_from_two_on_and_ticks_nobody(client, event):
    client.force_login(trainer(event=event))
    training = f"/en/trainings/{event.uuid}/"
    waiting(event, 1)
    assert address(event) not in client.get(training).content.decode()
    waiting(event, 1)
    assert address(event) in client.get(training).content.decode()
    page = client.get(address(event))
    assert page.context["free"] == "2 seats are free. Whoever you approve beyond that waits in line."
    assert " checked" not in page.content.decode()
    assert [words for _key, words in page.context["form"].fields["people"].choices] == ["Person 1", "Person 1"]


@pytest.mark.parametrize(
    ("capacity", "others", "sentence"),
    [
        (None, [], ""),
        (3, [], "3 seats are free. Whoever you approve beyond that waits in line."),
        (1, [], "1 seat is free. Whoever you approve beyond that waits in line."),
        (1, [Status.CONFIRMED], "No seat is free for them: whoever you approve waits in line."),
        (3, [Status.WAITLISTED], "No seat is free for them: whoever you approve waits in line."),
    ],
)
def test_the_page_says_how_many_seats_are_free(client, capacity, others, sentence):
    event = EventFactory(policy=RegistrationPolicy.APPROVAL, capacity=capacity)
    for status in others:
        registration(event, status)
    waiting(event, 2)
    client.force_login(trainer(event=event))
    assert client.get(address(event)).context["free"] == sentence


def test_seats_go_to_whoever_came_first_and_the_others_wait(client, event):
    people = waiting(event, 3)
    client.force_login(trainer(event=event))
    told = decide(client, event, people[::-1])
    assert statuses(people) == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED]
    assert told == ["3 approved. 1 of them is on the waiting list, since no seat was free."]
    owed = (
        Message.objects.filter(purpose="events.registered").order_by("pk").values_list("subject_key", "occurrence")
    )
    assert list(owed) == [(str(one.uuid), status) for one, status in zip(people, statuses(people), strict=True)]


def test_it_comes_to_the_same_as_deciding_one_by_one():
    outcomes = []
    for together in (True, False):
        event = EventFactory(policy=RegistrationPolicy.APPROVAL, capacity=2)
        registration(event)
        people = waiting(event, 3)
        if together:
            actions.decide_several(event=event, chosen=people, approved=True, by=None)
        else:
            for one in people:
                actions.approve(registration=one, by=None)
        outcomes.append(statuses(people))
    assert outcomes[0] == outcomes[1] == [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED]


def test_each_decision_is_written_down_as_a_single_one_is(client, event):
    people = waiting(event, 3)
    by = trainer(event=event)
    client.force_login(by)
    decide(client, event, people[:2])
    decide(client, event, people[2:], "decline")
    entries = AuditEntry.objects.filter(subject="registration", action__in=["approve", "decline"]).order_by("pk")
    assert list(entries.values_list("actor", "action", "keys")) == [
        (by.pk, "approve", [str(people[0].uuid)]),
        (by.pk, "approve", [str(people[1].uuid)]),
        (by.pk, "decline", [str(people[2].uuid)]),
    ]


def test_whoever_withdrew_or_was_decided_about_meanwhile_is_passed_over_and_named(client, event):
    people = waiting(event, 4)
    client.force_login(trainer(event=event))
    actions.cancel_registration(registration=people[0])
    actions.decline(registration=people[1], by=None)
    told = decide(client, event, people)
    assert statuses(people) == [Status.CANCELLED, Status.DECLINED, Status.CONFIRMED, Status.CONFIRMED]
    assert told == ["2 approved. Person 1 had withdrawn. About Person 2 somebody had decided already."]


def test_a_double_click_decides_once(client, event):
    people = waiting(event, 2)
    client.force_login(trainer(event=event))
    assert decide(client, event, people) == ["2 approved."]
    assert decide(client, event, people) == ["About Person 1, Person 2 somebody had decided already."]
    assert Message.objects.count() == 2


def test_whoever_ticks_nobody_is_told_what_to_do(client, event):
    waiting(event, 2)
    client.force_login(trainer(event=event))
    page = client.post(address(event), {"do": "approve"})
    assert (page.status_code, page.context["form"].errors) == (400, {"people": ["Tick at least one person."]})


def test_nobody_of_another_event_is_decided_about(client, event):
    (elsewhere,) = waiting(EventFactory(policy=RegistrationPolicy.APPROVAL), 1)
    waiting(event, 1)
    client.force_login(trainer(event=event))
    sent = {"people": [str(elsewhere.uuid)], "do": "approve"}
    assert client.post(address(event), sent).status_code == 400
    actions.decide_several(event=event, chosen=[elsewhere], approved=True, by=None)
    assert statuses([elsewhere]) == [Status.PENDING]


def test_nobody_is_let_into_an_event_that_is_over(event):
    people = waiting(event, 2)
    event.state = EventState.CLOSED
    event.counted_by = "attendance"
    event.save()
    with pytest.raises(MoveError):
        actions.decide_several(event=event, chosen=people, approved=True, by=None)
    assert statuses(people) == [Status.PENDING, Status.PENDING]


def test_of_a_family_one_message_tells_of_all_for_whom_the_same_was_decided(event):
    family = [register(event, number, email="iryna@example.org").registration for number in (1, 2, 3)]
    party = "7c5e4b0e-0000-4000-8000-000000000000"
    Registration.objects.filter(pk__in=[one.pk for one in family]).update(party=party)
    send()
    actions.decide_several(event=event, chosen=family, approved=True, by=None)
    seated, waits = send("events.registered")
    assert "For whom: Olena Kovalb 1, Olena Kovalc 2" in seated.body
    assert "Olena Kovald 3" not in seated.body
    assert "you are on the waiting list" in waits.body


# Why somebody is declined.


def test_the_person_reads_why_in_the_trainers_words(client, event):
    made = register(event, 1).registration
    client.force_login(trainer(event=event))
    reason = "This one is for <border guards>.\nThe next is on 3 March."
    client.post(f"/en/trainings/{event.uuid}/people/{made.uuid}/", {"do": "decline", "reason": reason})
    made.refresh_from_db()
    assert (made.status, made.declined_reason) == (Status.DECLINED, reason)
    (sent,) = send("events.declined")
    assert f"The organisers say: {reason}" in sent.body
    assert (
        "The organisers say: This one is for &lt;border guards&gt;.<br>The next is on 3 March.</p>"
        in sent.alternatives[0].content
    )
    assert "This says nothing about you" not in sent.body
    page = client.get(f"/en/trainings/{event.uuid}/people/{made.uuid}/")
    assert {"label": "Why it was declined", "value": reason} in page.context["rows"]
    client.logout()
    remember(client, made.participant)
    own = client.get(f"/en/registrations/{made.uuid}/").content.decode()
    assert "The organisers say: This one is for &lt;border guards&gt;.<br>The next is on 3 March.</p>" in own


def test_without_a_reason_the_message_is_as_kind_as_it_was(event):
    actions.decline(registration=register(event, 1).registration, by=None)
    (sent,) = send("events.declined")
    assert "This says nothing about you: seats are few" in sent.body
    assert "The organisers say" not in sent.body + sent.alternatives[0].content


def test_a_text_message_leads_to_the_reason_where_there_is_one(event, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    settings.OBERIH_NOTIFICATIONS_SMS_BACKEND = f"{backends.__name__}.MailboxSms"
    people = [register(event, one, email="", phone=f"+38067123456{one}").registration for one in (1, 2)]
    send()
    for path in tmp_path.glob("*.sms"):
        path.unlink()
    actions.decline(registration=people[0], by=None, reason="For border guards only")
    actions.decline(registration=people[1], by=None)
    send("events.declined")
    texts = {text[:13]: text[14:].strip() for path in tmp_path.glob("*.sms") if (text := path.read_text())}
    assert "/en/s/" in texts["+380671234561"]
    assert "border guards" not in texts["+380671234561"]
    assert texts["+380671234562"].endswith("the organisers could not accept your registration.")


def test_several_are_declined_with_one_reason(client, event):
    people = waiting(event, 3)
    client.force_login(trainer(event=event))
    told = decide(client, event, people[:2], "decline", reason="  For border guards only ")
    assert told == ["2 declined."]
    assert list(Registration.objects.order_by("pk").values_list("status", "declined_reason")) == [
        (Status.DECLINED, "For border guards only"),
        (Status.DECLINED, "For border guards only"),
        (Status.PENDING, ""),
    ]


@pytest.mark.parametrize("where", ["decide", "person"])
def test_a_reason_that_is_too_long_is_named_and_kept_in_the_form(client, event, where):
    people = waiting(event, 2)
    client.force_login(trainer(event=event))
    url = address(event) if where == "decide" else f"/en/trainings/{event.uuid}/people/{people[0].uuid}/"
    page = client.post(url, {"people": [str(people[0].uuid)], "do": "decline", "reason": "long " * 61})
    form = page.context["form" if where == "decide" else "decision"]
    assert (page.status_code, list(form.errors)) == (400, ["reason"])
    assert "long long" in page.content.decode()
    assert statuses(people) == [Status.PENDING, Status.PENDING]


def test_the_reason_of_an_approval_is_not_kept(client, event):
    people = waiting(event, 2)
    client.force_login(trainer(event=event))
    decide(client, event, people[:1], reason="Left there by mistake")
    client.post(f"/en/trainings/{event.uuid}/people/{people[1].uuid}/", {"do": "approve", "reason": "The same"})
    assert set(Registration.objects.values_list("status", "declined_reason")) == {(Status.CONFIRMED, "")}


def test_the_reason_goes_with_the_persons_data_and_away_with_it(event):
    who = known()
    made = register(event, participant=who, full_name=who.full_name, email=who.email).registration
    actions.decline(registration=made, by=None, reason="For border guards only")
    (mine,) = [one for one in showing.sections([who.pk]) if one.model == "oberih_events.Registration"]
    assert (mine.data[0]["declined_reason"], mine.labels["declined_reason"]) == (
        "For border guards only",
        "Why it was declined",
    )
    erasing.erase(participant=who, certificates="keep", by=None)
    made.refresh_from_db()
    assert made.declined_reason == ""


def test_of_somebody_who_is_erased_no_reason_is_written_down_any_more(event):
    who = known()
    made = register(event, participant=who, full_name=who.full_name, email=who.email).registration
    with time_machine.travel(timezone.now() + dt.timedelta(days=11)):
        erasing.erase(participant=who, certificates="keep", by=None)
        actions.decline(registration=made, by=None, reason="Olena is no border guard")
    made.refresh_from_db()
    assert (made.status, made.declined_reason) == (Status.DECLINED, "")
    assert mail.outbox == []
