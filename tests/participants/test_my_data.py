import io
import json
import zipfile

import pytest
import time_machine as machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates.models import Certificate
from notifications import actions as notifications
from notifications.models import Message, MessageState
from participants import correcting, identity
from participants.actions import create_participant, verify_contact
from participants.models import Organisation, Participant
from safeguarding import audit
from safeguarding.models import AuditEntry
from tests.attendance.factories import MarkFactory, RegistrationFactory, SessionFactory
from tests.factories import UserFactory
from tests.marker import EMAIL, LATIN, NAME, PHONE, a_marked_person

pytestmark = pytest.mark.django_db
PAGES = ["/en/me/", "/en/me/data.json", "/en/me/data.zip", "/en/me/correct/", "/en/me/erase/"]


@pytest.fixture
def zzyzx():
    return a_marked_person()


def opened(participant, channel="email"):
    """A browser in which the person has just opened their link."""
    browser = Client()
    browser.get(f"/en/p/{identity.link_token(participant, channel)}/")
    return browser


# Seeing


def test_the_page_shows_what_is_held_in_words(zzyzx):
    page = opened(zzyzx.participant).get("/en/me/")
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    for words in (
        NAME,
        LATIN,
        EMAIL,
        PHONE,
        "1990",
        "Female",
        "Police",
        "Counter-trafficking",
        "We keep your name.",
    ):
        assert words in page.text, words
    # Nobody else's name, and no codes.
    assert "staff@example.org" not in page.text
    assert "None" not in page.text.split("<main")[1].split("</main")[0]


def test_the_other_row_that_was_merged_shows_the_same(zzyzx):
    # Opening a link proves a contact, and that is shown, too.
    browsers = [opened(row) for row in (zzyzx.participant, zzyzx.other_row)]
    pages = [browser.get("/en/me/") for browser in browsers]
    shown = [[(one.title, one.lines) for one in page.context["sections"]] for page in pages]
    assert shown[0] == shown[1]


def test_the_person_sees_how_often_staff_looked(zzyzx):
    audit.record(zzyzx.user, "export", "participant", [zzyzx.participant.uuid])
    audit.record(zzyzx.staff, "view", "registration", ["another"])
    with machine.travel("2026-11-20 12:00Z", tick=False):
        audit.record(zzyzx.staff, "download", "certificate", [zzyzx.certificate.number])
    browser = Client()
    browser.force_login(zzyzx.user)
    page = browser.get("/en/me/")
    # Two of the register, one of the certificate; what the person did themselves is none.
    assert page.context["looked"] == 3
    assert "changed something of yours 3 times" in page.text


def test_the_page_asks_as_much_of_the_database_whatever_there_is(zzyzx, django_assert_max_num_queries):
    browser = opened(zzyzx.participant)
    browser.get("/en/me/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/en/me/")
    for number in range(30):
        MarkFactory(
            registration=RegistrationFactory(participant=zzyzx.participant), session=SessionFactory(), reason="bus"
        )
        audit.record(zzyzx.staff, "view", "registration", [zzyzx.registration.uuid])
        Message.objects.create(
            purpose="events.changed", subject_key=str(number), recipient=EMAIL, channel="email", language="en",
            participant=zzyzx.participant,
        )  # fmt: skip
    with django_assert_max_num_queries(len(few)):
        browser.get("/en/me/")


# Proof


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_ask_for_a_link(client, zzyzx, path):
    assert client.get(path).url == "/en/me/link/"
    client.force_login(UserFactory())
    assert client.get(path).url == "/en/me/link/"


@pytest.mark.parametrize("path", PAGES)
def test_a_link_that_was_opened_more_than_an_hour_ago_does_not_suffice(zzyzx, path):
    with machine.travel("2026-11-21 12:00Z", tick=False) as clock:
        browser = opened(zzyzx.participant)
        clock.shift(3599)
        assert browser.get(path).status_code == 200
        clock.shift(2)
        assert browser.get(path).url == f"/en/me/prove/?next={path}"
        assert browser.post(path).status_code in {302, 405}
    zzyzx.participant.refresh_from_db()
    assert zzyzx.participant.erased_at is None


def test_an_account_that_logged_in_long_ago_gives_its_password_again(client, zzyzx):
    with machine.travel("2026-11-21 12:00Z", tick=False) as clock:
        client.force_login(zzyzx.user)
        assert client.get("/en/me/").status_code == 200
        clock.shift(3601)
        assert client.get("/en/me/").url == "/en/me/prove/?next=/en/me/"
        page = client.get("/en/me/prove/?next=/en/me/")
        assert "/en/accounts/reauthenticate/?next=/en/me/" in page.text
        answer = client.post(
            "/en/accounts/reauthenticate/?next=/en/me/", {"password": "a password of tests", "next": "/en/me/"}
        )
        assert answer.url == "/en/me/"
        assert client.get("/en/me/").status_code == 200


