import datetime as dt
import itertools
import uuid

import pytest
import time_machine
from django.utils import timezone
from django.utils.http import base36_to_int
from hypothesis import given
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString

from events import actions, short_links
from events.models import Confidential, Event, Naming, ParallelGroup, Registration, Status
from events.people import Relative, Reply
from notifications import actions as notifications
from notifications import backends, registry, work
from notifications.models import Message, MessageState
from participants import identity
from safeguarding.models import Helpline
from tests.events.factories import (
    CourseFactory,
    EventFactory,
    SessionFactory,
    VenueFactory,
    person,
    register,
    registration,
)
from tests.events.mails import send
from tests.events.test_erased_meanwhile import erase

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 6, 1)


@pytest.fixture(autouse=True)
def _before():
    with time_machine.travel(dt.datetime(2027, 5, 20, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def event():
    made = EventFactory(starts_on=DAY, capacity=1, course=CourseFactory(), sessions=["Morning"])
    made.venues.set([VenueFactory(address="Svobody 1, Lviv", access_notes="Shelter in the cellar")])
    Helpline.objects.get_or_create(country="UA", number="527", defaults={"name": "Counter-trafficking hotline"})
    return made


def test_whom_a_colleague_registered_is_asked_what_only_they_can_answer(event):
    question = event.questions.create(text="What do you eat?", purpose="To order lunch")
    made = register(event, source="colleague").registration
    (sent,) = send("events.registered")
    assert "Your organisation registered you for this event." in sent.body
    assert "The organisers ask a few things of everybody. Open your registration to answer." in sent.body
    actions.change_answers(registration=made, replies={question: Reply("No meat")})
    register(event, source="colleague")
    (again,) = send("events.registered")
    assert "ask a few things" not in again.body


def test_a_confirmation_says_when_where_and_how_to_get_in(event):
    made = register(event).registration
    (sent,) = send("events.registered")
    assert sent.subject == "You have a seat: Training, 1 June 2027"
    for text in (sent.body, sent.alternatives[0].content):
        for words in (
            "Olena Kovalb 1",
            "You have a seat.",
            "Recognising trafficking",
            "Tuesday, 1 June 2027, 10:00–13:00",
            "Kyiv time (UTC+3)",
            "House of Culture",
            "Svobody 1, Lviv",
            "Shelter in the cellar",
            "527",
            f"?to=/en/registrations/{made.uuid}/",
        ):
            assert words in text
    assert "Recognising" not in sent.subject


def test_the_personal_link_opens_the_registration(client, event):
    made = register(event).registration
    (sent,) = send("events.registered")
    link = next(word for word in sent.body.split() if "/p/" in word)
    page = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    assert page.redirect_chain == [(f"/en/registrations/{made.uuid}/", 302)]
    assert page.context["registration"] == made
    assert made.participant.contact_keys.exclude(verified_at=None).count() == 1


def test_messages_are_in_the_language_of_the_registration(event):
    made = register(event).registration
    made.language = "uk"
    made.save()
    Message.objects.update(language="uk")
    (sent,) = send("events.registered")
    assert "Як розпізнати торгівлю людьми" in sent.body
    assert f"?to=/uk/registrations/{made.uuid}/" in sent.body


def test_the_code_of_the_ticket_can_be_read_where_pictures_are_not_shown(event):
    made = register(event).registration
    (sent,) = send("events.registered")
    assert [made.ticket_code in text for text in (sent.body, sent.alternatives[0].content)] == [True, True]


def test_whoever_gave_their_place_back_is_led_to_the_event_where_they_can_register_again(event):
    actions.cancel_registration(registration=register(event).registration)
    (sent,) = send("events.cancelled_registration")
    assert f"Back to the event:\nhttp://localhost:8000/en/events/{event.code}/" in sent.body


def test_a_phone_gets_a_text_message(client, event, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    settings.OBERIH_NOTIFICATIONS_SMS_BACKEND = "notifications.backends.MailboxSms"
    assert backends.MailboxSms
    made = register(event, email="", phone="+380671234567").registration
    assert send("events.registered") == []
    (text,) = [path.read_text() for path in tmp_path.glob("*.sms")]
    start, link = text.split("http://localhost:8000")
    assert start == "+380671234567\nTraining, 1 June: you have a seat. "
    enter, _question, page = client.get(link).url.partition("?to=")
    assert identity.from_token(enter.split("/p/")[1].strip("/")) == (made.participant, "phone")
    assert page == f"/en/registrations/{made.uuid}/"


@pytest.mark.parametrize(
    ("steps", "purpose", "subject", "words"),
    [
        ("wait", "events.registered", "You are on the waiting list: Training, 1 June 2027", "number 1 in line"),
        (
            "offer",
            "events.offer",
            "A seat is free for you: Training, 1 June 2027",
            "until Saturday, 22 May 2027, 15:00",
        ),
        (
            "lapse",
            "events.offer_lapsed",
            "You are on the waiting list again: Training, 1 June 2027",
            "You are number 1 in line.",
        ),
        (
            "cancel",
            "events.cancelled_registration",
            "Your registration was cancelled: Training, 1 June 2027",
            "cancelled",
        ),
        ("change", "events.changed", "There is a change: Training, 1 June 2027", "You keep your seat."),
        ("call off", "events.event_cancelled", "Cancelled: Training, 1 June 2027", "Power cut"),
        ("decline", "events.declined", "Your registration: Training, 1 June 2027", "could not accept"),
        ("again", "events.registered", "You have a seat: Training, 1 June 2027", "registered already"),
    ],
)
def test_every_message_says_what_happened(event, steps, purpose, subject, words):
    first = register(event, 1).registration
    if steps in {"wait", "offer", "lapse"}:
        send("events.registered")
        register(event, 2)
    if steps == "lapse":
        register(event, 3)
    if steps in {"cancel", "offer", "lapse"}:
        actions.cancel_registration(registration=first)
    if steps == "lapse":
        actions.expire_offers(now=timezone.now() + dt.timedelta(hours=48))
    if steps == "change":
        actions.change(event=event, title="Another title")
    if steps == "call off":
        actions.cancel_event(event=event, reason="Power cut")
    if steps == "decline":
        event.registrations.update(status=Status.PENDING)
        actions.decline(registration=first, by=None)
    if steps == "again":
        send("events.registered")
        register(event, 1)
    (sent,) = send(purpose)
    assert sent.subject == subject
    assert words in sent.body
    assert words in sent.alternatives[0].content


def test_whoever_does_not_come_is_not_told_the_way(event):
    venue = VenueFactory(address="Zelena 900, third door")
    event.venues.add(venue)
    made = register(event).registration
    assert "third door" in send("events.registered")[0].body
    Registration.objects.update(status=Status.PENDING)
    actions.decline(registration=made, by=None)
    (sent,) = send("events.declined")
    for text in (sent.body, sent.alternatives[0].content):
        assert "third door" not in text
        assert str(event.title) in text


def test_news_that_is_older_than_the_state_is_not_sent(event):
    made = register(event).registration
    actions.cancel_registration(registration=made)
    assert send("events.registered") == []
    assert Message.objects.get(purpose="events.registered").state == MessageState.CANCELLED


def test_a_family_that_let_an_offer_pass_is_told_once_and_in_its_language(event):
    Message.objects.all().delete()
    Event.objects.update(capacity=2)
    event.refresh_from_db()
    holder = registration(event)
    _family(event)
    registration(event, Status.WAITLISTED)
    Registration.objects.update(language="uk")
    actions.cancel_registration(registration=holder)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=48), tick=False):
        for _time in range(2):
            actions.expire_offers()
        told = Message.objects.filter(purpose="events.offer_lapsed")
        assert [one.language for one in told] == ["uk"]
        told.update(language="en")
        (sent,) = send("events.offer_lapsed")
    for text in (sent.body, sent.alternatives[0].content):
        assert "The seats that were kept for you were not taken in time." in text
        assert "You are number 1 in line, and wait for seats for all of you together." in text
        assert "If you no longer want to come, cancel in your registration." in text


def test_nobody_hears_of_a_lapsed_offer_who_has_a_newer_one_or_is_too_late(event):
    holder = registration(event)
    register(event, 1)
    actions.cancel_registration(registration=holder)
    start = event.sessions.get().starts_at
    with time_machine.travel(start - dt.timedelta(hours=1), tick=False):
        # Nobody else waits, so that they are offered the seat again.
        actions.expire_offers()
        assert send("events.offer_lapsed") == []
    Message.objects.filter(purpose="events.offer_lapsed").delete()
    with time_machine.travel(start, tick=False):
        actions.expire_offers()
    assert not Message.objects.filter(purpose="events.offer_lapsed").exists()
    assert event.registrations.get(status=Status.WAITLISTED)


def test_a_lapsed_offer_is_not_told_of_once_the_event_has_begun(event):
    holder = registration(event)
    for number in (1, 2):
        register(event, number)
    actions.cancel_registration(registration=holder)
    actions.expire_offers(now=timezone.now() + dt.timedelta(hours=48))
    with time_machine.travel(event.sessions.get().starts_at, tick=False):
        assert send("events.offer_lapsed") == []


@pytest.mark.parametrize("ends", ["cancelled", "erased"])
def test_what_the_first_of_a_family_was_not_sent_yet_goes_to_the_next(event, ends):
    Event.objects.update(capacity=2)
    event.refresh_from_db()
    first, second = (one.registration for one in _family(event))
    if ends == "cancelled":
        actions.cancel_registration(registration=first)
    else:
        erase(first.participant)
    (sent,) = send("events.registered")
    assert f"?to=/en/registrations/{second.uuid}/" in sent.body
    assert second.participant.full_name in sent.body
    assert first.participant.full_name not in sent.body


def test_what_was_sent_of_a_family_is_not_sent_again(event):
    Event.objects.update(capacity=2)
    event.refresh_from_db()
    first, _second = (one.registration for one in _family(event))
    send("events.registered")
    actions.cancel_registration(registration=first)
    assert send("events.registered") == []


def test_the_sweeps_of_this_room_are_known():
    assert {"events.offers", "events.instants", "events.reminders", "events.thanks"} <= set(work._sweeps)


# As long as addresses of sites are.
SITE = "https://navchannia.example.org"
LONGEST_KIND = "festival_outreach"


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
def test_every_text_message_fits_into_two_segments(event, settings, monkeypatch, language):
    """134 letters where one of them is not Latin."""
    settings.OBERIH_NOTIFICATIONS_SITE_URL = SITE
    taken = []
    monkeypatch.setattr("notifications.backends.ConsoleSms.send", lambda self, phone, text: taken.append(text))
    settings.OBERIH_NOTIFICATIONS_SMS_BACKEND = "notifications.backends.ConsoleSms"
    event.kind, event.naming = LONGEST_KIND, Naming.KIND
    event.starts_on = event.ends_on = dt.date(2027, 11, 24)
    event.counted_by = "attendance"
    event.cancelled_reason = "Немає світла, і невідомо, коли він буде; " * 5
    event.save()
    event.sessions.all().delete()
    SessionFactory(event=event)
    group = ParallelGroup.objects.create(event=event, title="A")
    made = registration(
        event,
        group=group,
        guardian_consent="missing",
        offer_expires_at=dt.datetime(2027, 11, 22, 13, tzinfo=dt.UTC),
        declined_reason="Seats went to whoever comes from far",
    )
    Confidential.objects.create(registration=made, guardian_name="Iryna", guardian_link_version=1)
    text = LazyI18nString({"uk": "Візьміть із собою посвідчення, без нього вас не пропустить охорона."})
    written = event.announcements.create(audience="everybody", text=text, submission=uuid.uuid4(), reached=1)
    states = {
        "events.registered": ["confirmed", "waitlisted", "pending", "offered"],
        "events.offer": ["offered"],
        "events.offer_lapsed": ["waitlisted"],
        "events.cancelled_registration": ["cancelled"],
        "events.declined": ["declined"],
    }
    occurrences = {
        "events.offer": "2027-11-22T13:00:00",
        "events.offer_lapsed": "2027-05-20T12:00:00",
        "events.changed": "revision 0",
        "events.group": "1 from 9",
        "events.reminder": "2027-11-24 3",
        "events.guardian": "1",
        "events.announcement": str(written.pk),
    }
    purposes = [name for name in registry._purposes if name.startswith("events.")]
    for name in purposes:
        for status in states.get(name, ["confirmed"]):
            state = "closed" if name == "events.thanks" else "scheduled"
            Event.objects.filter(pk=event.pk).update(state=state)
            Registration.objects.filter(pk=made.pk).update(status=status)
            message = Message.objects.create(
                purpose=name,
                subject_key=str(made.uuid),
                occurrence=occurrences.get(name, status),
                recipient="+380671234567",
                channel="sms",
                language=language,
            )
            assert notifications.send(message.pk), (name, status)
    assert len(taken) == len(purposes) + 3
    assert {text: len(text) for text in taken if len(text) > 134} == {}


def test_a_short_link_ends_with_what_it_stands_for(event):
    made = register(event, email="", phone="+380671234567").registration
    token = short_links.to_registration(made).rstrip("/").rsplit("/", 1)[1]
    assert short_links.leads_to(token).startswith("/en/p/")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=400)
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    other = "p" + "1" + token[1:]
    assert [
        short_links.leads_to(token, now=later),
        short_links.leads_to(altered),
        short_links.leads_to(other),
    ] == [None] * 3
    unsigned = token.rsplit("-", 1)[0]
    for nonsense in (
        f"{unsigned}-щ",
        "",
        "p",
        "p1",
        "p1-2",
        "g1-2-3",
        "x1-2-3",
        "pщ-1-2",
        f"p{'z' * 13}-1-x",
        f"p1-{'z' * 12}-x",
    ):
        assert short_links.leads_to(nonsense) is None
    made.participant.link_version += 1
    made.participant.save()
    assert short_links.leads_to(token) is None


