"""Somebody registers others: a child, an elder, a family, and what each of them finds afterwards."""

import uuid

import pypdfium2
import pytest
from django.core import mail

from events import actions, guardians, question_fields
from events.models import Confidential, GuardianConsent, Registration, RegistrationAnswer
from events.people import Guardian
from notifications import actions as notifications
from notifications.models import Message
from participants.models import Consent, Participant, Purpose
from tests.events.factories import EventFactory, known, registration, trainer, user
from tests.events.test_pages import remember

pytestmark = pytest.mark.django_db
TEXTS = "register:1 statistics:1 certificate:1"


def party(*people, **fields):
    """The form of Iryna, who registers these people: (name, year of birth), or a name alone of somebody of age."""
    sent = {
        "submission": uuid.uuid4(),
        "texts": TEXTS,
        "people": len(people),
        "full_name": "Iryna Koval",
        "relation": "mother",
        "email": "iryna@example.org",
        "agree": "on",
        "may_be_counted": "on",
    }
    for number, one in enumerate(people, 1):
        name, year = one if isinstance(one, tuple) else (one, None)
        sent[f"person{number}-full_name"] = name
        sent[f"person{number}-sex"] = sent[f"person{number}-displacement"] = "U"
        sent |= {f"person{number}-birth_year": year} if year else {f"person{number}-of_age": "on"} if name else {}
    return {**sent, **fields}


def place(event):
    return f"/en/events/{event.code}/register/?people=1"


def errors(response):
    return {
        name: [error.code for error in found.as_data()] for name, found in response.context["form"].errors.items()
    }


def child(event, age=10):
    return event.starts_on.year - age


def test_a_mother_registers_two_children_and_comes_too(client):
    event = EventFactory(capacity=5)
    sent = party(("Marko Koval", child(event)), ("Solomiia Koval", child(event, 12)), comes_too="on")
    response = client.post(place(event), sent)
    assert "/registered/" in response.url
    made = list(Registration.objects.select_related("participant").order_by("pk"))
    assert [(one.participant.full_name, one.status, one.guardian_consent) for one in made] == [
        ("Iryna Koval", "confirmed", ""),
        ("Marko Koval", "confirmed", "missing"),
        ("Solomiia Koval", "confirmed", "missing"),
    ]
    assert {one.party for one in made} == {made[0].party}
    assert {one.participant.email for one in made} == {"iryna@example.org"}
    held = Confidential.objects.order_by("registration").values_list(
        "guardian_name", "guardian_relation", "guardian_email", "relative_name", "relative_relation"
    )
    assert list(held) == [("Iryna Koval", "mother", "iryna@example.org", "Iryna Koval", "mother")] * 2
    asked = Message.objects.filter(purpose="events.guardian").values_list("recipient", flat=True)
    assert list(asked) == ["iryna@example.org"]
    assert Message.objects.filter(purpose="events.registered").count() == 1
    page = client.get(response.url)
    assert (page.context["together"], page.context["contact"]) == (True, "i…@example.org")
    assert "Marko" not in page.content.decode()


def test_an_elder_is_registered_by_telephone(client):
    event = EventFactory()
    sent = party("Hanna Koval", relation="granddaughter", email="", phone="+380671234567")
    assert client.post(place(event), sent).status_code == 302
    made = Registration.objects.get()
    assert (made.participant.full_name, made.participant.phone, made.party, made.guardian_consent) == (
        "Hanna Koval",
        "+380671234567",
        None,
        "",
    )
    assert made.confidential.relative_relation == "granddaughter"


def test_consents_are_given_for_all_and_only_those_that_were_asked(client):
    client.post(place(EventFactory()), party("Hanna Koval", "Petro Koval"))
    said = Consent.objects.order_by("participant", "text__purpose").values_list("text__purpose", "given")
    assert list(said) == [(Purpose.CERTIFICATE, False), (Purpose.REGISTER, True), (Purpose.STATISTICS, True)] * 2


def test_a_family_is_not_torn_apart(client):
    event = EventFactory(capacity=2)
    client.post(place(event), party("A Koval", "B Koval", "C Koval"))
    assert list(Registration.objects.values_list("status", flat=True)) == ["waitlisted"] * 3


