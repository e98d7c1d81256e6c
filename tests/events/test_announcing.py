"""What a trainer writes to those who are registered: who gets it, in which language, what it says, and who may."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString

from events import actions, announcing
from events.exceptions import AnnouncementError
from events.models import Announcement, Audience, Confidential, Event, Naming, Registration, Status
from notifications.models import Message
from participants import erasing
from safeguarding.models import AuditEntry, Role
from tests.events.factories import EventFactory, registration, trainer, user
from tests.events.mails import send
from tests.events.test_pages import remember
from tests.events.test_speed import statements

pytestmark = pytest.mark.django_db
DAY = dt.date(2027, 6, 1)
BOTH = {"en": "Bring your passport.", "uk": "Візьміть паспорт."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2027, 5, 20, 12, tzinfo=dt.UTC), tick=False) as moving:
        yield moving


@pytest.fixture
def event():
    return EventFactory(starts_on=DAY, capacity=50)


def somebody(event, name, status=Status.CONFIRMED, *, email=None, phone="", **fields):
    """Somebody of this name, who is reached at name@example.org unless another contact is given."""
    made = registration(event, status, **fields)
    who = made.participant
    who.full_name, who.phone = name, phone
    who.email = f"{name.lower()}@example.org" if email is None else email
    who.save()
    return made


def announce(event, audience=Audience.SEATED, text=None, **given):
    return actions.announce(
        **{
            "event": event,
            "audience": audience,
            "text": LazyI18nString(text or BOTH),
            "submission": uuid.uuid4(),
            "by": None,
            **given,
        }
    )


def told(announcement):
    """The contacts to which it is owed."""
    rows = Message.objects.filter(purpose=announcing.PURPOSE, occurrence=str(announcement.pk))
    return sorted(rows.values_list("recipient", flat=True))


def address(event):
    return f"/en/trainings/{event.uuid}/write/"


def sent_by(client, event, do="send", **fields):
    form = {"submission": uuid.uuid4(), "audience": "seated", "text_en": "Bring your passport.", **fields}
    return client.post(address(event), {**form, "do": do})


# Who gets it.


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience.SEATED, ["anna", "bohdan"]),
        (Audience.WAITING, ["olha", "wadym"]),
        (Audience.EVERYBODY, ["anna", "bohdan", "olha", "pavlo", "wadym"]),
        (Audience.GROUP, ["bohdan"]),
    ],
)
def test_it_goes_to_whom_it_is_written_to(event, audience, names):
    group = event.groups.create(title="Morning")
    somebody(event, "Anna")
    somebody(event, "Bohdan", group=group)
    somebody(event, "Wadym", Status.WAITLISTED, group=group)
    somebody(event, "Olha", Status.OFFERED, offer_expires_at=timezone.now() + dt.timedelta(days=1))
    somebody(event, "Pavlo", Status.PENDING)
    for name, status in (("Cancelled", Status.CANCELLED), ("Declined", Status.DECLINED)):
        somebody(event, name, status, ended_at=timezone.now())
    somebody(EventFactory(), "Elsewhere")
    made = announce(event, audience, group=group if audience == Audience.GROUP else None)
    assert told(made) == [f"{name}@example.org" for name in names]
    assert made.reached == len(names)


def test_whoever_has_only_a_phone_gets_a_text_message_and_whoever_has_nothing_is_counted_out(event):
    somebody(event, "Anna", phone="+380671234567")
    somebody(event, "Bohdan", email="", phone="+380671234568")
    nobody = somebody(event, "Cyryl", email="")
    made = announce(event)
    assert list(Message.objects.order_by("channel").values_list("channel", "recipient")) == [
        ("email", "anna@example.org"),
        ("sms", "+380671234568"),
    ]
    assert (made.reached, announcing.reach(event, Audience.SEATED).unreached) == (2, [nobody])


def test_those_who_share_a_contact_get_one_message_there(event):
    """A family that came with one form, and two people who gave the same address in two."""
    party = uuid.uuid4()
    for name in ("Iryna", "Marko", "Solomiia"):
        somebody(event, name, email="iryna@example.org", party=party)
    somebody(event, "Anna", email="office@example.org")
    somebody(event, "Bohdan", email="office@example.org")
    made = announce(event)
    assert (told(made), made.reached) == (["iryna@example.org", "office@example.org"], 5)
    family, office = send(announcing.PURPOSE)
    assert "For whom: Iryna, Marko, Solomiia" in family.body
    assert ("Hello Anna," in office.body, "Bohdan" in office.body) == (True, False)


@given(
    people=st.lists(
        st.tuples(
            st.sampled_from([Status.CONFIRMED, Status.WAITLISTED, Status.PENDING]),
            st.sampled_from(["one@example.org", "two@example.org", ""]),
            st.sampled_from(["+380671234567", "+380671234568", ""]),
        ),
        max_size=8,
    ),
    audience=st.sampled_from([Audience.SEATED, Audience.WAITING, Audience.EVERYBODY]),
)
@settings(max_examples=30)
def test_every_contact_of_those_it_is_for_is_told_exactly_once(people, audience):
    event = EventFactory(starts_on=DAY)
    theirs = {Audience.SEATED: {Status.CONFIRMED}, Audience.WAITING: {Status.WAITLISTED}}.get(
        audience, set(Status)
    )
    for status, email, phone in people:
        somebody(event, "Anna", status, email=email, phone=phone)
    contacts = [email or phone for status, email, phone in people if status in theirs]
    if not any(contacts):
        with pytest.raises(AnnouncementError):
            announce(event, audience)
        return
    made = announce(event, audience)
    assert told(made) == sorted(set(contacts) - {""})
    assert made.reached == len([one for one in contacts if one])
    assert len(announcing.reach(event, audience).unreached) == contacts.count("")


def test_a_parent_who_was_only_asked_for_consent_is_written_nothing_else(event):
    """What they gave their contact for is the question, and the young person's training is not theirs to follow."""
    young = somebody(event, "Danylo", email="", guardian_consent="given")
    Confidential.objects.create(registration=young, guardian_name="Iryna", guardian_email="iryna@example.org")
    somebody(event, "Anna")
    assert told(announce(event)) == ["anna@example.org"]