def test_somebody_elses_link_proves_nothing_about_an_account(client, zzyzx):
    other = create_participant(full_name="Олена Коваль", email="olena@example.org")
    with machine.travel("2026-11-21 12:00Z", tick=False) as clock:
        client.force_login(zzyzx.user)
        clock.shift(3601)
        client.get(f"/en/p/{identity.link_token(other, 'email')}/")
        assert client.get("/en/me/").url == "/en/me/prove/?next=/en/me/"
        client.get(f"/en/p/{identity.link_token(zzyzx.participant, 'email')}/")
        assert client.get("/en/me/").status_code == 200


def test_proof_leads_nowhere_else(client, zzyzx):
    client.force_login(zzyzx.user)
    page = client.get("/en/me/prove/", {"next": "https://evil.example/"})
    assert "evil" not in page.context["log_in_url"]


def test_whoever_came_long_ago_has_a_link_sent(zzyzx):
    browser = opened(zzyzx.participant)
    browser.post("/en/me/prove/")
    assert Message.objects.get(purpose="participants.link").recipient == EMAIL


# Taking it along


def test_the_file_for_programs_holds_every_section(zzyzx):
    answer = opened(zzyzx.participant).get("/en/me/data.json")
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    sections = {one["model"]: one for one in json.loads(answer.content)["sections"]}
    assert len(sections["oberih_participants.Participant"]["rows"]) == 2
    assert sections["oberih_participants.Participant"]["rows"][0]["email"] == EMAIL
    assert sections["oberih_courses.Answer"]["rows"][0]["chosen"] == ["zzyzx"]
    assert "staff@example.org" not in answer.text


def test_the_archive_holds_page_file_and_certificates(zzyzx):
    answer = opened(zzyzx.participant).get("/en/me/data.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        name = f"certificate-{zzyzx.certificate.number}.pdf"
        assert archive.namelist() == ["my-data.json", "my-data.html", name]
        assert archive.read(name) == b"%PDF made out to Zzyzx"
        page = archive.read("my-data.html").decode()
    assert NAME in page
    assert "http" not in page


@pytest.mark.parametrize("file", ["data.json", "data.zip"])
def test_taking_it_along_is_written_down(zzyzx, file):
    opened(zzyzx.participant).get(f"/en/me/{file}")
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.subject, entry.keys) == (None, "participant", [str(zzyzx.participant.uuid)])


# Correcting


def correction(participant, **said):
    names = ("full_name", "latin_name", "email", "phone", "birth_year", "sex", "language")
    given = {name: getattr(participant, name) for name in names} | {"organisation": participant.organisation_id}
    return {name: value or "" for name, value in {**given, **said}.items()}


def test_a_correction_counts_from_the_next_participation_on(zzyzx):
    browser = opened(zzyzx.participant)
    other = Organisation.objects.create(code="ngo", label={"en": "An organisation"})
    answer = browser.post(
        "/en/me/correct/",
        correction(zzyzx.participant, full_name="Ольга Нова", latin_name="", sex="M", organisation=other.pk),
    )
    assert answer.url == "/en/me/"
    who = Participant.objects.get(pk=zzyzx.participant.pk)
    assert (who.full_name, who.latin_name, who.name_key) == ("Ольга Нова", "Olha Nova", "nova olha")
    assert (who.sex, who.organisation) == ("M", other)
    zzyzx.registration.refresh_from_db()
    assert zzyzx.registration.sex == "F"
    assert Certificate.objects.get(pk=zzyzx.certificate.pk).snapshot["name"] == NAME
    assert AuditEntry.objects.filter(action="correct").count() == 1


def test_nothing_is_changed_that_was_not_asked(zzyzx):
    """Mass assignment: every column that the form does not have is posted, too."""
    before = Participant.objects.filter(pk=zzyzx.participant.pk).values().get()
    asked = set(correction(zzyzx.participant))
    attack = {
        field.name: {"erased_at": "2020-01-01", "user": zzyzx.staff.pk, "merged_into": zzyzx.other_row.pk}.get(
            field.name, "7"
        )
        for field in Participant._meta.get_fields()
        if field.name not in asked
    }
    attack |= {field.attname: "7" for field in Participant._meta.concrete_fields if field.attname not in asked}
    opened(zzyzx.participant).post("/en/me/correct/", {**attack, **correction(zzyzx.participant)})
    assert Participant.objects.filter(pk=zzyzx.participant.pk).values().get() == before