def test_another_person_is_added_and_nothing_that_was_typed_is_lost_or_judged(client):
    event = EventFactory()
    sent = party(("Marko", 2999), full_name="", relation="aunt", **{"person1-sex": "M"})
    response = client.post(place(event), {**sent, "add": "1"})
    assert response.status_code == 200
    drawn = response.context["form"]
    assert (drawn.size, drawn.errors, Registration.objects.count()) == (2, {}, 0)
    assert [drawn.relative["relation"].value(), drawn.members[0]["full_name"].value()] == ["aunt", "Marko"]
    assert [drawn.members[0]["birth_year"].value(), drawn.members[0]["sex"].value()] == ["2999", "M"]
    assert [drawn.relative["agree"].value(), drawn.members[1]["full_name"].value()] == [True, None]
    assert drawn.relative["submission"].value() == str(sent["submission"])
    page = response.content.decode()
    assert 'name="people" value="2"' in page
    assert [name for name in ("person1", "person2") if _begins_at(page, name)] == ["person2"]
    assert "There is a problem" not in page


def _begins_at(page, prefix):
    """Whether the page opens at the name of this person."""
    return " autofocus" in page.partition(f'name="{prefix}-full_name"')[2].partition(">")[0]


def test_eight_are_the_most(client):
    event = EventFactory()
    response = client.post(place(event), {**party(*["A Koval"] * 8), "add": "1"})
    assert (response.context["form"].size, response.context["form"].may_grow) == (8, False)
    assert (
        client.get(f"/en/events/{event.code}/register/?people=9").templates[0].name
        == "oberih/events/register.html"
    )


def test_places_that_stay_empty_are_nobody(client):
    client.post(place(EventFactory()), party("Hanna Koval", "", ""))
    assert Participant.objects.count() == 1


@pytest.mark.parametrize(
    ("people", "fields", "expected"),
    [
        ([""], {}, {"person1-full_name": ["required"], "person1-of_age": ["age"]}),
        (["Hanna Koval"], {"person1-of_age": ""}, {"person1-of_age": ["age"]}),
        (["Hanna Koval"], {"person1-birth_year": "2020"}, {"person1-birth_year": ["contradiction"]}),
        (["Hanna Koval", ("", 2015)], {}, {"person2-full_name": ["required"]}),
        (
            ["Hanna Koval"],
            {"full_name": "", "relation": ""},
            {"full_name": ["required"], "relation": ["required"]},
        ),
        (["Hanna Koval"], {"email": ""}, {"email": ["contact"]}),
        (["Hanna Koval"], {"agree": ""}, {"agree": ["required"]}),
        (["Hanna Koval"], {"texts": "register:0"}, {"__all__": ["texts"]}),
    ],
)
def test_what_is_missing_is_said_of_each(client, people, fields, expected):
    response = client.post(place(EventFactory()), party(*people, **fields))
    assert (response.status_code, errors(response)) == (400, expected)
    assert Registration.objects.count() == 0


def test_the_summary_says_whose_field_it_is(client):
    sent = party("Hanna Koval", "Petro Koval", **{"person1-of_age": "", "person2-of_age": ""})
    page = client.post(place(EventFactory()), sent).content.decode()
    summary = page.partition('class="ob-errors"')[2].partition("</div>")[0]
    assert [summary.count(f"Person {number}, This person is 18 or older") for number in (1, 2)] == [1, 1]
    assert 'href="#id_person2-of_age"' in summary


def test_the_same_name_twice_is_refused(client):
    response = client.post(place(EventFactory()), party("Hanna Koval", "hanna koval"))
    assert response.context["form"].non_field_errors() == ["“hanna koval” stands there twice."]
    assert Participant.objects.count() == 0


def test_each_click_and_each_tab_makes_one_registration_each(client):
    event = EventFactory()
    sent = party("Hanna Koval", "Petro Koval", comes_too="on")
    urls = {client.post(place(event), sent).url.split("/registered/")[0] for _click in range(3)}
    again = party("Hanna Koval", "Petro Koval", comes_too="on")
    client.post(place(event), again)
    assert (len(urls), Registration.objects.count(), Participant.objects.count()) == (1, 3, 3)