def test_nobody_is_written_to_who_gave_their_place_back_before_it_went(event):
    anna, _bohdan = somebody(event, "Anna"), somebody(event, "Bohdan")
    announce(event)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=30), tick=False):
        actions.cancel_registration(registration=anna)
        sent = send(announcing.PURPOSE)
    assert [mail.to for mail in sent] == [["bohdan@example.org"]]


def test_of_a_family_another_one_is_told_when_the_first_gave_their_place_back(event):
    party = uuid.uuid4()
    first, _second = (somebody(event, name, email="iryna@example.org", party=party) for name in ("Iryna", "Marko"))
    announce(event)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=30), tick=False):
        actions.cancel_registration(registration=first)
        (sent,) = send(announcing.PURPOSE)
    assert ("Hello Marko," in sent.body, "Bring your passport." in sent.body) == (True, True)


@pytest.mark.parametrize("ends", ["cancelled", "erased"])
def test_of_those_who_share_a_contact_another_one_is_told_whatever_form_they_came_with(event, ends):
    """Each whom it is for, was there when it was written, and is reached at that contact first."""
    evening = event.groups.create(title="Evening")
    office = {"email": "office@example.org"}
    first = somebody(event, "Anna", **office)
    somebody(event, "Wadym", Status.WAITLISTED, **office)
    somebody(event, "Elsewhere", phone="+380671234567")
    somebody(event, "Bohdan", group=evening, **office)
    announce(event)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=30), tick=False):
        if ends == "cancelled":
            actions.cancel_registration(registration=first)
        else:
            erasing.erase(participant=first.participant, certificates="keep", by=None)
        sent = send(announcing.PURPOSE)
    told_now = {mail.to[0]: mail.body.splitlines()[0] for mail in sent}
    assert told_now == {"elsewhere@example.org": "Hello Elsewhere,", "office@example.org": "Hello Bohdan,"}
    assert len(sent) == 2