def test_short_links_do_not_count_registrations(event):
    """Two numbers of somebody's own would say whether a third person was new between them."""
    made = [register(event, n, email="", phone=f"+38067123450{n}").registration for n in range(3)]
    numbers = [short_links.to_registration(one).split("/s/p")[1].split("-")[0] for one in made]
    assert [base36_to_int(number) == one.pk for number, one in zip(numbers, made, strict=True)] == [False] * 3
    ways = [base36_to_int(second) - base36_to_int(first) for first, second in itertools.pairwise(numbers)]
    assert min(map(abs, ways)) > 1000


@given(st.integers(0, 2**36 - 1))
def test_every_number_is_found_again(number):
    veiled = short_links._turned(number, "key", short_links._TURNS)
    assert 0 <= veiled < 2**36
    assert short_links._turned(veiled, "key", reversed(short_links._TURNS)) == number


def test_a_short_link_outlives_its_key(event, settings):
    made = register(event, email="", phone="+380671234567").registration
    token = short_links.to_registration(made).rstrip("/").rsplit("/", 1)[1]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert short_links.leads_to(token) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert short_links.leads_to(token) is None


def test_a_short_link_of_a_guardian_leads_to_their_question(client, event):
    made = registration(event, guardian_consent="missing")
    Confidential.objects.create(registration=made, guardian_name="Iryna", guardian_link_version=2)
    page = client.get(short_links.to_guardian(made, 2), follow=True)
    assert (page.status_code, page.redirect_chain[0][0].startswith("/en/guardian/")) == (200, True)
    assert client.get(short_links.to_guardian(made, 1)).status_code == 410