def test_questions_are_asked_of_each_and_of_whoever_comes_too(client):
    event = EventFactory()
    asked = event.questions.create(kind="text", text="Lunch?", purpose="To order it", is_required=True)
    name = question_fields.name_of(asked)
    sent = party("Hanna Koval", **{f"person1-{name}": "Soup"})
    assert errors(client.post(place(event), {**sent, "comes_too": "on"})) == {f"own-{name}": ["required"]}
    client.post(place(event), {**sent, "comes_too": "on", f"own-{name}": "Bread"})
    said = RegistrationAnswer.objects.order_by("registration").values_list(
        "registration__participant__full_name", "text"
    )
    assert list(said) == [("Iryna Koval", "Bread"), ("Hanna Koval", "Soup")]


def test_a_user_who_comes_too_is_themselves(client):
    iryna = user("iryna@example.org")
    client.force_login(iryna)
    client.post(place(EventFactory()), party("Hanna Koval"))
    assert Participant.objects.filter(user=iryna).count() == 0
    client.post(place(EventFactory()), party("Hanna Koval", comes_too="on"))
    assert Participant.objects.get(user=iryna).full_name == "Iryna Koval"


def test_the_contact_of_a_relative_is_counted_as_any(client, settings):
    settings.OBERIH_SAFEGUARDING_LIMITS = {"events.register.contact": "1/h"}
    event = EventFactory()
    assert client.post(place(event), party("Hanna Koval")).status_code == 302
    assert client.post(place(event), party("Petro Koval")).status_code == 429


# Afterwards


@pytest.fixture
def family(client):
    """Iryna with two children, who look at their pages as Iryna."""
    event = EventFactory(capacity=3)
    client.post(
        place(event), party(("Marko Koval", child(event)), ("Solomiia Koval", child(event, 12)), comes_too="on")
    )
    made = list(Registration.objects.select_related("participant", "event").order_by("pk"))
    remember(client, made[0].participant)
    return made


def test_those_who_come_together_are_listed_with_a_ticket_for_each(client, family):
    page = client.get(f"/en/registrations/{family[0].uuid}/")
    assert [row["name"] for row in page.context["together"]] == ["Marko Koval", "Solomiia Koval"]
    paper = client.get(f"/en/registrations/{family[0].uuid}/ticket.pdf")
    assert (paper["Content-Type"], len(pypdfium2.PdfDocument(paper.content))) == ("application/pdf", 3)
    child_page = client.get(f"/en/registrations/{family[1].uuid}/")
    assert child_page.status_code == 200
    assert family[1].ticket_code in child_page.content.decode()
    picture = client.get(f"/en/registrations/{family[1].uuid}/ticket.png")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")


def test_the_trainer_reads_who_registered_them(client, family):
    client.force_login(trainer(event=family[1].event))
    page = client.get(f"/en/trainings/{family[1].event.uuid}/people/{family[1].uuid}/")
    assert {"label": "Registered by", "value": "Iryna Koval, mother"} in page.context["rows"]
    assert "How they registered" not in [row["label"] for row in page.context["rows"]]


def test_one_of_them_is_cancelled_alone(client, family):
    page = client.get(f"/en/registrations/{family[1].uuid}/cancel/").content.decode()
    assert ["Marko Koval" in page, "Those who come with you keep their places." in page] == [True, True]
    client.post(f"/en/registrations/{family[1].uuid}/cancel/")
    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == [
        "confirmed",
        "cancelled",
        "confirmed",
    ]
    paper = client.get(f"/en/registrations/{family[0].uuid}/ticket.pdf")
    assert len(pypdfium2.PdfDocument(paper.content)) == 2


def test_the_page_of_a_child_speaks_to_whoever_registered_it(client, family):
    child = family[1]
    Registration.objects.filter(pk=child.pk).update(guardian_consent="missing")
    page = client.get(f"/en/registrations/{child.uuid}/")
    assert page.context["guardian"]["title"] == "You have to agree as parent or guardian"


def test_the_offered_seats_are_taken_for_all(client):
    event = EventFactory(capacity=2)
    holder = registration(event)
    client.post(place(event), party("Hanna Koval", comes_too="on"))
    mine = Registration.objects.exclude(pk=holder.pk).order_by("pk").first()
    actions.cancel_registration(registration=holder)
    remember(client, mine.participant)
    page = client.get(f"/en/registrations/{mine.uuid}/").content.decode()
    assert ["Seats are free for all of you" in page, "Take the seats for all of you" in page] == [True, True]
    client.post(f"/en/registrations/{mine.uuid}/accept/")
    assert list(event.registrations.exclude(pk=holder.pk).values_list("status", flat=True)) == ["confirmed"] * 2