def test_what_was_written_to_one_is_not_passed_on_to_whom_it_is_not_for(event, clock):
    office = {"email": "office@example.org"}
    morning, evening = (event.groups.create(title=title) for title in ("Morning", "Evening"))
    first = somebody(event, "Anna", group=morning, **office)
    somebody(event, "Bohdan", group=evening, **office)
    somebody(event, "Cyryl", **office)
    announce(event, Audience.GROUP, group=morning)
    clock.shift(60)
    somebody(event, "Late", group=morning, created_at=timezone.now(), **office)
    actions.cancel_registration(registration=first)
    assert send(announcing.PURPOSE) == []


def test_of_a_group_that_is_gone_meanwhile_it_is_passed_on_to_nobody(event, clock):
    office = {"email": "office@example.org"}
    morning = event.groups.create(title="Morning")
    first, _second = (somebody(event, name, group=morning, **office) for name in ("Anna", "Bohdan"))
    announce(event, Audience.GROUP, group=morning)
    Registration.objects.update(group=None)
    morning.delete()
    clock.shift(60)
    actions.cancel_registration(registration=first)
    assert send(announcing.PURPOSE) == []


def test_a_family_reads_it_once_when_one_of_them_is_let_in_before_it_went(event):
    party = uuid.uuid4()
    first, _second = (
        somebody(event, name, Status.PENDING, email="iryna@example.org", party=party)
        for name in ("Iryna", "Marko")
    )
    announce(event, Audience.EVERYBODY)
    actions.approve(registration=first, by=None)
    assert [mail.to for mail in send(announcing.PURPOSE)] == [["iryna@example.org"]]


def test_nobody_is_written_to_whose_data_was_erased(event):
    anna, bohdan = somebody(event, "Anna"), somebody(event, "Bohdan")
    erasing.erase(participant=bohdan.participant, certificates="keep", by=None)
    made = announce(event, Audience.EVERYBODY)
    assert told(made) == ["anna@example.org"]
    erasing.erase(participant=anna.participant, certificates="keep", by=None)
    assert (told(made), send(announcing.PURPOSE)) == ([], [])
    assert Announcement.objects.get() == made


def test_after_an_event_is_called_off_those_whose_places_went_with_it_can_be_written_to(event, clock):
    earlier = somebody(event, "Earlier")
    somebody(event, "Anna")
    somebody(event, "Wadym", Status.WAITLISTED)
    actions.cancel_registration(registration=earlier)
    clock.shift(60)
    actions.cancel_event(event=event, reason="Power cut")
    event.refresh_from_db()
    clock.shift(60)
    assert told(announce(event)) == ["anna@example.org"]
    assert told(announce(event, Audience.EVERYBODY)) == ["anna@example.org", "wadym@example.org"]
    assert announcing.audiences(event) == [Audience.SEATED, Audience.EVERYBODY]
    assert len(send(announcing.PURPOSE)) == 3
    # From a page that was opened before.
    with pytest.raises(AnnouncementError):
        announce(event, Audience.WAITING)


def test_the_number_of_statements_does_not_grow_with_the_people(event, django_assert_num_queries):
    for number in (3, 40):
        for _one in range(number):
            registration(event)
        with django_assert_num_queries(9):
            announce(event)


# What they read.