def test_an_organisation_that_is_no_longer_offered_is_kept(zzyzx):
    Organisation.objects.update(is_active=False)
    opened(zzyzx.participant).post("/en/me/correct/", correction(zzyzx.participant, full_name="Ольга Нова"))
    who = Participant.objects.get(pk=zzyzx.participant.pk)
    assert (who.full_name, who.organisation_id) == ("Ольга Нова", zzyzx.participant.organisation_id)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"latin_name": "Коваль"}, "latin_name"),
        ({"birth_year": "2999"}, "birth_year"),
        ({"phone": "12"}, "phone"),
        ({"language": "tlh"}, "language"),
        ({"organisation": "999999"}, "organisation"),
    ],
)
def test_what_cannot_be_is_refused(zzyzx, said, field):
    answer = opened(zzyzx.participant).post("/en/me/correct/", correction(zzyzx.participant, **said))
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}


def test_somebody_without_an_account_keeps_one_contact(zzyzx):
    Participant.objects.filter(pk=zzyzx.participant.pk).update(user=None)
    answer = opened(zzyzx.participant).post("/en/me/correct/", correction(zzyzx.participant, email="", phone=""))
    assert answer.status_code == 400


def sent_links(mailoutbox, subject):
    return [mail for mail in mailoutbox if mail.subject == subject]


def test_a_new_contact_has_to_be_proved_first(zzyzx, mailoutbox, django_capture_on_commit_callbacks):
    browser = opened(zzyzx.participant)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/en/me/correct/", correction(zzyzx.participant, email="new@example.org"))
    who = Participant.objects.get(pk=zzyzx.participant.pk)
    assert who.email == EMAIL
    [mail] = mailoutbox
    assert mail.to == ["new@example.org"]
    assert "Zzyzx" not in mail.body
    [link] = [line for line in mail.body.splitlines() if "/me/contact/" in line]
    path = link.removeprefix("http://localhost:8000")
    # A mail scanner opens it, too.
    assert Client().get(path).status_code == 200
    assert Participant.objects.get(pk=who.pk).email == EMAIL
    old_link = identity.link_token(who, "email")
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(path).url == "/en/me/"
    who.refresh_from_db()
    assert who.email == "new@example.org"
    key = who.contact_keys.get(kind="email")
    assert key.verified_at is not None
    assert [mail.to for mail in mailoutbox[1:]] == [[f"second-{EMAIL}"], [EMAIL]]
    assert "new@example.org" not in mailoutbox[1].body + mailoutbox[2].body
    # Links that were sent to the old address are dead, and this browser still knows who it is.
    assert Client().get(f"/en/p/{old_link}/").status_code == 410
    assert browser.get("/en/me/").status_code == 200
    assert Client().get(path).status_code == 410


def test_a_forged_or_old_link_for_a_contact_changes_nothing(zzyzx):
    with machine.travel("2026-11-21 12:00Z", tick=False) as clock:
        token = correcting.contact_token(zzyzx.participant, "email", "new@example.org")
        personal = identity.link_token(zzyzx.participant, "email")
        for bad in (token[:-1] + ("a" if token[-1] != "a" else "b"), personal):
            assert Client().post(f"/en/me/contact/{bad}/").status_code == 410
        # And the other way round: it opens nobody's page.
        assert Client().get(f"/en/p/{token}/").status_code == 410
        clock.shift(8 * 86_400)
        assert Client().post(f"/en/me/contact/{token}/").status_code == 410
    assert Participant.objects.get(pk=zzyzx.participant.pk).email == EMAIL


def test_a_contact_can_be_taken_away(zzyzx, mailoutbox, django_capture_on_commit_callbacks):
    browser = opened(zzyzx.participant)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/en/me/correct/", correction(zzyzx.participant, email=""))
    who = Participant.objects.get(pk=zzyzx.participant.pk)
    assert (who.email, list(who.contact_keys.values_list("kind", flat=True))) == ("", ["phone"])
    # The address of her other row, too, which the same phone proves to be hers.
    assert [mail.to for mail in mailoutbox] == [[f"second-{EMAIL}"], [EMAIL]]
    assert browser.get("/en/me/").status_code == 200


# Erasing


def test_erasing_takes_a_wish_and_a_tick(zzyzx):
    browser = opened(zzyzx.participant)
    for said in ({}, {"certificates": "keep"}, {"understood": "on"}, {"certificates": "sell", "understood": "on"}):
        assert browser.post("/en/me/erase/", said).status_code == 400
    assert Participant.objects.filter(erased_at=None).count() == 2
    answer = browser.post("/en/me/erase/", {"certificates": "withdraw", "understood": "on"})
    assert answer.url == "/en/me/erased/"
    assert Participant.objects.filter(erased_at=None).count() == 0
    assert AuditEntry.objects.filter(action="erase and withdraw", actor=None).count() == 1
    assert "oberih_participant" not in browser.session