@pytest.mark.parametrize(
    "page", ["", "cancel/", "change/", "ticket.svg", "ticket.png", "ticket.pdf", "calendar.ics"]
)
def test_their_pages_open_for_nobody_else(client, family, page):
    charlie = known("Charlie", "charlie@example.org")
    remember(client, charlie)
    assert [client.get(f"/en/registrations/{one.uuid}/{page}").status_code for one in family] == [404] * 3


def test_somebody_who_is_reached_elsewhere_is_not_opened_by_whoever_named_them(client):
    """Charlie names Olena, who proved another contact, in his own form: he sees nothing of hers."""
    event, olena = EventFactory(), known("Olena Koval", "")
    Participant.objects.filter(pk=olena.pk).update(phone="+380671234567", email="olena@example.org")
    sent = party("Olena Koval", full_name="Charlie", email="charlie@example.org", comes_too="on")
    client.post(place(event), sent)
    charlie, other = Registration.objects.order_by("pk")
    Registration.objects.filter(pk=other.pk).update(participant=olena)
    remember(client, charlie.participant)
    assert client.get(f"/en/registrations/{charlie.uuid}/").context["together"] == []
    assert client.get(f"/en/registrations/{other.uuid}/").status_code == 404
    assert client.post(f"/en/registrations/{other.uuid}/cancel/").status_code == 404


# The mother is asked as guardian


def asked():
    """The children whom each message to a guardian was made for."""
    rows = Message.objects.filter(purpose=guardians.MESSAGE).order_by("pk")
    return [(row.participant.full_name, row.recipient) for row in rows.select_related("participant")]


def link(registration):
    held = Confidential.objects.get(registration=registration)
    return f"/en/guardian/{guardians.token(registration, held.guardian_link_version)}/"


def decide(client, url, **decisions):
    return client.post(url, {"full_name": "Iryna Koval", "version": 1, **decisions})


def consents():
    rows = Registration.objects.exclude(guardian_consent="").order_by("pk")
    return list(rows.values_list("guardian_consent", flat=True))


def test_a_guardian_who_registered_is_asked_once_and_reads_about_whom(family):
    mail.outbox.clear()
    assert asked() == [("Marko Koval", "iryna@example.org")]
    notifications.send(Message.objects.get(purpose=guardians.MESSAGE).pk)
    (sent,) = mail.outbox
    assert "You registered Marko Koval, Solomiia Koval for this: Training" in sent.body


def test_she_agrees_for_some_and_not_for_others(client, family):
    _mother, marko, solomiia = family
    url = link(marko)
    page = client.get(url).content.decode()
    assert [name in page for name in ("Marko Koval", "Solomiia Koval", "Iryna Koval")] == [True, True, False]
    both = {f"decision_{marko.uuid}": "agree", f"decision_{solomiia.uuid}": "refuse"}
    assert decide(client, url, **both).url == url
    assert consents() == [GuardianConsent.GIVEN, GuardianConsent.REFUSED]
    kept = Consent.objects.filter(text__purpose=Purpose.GUARDIAN).order_by("participant")
    assert list(kept.values_list("participant", "given")) == [
        (marko.participant_id, True),
        (solomiia.participant_id, False),
    ]
    after = client.get(url).content.decode()
    assert ["You agreed for some of them" in after, "Marko" in after] == [True, False]


def test_she_has_to_answer_about_each(client, family):
    response = decide(client, link(family[1]), **{f"decision_{family[1].uuid}": "agree"})
    assert (response.status_code, errors(response)) == (400, {f"decision_{family[2].uuid}": ["required"]})
    assert consents() == [GuardianConsent.MISSING] * 2


def test_about_whom_a_paper_was_seen_she_is_not_asked(client, family):
    _mother, marko, solomiia = family
    url = link(marko)
    guardians.see_paper(registration=marko, by=trainer(event=marko.event))
    assert "Marko" not in client.get(url).content.decode()
    decide(client, url, **{f"decision_{uuid}": "refuse" for uuid in (marko.uuid, solomiia.uuid)})
    assert consents() == [GuardianConsent.GIVEN, GuardianConsent.REFUSED]