@pytest.mark.parametrize(
    ("languages", "written", "expected"),
    [
        (["uk", "en"], BOTH, {"en": "Bring your passport.", "uk": "Візьміть паспорт.", "ar": "Візьміть паспорт."}),
        (["en", "uk"], BOTH, {"en": "Bring your passport.", "ar": "Bring your passport."}),
        (["uk", "en"], {"en": "Bring your passport."}, {"uk": "Bring your passport."}),
        (["uk"], {"uk": "Візьміть паспорт."}, {"en": "Візьміть паспорт."}),
        ([], {"pl": "Weź paszport."}, {"en": "Weź paszport."}),
    ],
)
def test_everybody_reads_it_in_their_language_or_in_the_events_first(languages, written, expected):
    event = EventFactory(starts_on=DAY, languages=languages)
    for language in expected:
        Registration.objects.filter(pk=somebody(event, language).pk).update(language=language)
    announce(event, text=written)
    sent = {mail.to[0].partition("@")[0]: mail.body for mail in send(announcing.PURPOSE)}
    assert {language: words in sent[language] for language, words in expected.items()} == dict.fromkeys(
        expected, True
    )
    others = set(BOTH.values()) - set(expected.values())
    assert not any(words in body for words in others for body in sent.values())


def test_the_mail_says_it_in_text_and_in_html_and_lets_nothing_but_links_through(event):
    made = somebody(event, "Anna")
    announce(event, text={"en": "First <b>this</b> & that.\n\nThen https://example.org/way?a=1&b=2"})
    (sent,) = send(announcing.PURPOSE)
    assert sent.subject == "About your registration: Training, 1 June 2027"
    assert "First <b>this</b> & that.\n\nThen https://example.org/way?a=1&b=2\n" in sent.body
    html = sent.alternatives[0].content
    assert "<p>First &lt;b&gt;this&lt;/b&gt; &amp; that.</p>" in html
    assert '<a href="https://example.org/way?a=1&amp;b=2" rel="nofollow">' in html
    for text in (sent.body, html):
        assert f"?to=/en/registrations/{made.uuid}/" in text


def test_of_a_neutral_event_neither_subject_nor_text_message_says_what_it_is_about(event, monkeypatch):
    texts = []
    monkeypatch.setattr("notifications.backends.ConsoleSms.send", lambda self, phone, text: texts.append(text))
    Event.objects.filter(pk=event.pk).update(naming=Naming.NEUTRAL)
    somebody(event, "Anna")
    somebody(event, "Bohdan", email="", phone="+380671234568")
    announce(event, text={"en": "Trafficking is what we speak about."})
    (sent,) = send(announcing.PURPOSE)
    assert sent.subject == "Your appointment on 1 June 2027"
    assert texts[0].startswith("Appointment, 1 June: a message for you: http://localhost:8000/en/s/")


def test_a_text_message_begins_it_and_leads_to_the_page_that_has_all_of_it(event, monkeypatch, client):
    texts = []
    monkeypatch.setattr("notifications.backends.ConsoleSms.send", lambda self, phone, text: texts.append(text))
    mine = somebody(event, "Bohdan", email="", phone="+380671234568")
    text = "Bring your passport:\nwithout it the guards let nobody in."
    announce(event, text={"en": text})
    send(announcing.PURPOSE)
    start, link = texts[0].split("http://localhost:8000")
    assert start == "Training, 1 June: Bring your passport: without … "
    assert client.get(link).url.endswith(f"?to=/en/registrations/{mine.uuid}/")
    remember(client, mine.participant)
    page = client.get(f"/en/registrations/{mine.uuid}/")
    assert [one["words"] for one in page.context["announcements"]] == [text]


# Where it stands afterwards.