def test_erasing_logs_the_account_out(client, zzyzx):
    client.force_login(zzyzx.user)
    client.post("/en/me/erase/", {"certificates": "keep", "understood": "on"})
    assert "_auth_user_id" not in client.session
    assert AuditEntry.objects.get(action="erase").actor == zzyzx.user


def test_erasing_takes_the_token_of_the_form(zzyzx):
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/en/p/{identity.link_token(zzyzx.participant, 'email')}/")
    assert browser.post("/en/me/erase/", {"certificates": "keep", "understood": "on"}).status_code == 403
    assert browser.get("/en/me/erase/").status_code == 200
    assert Participant.objects.filter(erased_at=None).count() == 2


# A link for those without an account


def ask(contact):
    return Client().post("/en/me/link/", {"contact": contact})


def test_a_link_goes_to_the_contact_alone(zzyzx, mailoutbox):
    ask(f" {EMAIL.upper()} ")
    notifications.send_due()
    [mail] = mailoutbox
    assert mail.to == [EMAIL]
    [link] = [line for line in mail.body.splitlines() if "/p/" in line]
    browser = Client()
    browser.get(link.removeprefix("http://localhost:8000"), follow=True)
    assert browser.get("/en/me/").status_code == 200


def test_a_phone_gets_a_text_message(zzyzx, capsys):
    ask("067 000 00 00")
    notifications.send_due()
    assert capsys.readouterr().out.startswith(
        f"SMS to {PHONE}: Your personal link, for you alone: http://localhost"
    )


@pytest.mark.parametrize(("known", "unknown"), [(EMAIL, "nobody@example.org"), (PHONE, "+380679999999")])
def test_the_answer_does_not_tell_whether_we_know_somebody(
    zzyzx, mailoutbox, known, unknown, django_capture_on_commit_callbacks
):
    # At one instant, which a header of both answers names.
    with machine.travel("2026-11-21 12:00Z", tick=False), django_capture_on_commit_callbacks(execute=True):
        answers = [ask(contact) for contact in (known, unknown)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].headers == answers[1].headers
    assert answers[0].content == answers[1].content
    bodies = [Client().get(answer.url).content for answer in answers]
    assert bodies[0] == bodies[1]
    # Nothing is sent while somebody waits for the answer: its time tells nothing.
    assert mailoutbox == []
    assert [message.state for message in Message.objects.filter(purpose="participants.link")] == [
        MessageState.QUEUED
    ]


def test_at_most_three_links_a_day_go_to_a_contact(zzyzx):
    with machine.travel("2026-11-21 12:00Z", tick=False) as clock:
        for _ in range(5):
            ask(EMAIL)
        assert Message.objects.filter(purpose="participants.link").count() == 3
        ask(PHONE)
        assert Message.objects.filter(purpose="participants.link").count() == 4
        clock.shift(86_401)
        ask(EMAIL)
        assert Message.objects.filter(purpose="participants.link", recipient=EMAIL).count() == 4


def test_people_who_share_a_contact_get_a_link_each(zzyzx):
    sister = create_participant(full_name="Zzyzx сестра", phone=PHONE)
    ask(PHONE)
    asked = Message.objects.filter(purpose="participants.link")
    assert {message.participant for message in asked} == {zzyzx.participant, sister}


def test_a_link_to_a_merged_row_proves_nothing_of_the_other_contact(zzyzx):
    """Each row's contact is its own: a link to one is no proof that the other is theirs."""
    zzyzx.participant.contact_keys.update(verified_at=None)
    ask(f"second-{EMAIL}")
    message = Message.objects.get(purpose="participants.link")
    assert (message.participant, message.recipient) == (zzyzx.other_row, f"second-{EMAIL}")
    browser = opened(message.participant)
    assert browser.get("/en/me/").status_code == 200
    assert not zzyzx.participant.contact_keys.exclude(verified_at=None).exists()


@pytest.mark.parametrize("contact", ["", "Zzyzx", "12", "a@b@c"])
def test_what_is_no_contact_is_said_to_be_none(contact):
    assert ask(contact).status_code == 400


def test_a_contact_that_was_never_proved_gets_its_link_all_the_same(zzyzx):
    verify_contact(create_participant(full_name="Олена Коваль", email="olena@example.org"), "phone")
    ask("olena@example.org")
    assert Message.objects.filter(recipient="olena@example.org").count() == 1


# The way there


def test_the_way_is_shown_to_whoever_is_known(client, zzyzx):
    address = reverse("oberih_participants:me")
    assert f'href="{address}"' not in client.get("/en/verify/").text
    assert opened(zzyzx.participant).get("/en/verify/").text.count(f'href="{address}"') >= 2