def _family(event):
    people = [
        person(number, email="mother@example.org", relative=Relative("Olha Koval", "mother"))
        for number in range(1, 3)
    ]
    return actions.register_together(event=event, people=people, submission=uuid.uuid4(), language="en")


@pytest.mark.parametrize(
    ("mode", "files"), [("online", []), ("mixed", ["ticket.pdf"]), ("onsite", ["ticket.pdf"])]
)
def test_a_meeting_that_is_online_alone_takes_no_ticket(event, mode, files):
    Event.objects.update(mode=mode)
    event.refresh_from_db()
    register(event)
    (sent,) = send("events.registered")
    found = [one.get_filename() if hasattr(one, "get_filename") else one[0] for one in sent.attachments]
    assert [name for name in found if name and name.endswith(".pdf")] == files
    assert ("at the entrance" in sent.body) == bool(files)
    assert ("at the entrance" in sent.alternatives[0].content) == bool(files)


@pytest.mark.parametrize(("called", "kept_apart"), [(Naming.NEUTRAL, True), (Naming.KIND, False)])
def test_what_a_screen_shows_after_a_neutral_subject_ends_before_the_title(event, called, kept_apart):
    Event.objects.update(naming=called)
    event.refresh_from_db()
    register(event)
    (sent,) = send("events.registered")
    before, _title, _after = sent.alternatives[0].content.partition("Hello ")
    shown = before.partition('<div class="preheader">')[2]
    assert shown.startswith("Your personal link is in this message.")
    assert (shown.count("\u00a0") >= 90) == kept_apart


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_registered_a_child_is_told_that_they_have_to_agree(event, which):
    """Whichever of them is under age: the one message tells of all, and its reader is not young."""
    Event.objects.update(capacity=2)
    event.refresh_from_db()
    made = _family(event)[which].registration
    Registration.objects.filter(pk=made.pk).update(guardian_consent="missing")
    (sent,) = send("events.registered")
    for text in (sent.body, sent.alternatives[0].content):
        assert "Without your answer, whoever is under age cannot take part." in text
        assert "You are under age" not in text


def test_a_family_is_offered_seats_in_the_plural(event):
    Event.objects.update(capacity=2)
    event.refresh_from_db()
    holder = registration(event)
    _family(event)
    actions.cancel_registration(registration=holder)
    (sent,) = send("events.offer")
    for text in (sent.body, sent.alternatives[0].content):
        assert "Take the seats for all of you" in text
        assert "If you do not take them by then, they go to the next in line" in text