def test_the_page_of_a_registration_shows_what_was_written_to_its_person_since_they_came(client, event, clock):
    morning, evening = (event.groups.create(title=title) for title in ("Morning", "Evening"))
    somebody(event, "Wadym", Status.WAITLISTED)
    somebody(event, "Bohdan", group=evening)
    announce(event, Audience.EVERYBODY, {"en": "Before they came"})
    clock.shift(60)
    mine = somebody(event, "Anna", group=morning, created_at=timezone.now(), confirmed_at=timezone.now())
    texts = [
        ("To all <b>", Audience.EVERYBODY, None),
        ("To the seated", Audience.SEATED, None),
        ("To those who wait", Audience.WAITING, None),
        ("To the morning", Audience.GROUP, morning),
        ("To the evening", Audience.GROUP, evening),
    ]
    for text, audience, group in texts:
        clock.shift(60)
        announce(event, audience, {"en": text}, group=group)
    remember(client, mine.participant)
    page = client.get(f"/en/registrations/{mine.uuid}/")
    assert [one["words"] for one in page.context["announcements"]] == [
        "To the morning",
        "To the seated",
        "To all <b>",
    ]
    assert "To all &lt;b&gt;" in page.content.decode()


def test_whoever_waits_finds_what_was_written_to_the_line_also_when_they_have_a_seat(event, clock):
    mine = somebody(event, "Wadym", Status.WAITLISTED)
    made = announce(event, Audience.WAITING)
    assert announcing.read_by(mine) == [made]
    clock.shift(60)
    mine.move(Status.CONFIRMED, confirmed_at=timezone.now())
    announce(event, Audience.EVERYBODY)
    assert announcing.read_by(mine)[1:] == [made]
    pending = somebody(event, "Pavlo", Status.PENDING, created_at=timezone.now() - dt.timedelta(hours=1))
    assert made not in announcing.read_by(pending)


def test_whoever_gave_their_place_back_reads_nothing_that_was_written_later(event, clock):
    mine, _other = somebody(event, "Anna"), somebody(event, "Bohdan")
    before = announce(event)
    clock.shift(60)
    actions.cancel_registration(registration=mine)
    clock.shift(60)
    announce(event, Audience.EVERYBODY)
    mine.refresh_from_db()
    assert announcing.read_by(mine) == [before]


def test_a_group_that_is_gone_shows_its_text_to_nobody(event):
    group = event.groups.create(title="Morning")
    mine = somebody(event, "Anna", group=group)
    made = announce(event, Audience.GROUP, group=group)
    assert announcing.read_by(mine) == [made]
    Registration.objects.update(group=None)
    group.delete()
    assert announcing.read_by(Registration.objects.get(pk=mine.pk)) == []


# Writing it.


def test_nothing_is_sent_before_it_was_looked_over(client, event):
    somebody(event, "Anna")
    somebody(event, "Bohdan", email="", phone="+380671234568")
    cyryl = somebody(event, "Cyryl", email="")
    client.force_login(trainer(event=event))
    page = sent_by(client, event, "", text_en="Bring <b>it</b>.\nAll of it.")
    assert (page.status_code, Announcement.objects.count()) == (200, 0)
    # Whose name is shown there is written down.
    assert AuditEntry.objects.get(action="see").keys == [str(cyryl.uuid)]
    assert page.context["rows"] == [
        {"label": "To whom", "value": "Those with a seat"},
        {"label": "By e-mail", "value": "1 person"},
        {"label": "By text message", "value": "1 person"},
        {"label": "Cannot be reached", "value": "Cyryl"},
        {"label": "Subject", "value": "About your registration: Training, 1 June 2027"},
    ]
    assert "Bring &lt;b&gt;it&lt;/b&gt;." in page.content.decode()
    hidden = {field.html_name: field.value() or "" for field in page.context["form"]}
    changed = client.post(address(event), {**hidden, "do": "change"})
    assert (changed.status_code, changed.context["form"]["text_en"].value()) == (
        200,
        "Bring <b>it</b>.\nAll of it.",
    )
    # As browsers send the ends of lines.
    client.post(address(event), {**hidden, "text_en": "Bring <b>it</b>.\r\nAll of it.", "do": "send"})
    made = Announcement.objects.get()
    assert (made.text.data, made.audience, made.reached) == ({"en": "Bring <b>it</b>.\nAll of it."}, "seated", 2)