def test_her_link_asks_about_no_other_form(client, family):
    """Not even about a child whom she registers at the same event later, of whom another message asks."""
    event = family[0].event
    client.post(place(event), party(("Bohdan Koval", child(event)), ("Zlata Koval", child(event))))
    assert [name for name, _contact in asked()] == ["Marko Koval", "Bohdan Koval"]
    page = client.get(link(family[1])).content.decode()
    assert ["Solomiia Koval" in page, "Bohdan Koval" in page] == [True, False]


def test_when_the_place_of_the_first_child_is_given_back_the_others_are_asked_about_anew(client, family):
    _mother, marko, solomiia = family
    old = link(marko)
    actions.cancel_registration(registration=marko)
    assert client.get(old).status_code == 410
    assert asked() == [("Solomiia Koval", "iryna@example.org")]
    actions.cancel_registration(registration=solomiia)
    assert asked() == []


def test_when_another_place_is_given_back_nobody_is_asked_anew(client, family):
    actions.cancel_registration(registration=family[2])
    assert asked() == [("Marko Koval", "iryna@example.org")]
    assert "Solomiia" not in client.get(link(family[1])).content.decode()


def test_another_guardian_of_one_of_them_answers_about_that_one_alone(client, family):
    _mother, marko, solomiia = family
    old = link(marko)
    father = Guardian("Ivan Koval", "father", "ivan@example.org")
    guardians.ask_again(registration=marko, by=trainer(event=marko.event), guardian=father)
    assert client.get(old).status_code == 410
    assert asked() == [
        ("Marko Koval", "iryna@example.org"),
        ("Solomiia Koval", "iryna@example.org"),
        ("Marko Koval", "ivan@example.org"),
    ]
    assert "Solomiia" not in client.get(link(marko)).content.decode()
    assert "Marko" not in client.get(link(solomiia)).content.decode()


def test_a_newer_link_to_the_same_guardian_asks_about_all_who_are_left(client, family):
    _mother, marko, solomiia = family
    mother = Guardian("Iryna Koval", "mother", "iryna@example.org")
    guardians.ask_again(registration=solomiia, by=trainer(event=marko.event), guardian=mother)
    assert len(asked()) == 2
    assert [one.pk for one in guardians.asked_about(solomiia, 0)] == [marko.pk, solomiia.pk]


def bounce(client, event):
    """A message to the mother came back. Returns whose pages say so, and whom the event's page and *My trainings* name."""
    Message.objects.filter(purpose=guardians.MESSAGE, recipient="iryna@example.org").update(state="bounced")
    client.force_login(event.trainers.get())
    pages = [
        str(made.participant)
        for made in event.registrations.order_by("pk")
        if "could not be delivered"
        in client.get(f"/en/trainings/{event.uuid}/people/{made.uuid}/").content.decode()
    ]
    named = [row["name"] for row in client.get(f"/en/trainings/{event.uuid}/").context["unreached"]]
    texts = [row["text"] for row in client.get("/en/trainings/").context["attention"] if "deliver" in row["text"]]
    return pages, named, texts


def test_that_the_mother_was_not_reached_stands_at_each_child_she_is_asked_about(client, family):
    event = family[0].event
    trainer(event=event)
    both = ["Marko Koval", "Solomiia Koval"]
    assert bounce(client, event) == (both, both, ["Messages to 2 people could not be delivered."])


def test_about_whom_a_paper_was_seen_it_does_not_matter_that_she_was_not_reached(client, family):
    event = family[0].event
    guardians.see_paper(registration=family[2], by=trainer(event=event))
    first = ["Marko Koval"]
    assert bounce(client, event) == (first, first, ["A message to 1 person could not be delivered."])


def test_whoever_is_asked_at_another_address_is_not_called_unreached(client, family):
    event = family[0].event
    by = trainer(event=event)
    father = Guardian("Ivan Koval", "father", "ivan@example.org")
    guardians.ask_again(registration=family[1], by=by, guardian=father)
    second = ["Solomiia Koval"]
    assert bounce(client, event) == (second, second, ["A message to 1 person could not be delivered."])