def test_a_double_click_sends_it_once(client, event):
    somebody(event, "Anna")
    client.force_login(trainer(event=event))
    submission = uuid.uuid4()
    pages = [sent_by(client, event, submission=submission) for _time in range(2)]
    assert [page.url for page in pages] == [address(event)] * 2
    assert (Announcement.objects.count(), Message.objects.count()) == (1, 1)


def test_a_text_that_is_changed_after_it_was_sent_is_sent_as_well(client, event):
    somebody(event, "Anna")
    client.force_login(trainer(event=event))
    sent = {"submission": str(uuid.uuid4()), "audience": "seated", "text_en": "Bring it."}
    sent_by(client, event, **sent)
    page = sent_by(client, event, "change", **sent)
    hidden = {field.html_name: field.value() or "" for field in page.context["form"]}
    sent_by(client, event, **{**hidden, "text_en": "Leave it."})
    texts = [one.text.data["en"] for one in Announcement.objects.order_by("pk")]
    assert (texts, Message.objects.count()) == (["Bring it.", "Leave it."], 2)


def test_the_form_of_one_event_is_nothing_that_was_sent_of_another(client, event):
    other = EventFactory(starts_on=DAY)
    by = trainer(event=event)
    other.trainers.add(by)
    for name, where in (("Anna", event), ("Bohdan", other), ("Cyryl", other)):
        somebody(where, name)
    client.force_login(by)
    submission = uuid.uuid4()
    for where in (event, other):
        sent_by(client, where, submission=submission)
    assert [told(one.announcements.get()) for one in (event, other)] == [
        ["anna@example.org"],
        ["bohdan@example.org", "cyryl@example.org"],
    ]


def test_what_cannot_be_seen_in_a_text_is_left_out(client, event):
    """It could turn round the link that stands behind it; what joins letters, and the marks of direction, stay."""
    somebody(event, "Anna")
    client.force_login(trainer(event=event))
    seen = "می\u200cشود \u200f(1)\u200e\tand \U0001f469\u200d\U0001f33e"
    sent_by(client, event, text_en=f"\u202eBring\x07 \x1bit.\r\n{seen}\u2066\x00 ")
    assert Announcement.objects.get().text.data == {"en": f"Bring it.\n{seen}"}
    page = sent_by(client, event, "", text_en="\u202e \u2066")
    assert page.context["form"].errors == {"text_uk": ["Write the text in at least one language."]}


def test_what_was_written_before_stands_below_with_who_wrote_it_and_to_how_many(client, event):
    by = trainer(event=event)
    client.force_login(by)
    group = event.groups.create(title="Morning")
    somebody(event, "Anna", group=group)
    page = client.post(
        address(event),
        {
            "submission": uuid.uuid4(),
            "audience": f"group-{group.pk}",
            "text_en": BOTH["en"],
            "text_uk": BOTH["uk"],
            "do": "send",
        },
        follow=True,
    )
    assert [str(one) for one in page.context["messages"]] == ["It is on its way to 1 person."]
    assert page.context["written"] == [
        {
            "about": "Thursday, 20 May 2027, 15:00 · trainer@example.org · Morning · 1 person",
            "words": BOTH["en"],
            "language": "en",
        }
    ]
    Announcement.objects.update(author=None)
    page = client.get(address(event))
    assert [one["about"] for one in page.context["written"]] == [
        "Thursday, 20 May 2027, 15:00 · Morning · 1 person"
    ]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text_en": " "}, {"text_uk": ["Write the text in at least one language."]}),
        (
            {"text_en": "a" * 1001},
            {"text_en": ["Ensure this value has at most 1000 characters (it has 1001)."]},
        ),
        ({"audience": "waiting"}, {"audience": [str(announcing.nobody())]}),
        (
            {"audience": "group-1"},
            {"audience": ["Select a valid choice. group-1 is not one of the available choices."]},
        ),
        ({"submission": "x"}, {"submission": ["Enter a valid UUID."]}),
    ],
)
def test_what_is_wrong_is_named_and_what_was_written_is_kept(client, event, fields, wrong):
    somebody(event, "Anna")
    client.force_login(trainer(event=event))
    page = sent_by(client, event, "", **fields)
    assert (page.status_code, page.context["form"].errors) == (400, wrong)
    assert Announcement.objects.count() == 0


def test_at_most_ten_a_day_are_written(client, event, clock):
    somebody(event, "Anna")
    client.force_login(trainer(event=event))
    for _time in range(announcing.MOST_A_DAY):
        announce(event)
    sentence = "At most 10 messages within a day go to the people of an event. Write again tomorrow."
    assert sent_by(client, event).context["form"].non_field_errors() == [sentence]
    assert client.get(address(event)).context["refused"] == sentence
    clock.shift(dt.timedelta(days=1))
    assert sent_by(client, event).status_code == 302


@pytest.mark.parametrize("state", ["scheduled", "closed", "cancelled"])
def test_until_thirty_days_after_the_end_people_can_be_written_to(client, event, state, clock):
    somebody(event, "Anna")
    if state == "cancelled":
        actions.cancel_event(event=event, reason="Power cut")
    elif state == "closed":
        Event.objects.filter(pk=event.pk).update(state=state, counted_by="attendance")
    by, training = trainer(event=event), f"/en/trainings/{event.uuid}/"
    clock.move_to(dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC))
    client.force_login(by)
    assert client.get(training).context["write_url"] == address(event)
    assert sent_by(client, event).status_code == 302
    clock.move_to(dt.datetime(2027, 7, 2, 12, tzinfo=dt.UTC))
    client.force_login(by)
    assert client.get(training).context["write_url"] == ""
    page = sent_by(client, event)
    assert page.context["form"].non_field_errors() == [
        "The event ended more than 30 days ago, so its people are no longer written to."
    ]
    assert len(client.get(address(event)).context["written"]) == 1


@pytest.mark.parametrize("fields", [{"is_imported": True}, {"state": "draft"}])
def test_of_an_event_without_registrations_of_its_own_nobody_is_written_to(event, fields):
    somebody(event, "Anna")
    Event.objects.filter(pk=event.pk).update(**fields)
    with pytest.raises(AnnouncementError):
        announce(event)


def test_who_wrote_to_how_many_is_written_down_without_what(event):
    by = trainer(event=event)
    somebody(event, "Anna")
    made = announce(event, by=by)
    entry = AuditEntry.objects.get(action="announce")
    assert (entry.actor, entry.subject, entry.keys) == (
        by,
        "event",
        [event.subject_key, f"announcement:{made.pk}", "people:1"],
    )


def test_its_trainers_write_and_managers_who_said_why_and_nobody_else(client, event):
    somebody(event, "Anna")
    client.force_login(trainer("other@example.org"))
    assert sent_by(client, event).status_code == 404
    client.force_login(user("focal@example.org", Role.FOCAL_POINT, organisation="one"))
    assert sent_by(client, event).status_code == 403
    client.force_login(user("manager@example.org", Role.MANAGER))
    asked = sent_by(client, event).url
    assert ("/reason/" in asked, Announcement.objects.count()) == (True, 0)
    client.post(asked, {"reason": "The trainer is ill"})
    assert sent_by(client, event).url == address(event)
    assert Announcement.objects.count() == 1


def test_the_page_takes_as_many_statements_for_many_as_for_few(client, event):
    client.force_login(trainer(event=event))
    client.get(address(event))
    counts = []
    for number in (2, 30):
        for _one in range(number):
            registration(event)
        form = {"submission": uuid.uuid4(), "audience": "everybody", "text_en": "Bring it."}
        counts.append(statements(client, address(event), form)[1])
    assert counts[0] == counts[1]
