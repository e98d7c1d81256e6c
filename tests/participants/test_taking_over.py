"""Attacks on who somebody is: none of them opens, changes or erases what belongs to another person."""

import datetime as dt
import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from events.consents import follow
from events.models import Registration
from notifications import actions as notifications
from notifications import work
from notifications.models import Message
from participants import actions, correcting, erasing, identity, sameness
from participants.models import Participant, Purpose
from safeguarding.models import Role
from tests.events.factories import EventFactory, known, register, user
from tests.events.test_pages import form
from tests.factories import say_why

pytestmark = pytest.mark.django_db
VICTIM, EVIL, PHONE = "victim@example.org", "evil@example.org", "+380501112233"


class Sms:
    sent = []

    def send(self, to, text):
        self.sent.append((to, text))


@pytest.fixture(autouse=True)
def sms(settings):
    settings.OBERIH_NOTIFICATIONS_SMS_BACKEND = f"{__name__}.Sms"
    Sms.sent.clear()
    return Sms.sent


def send_all():
    for message in Message.objects.filter(state="queued").order_by("pk"):
        notifications.send(message.pk)


def link_in(text):
    return re.search(r"http://localhost:8000(/en/p/\S+)", text)[1]


def mailed_to(address):
    return [one.body for one in mail.outbox if one.to == [address]]


def ask_link(contact):
    Client().post("/en/me/link/", {"contact": contact})


def entered(row, channel="email"):
    client = Client()
    client.get(f"/en/p/{identity.link_token(row, channel)}/")
    return client


# Somebody types the contact of another beside his own, and waits until she proves hers.


@pytest.fixture
def bait():
    """What a stranger registered: her name, her e-mail, and his phone."""
    url = f"/en/events/{EventFactory().code}/register/"
    assert Client().post(url, form(email=VICTIM, phone=PHONE)).status_code == 302
    return Participant.objects.get()


def test_a_phone_that_a_stranger_typed_is_gone_once_she_has_an_account(bait, sms):
    before = identity.link_token(bait, "phone")
    assert actions.claim(user(VICTIM)) == bait
    ask_link(PHONE)
    send_all()
    assert sms == []
    stranger = Client()
    assert stranger.get(f"/en/p/{before}/").status_code == 410
    bait.refresh_from_db()
    assert (bait.email, bait.phone, set(bait.contact_keys.values_list("kind", flat=True))) == (
        VICTIM,
        "",
        {"email"},
    )


def test_a_phone_that_a_stranger_typed_is_gone_once_she_opens_her_mail(bait, sms):
    before = identity.link_token(bait, "phone")
    send_all()
    (body,) = mailed_to(VICTIM)
    her = Client()
    for _again in range(2):
        # A mail scanner may open it before she does.
        her.get(link_in(body))
    assert her.get("/en/me/").status_code == 200
    stranger = Client()
    assert stranger.get(f"/en/p/{before}/").status_code == 410
    ask_link(PHONE)
    send_all()
    assert sms == []


def test_an_address_that_a_stranger_typed_is_gone_once_he_opens_his_link(bait):
    before = identity.link_token(bait, "email")
    assert entered(bait, "phone").get("/en/me/").status_code == 200
    assert Client().get(f"/en/p/{before}/").status_code == 410
    assert actions.claim(user(VICTIM)) is None
    send_all()
    assert mailed_to(VICTIM) == []


def test_a_row_that_was_proved_otherwise_before_is_claimed_by_nobody(bait):
    """Rows of before this was told apart: his phone is proved, her address is not."""
    bait.contact_keys.filter(kind="phone").update(verified_at=timezone.now())
    assert actions.claim(user(VICTIM)) is None
    ask_link(VICTIM)
    assert not Message.objects.filter(purpose="participants.link").exists()
    assert Client().get(f"/en/p/{identity.link_token(bait, 'email')}/").status_code == 410


def test_an_account_that_proves_its_address_later_proves_it_for_its_row():
    who = user("own@example.org")
    row = actions.create_participant(full_name="", email="own@example.org", user=who)
    ask_link("own@example.org")
    assert not Message.objects.exists()
    assert actions.claim(who) == row
    ask_link("own@example.org")
    assert Message.objects.get().recipient == "own@example.org"


# Somebody registers under her name and waits until a manager merges the two.


@pytest.fixture
def victim():
    made = actions.create_participant(full_name="Olena Koval", email=VICTIM, phone=PHONE, birth_year=1990)
    made.contact_keys.update(verified_at=timezone.now())
    return made


@pytest.fixture
def merged(victim, request):
    """His row, after somebody took it for another of hers."""
    his = known("Olena Koval", EVIL)
    kept, other = (victim, his) if getattr(request, "param", "hers") == "hers" else (his, victim)
    sameness.merge(kept=kept, other=other, by=user("manager@example.org", Role.MANAGER))
    his.refresh_from_db()
    victim.refresh_from_db()
    return his


whichever_is_kept = pytest.mark.parametrize("merged", ["hers", "his"], indirect=True)


def test_a_click_of_a_manager_shows_nobody_the_page_of_another(client, victim):
    register(EventFactory(), participant=victim, full_name="Olena Koval", email=VICTIM)
    stranger = Client()
    stranger.post(f"/en/events/{EventFactory().code}/register/", form(full_name="Olena Koval", email=EVIL))
    his = Participant.objects.get(email=EVIL)
    client.force_login(user("manager@example.org", Role.MANAGER))
    say_why(client, "people:same")
    page = client.get("/en/people/same/")
    assert "No contact proves it" in page.text
    client.post("/en/people/same/decide/", {"first": victim.uuid, "second": his.uuid, "do": "keep_first"})
    his.refresh_from_db()
    assert his.merged_into == victim
    ask_link(EVIL)
    send_all()
    stranger.get(link_in(mailed_to(EVIL)[-1]))
    for address in ("/en/me/", "/en/me/data.json"):
        page = stranger.get(address)
        assert page.status_code == 200
        assert [text in page.text for text in (EVIL, VICTIM, PHONE)] == [True, False, False]


@whichever_is_kept
def test_what_is_hers_is_not_there_for_his_link(merged, victim):
    event = EventFactory()
    hers = register(event, participant=victim, full_name="Olena Koval", email=VICTIM).registration
    his_browser, her_browser = entered(merged), entered(victim)
    address = f"/en/registrations/{hers.uuid}/"
    assert [one.get(address).status_code for one in (his_browser, her_browser)] == [404, 200]
    assert his_browser.post(f"{address}cancel/").status_code == 404
    # Nor does he learn by registering that she is there, or register her anywhere.
    his_browser.post(f"/en/events/{event.code}/register/", form())
    Client().post(f"/en/events/{EventFactory().code}/register/", form(full_name="Olena Koval", email=EVIL))
    assert list(Registration.objects.exclude(pk=hers.pk).values_list("participant", flat=True)) == [merged.pk] * 2


@whichever_is_kept
def test_he_corrects_withdraws_and_erases_his_own_row_alone(merged, victim):
    event = EventFactory()
    hers = register(event, participant=victim, full_name="Olena Koval", email=VICTIM).registration
    his = register(event, 2, participant=merged, full_name="Olena Koval", email=EVIL).registration
    browser = entered(merged)
    browser.post("/en/me/correct/", {"full_name": "Taken Over", "email": EVIL, "phone": "", "language": "en"})
    text = actions.ConsentText.objects.asked_now()[Purpose.REGISTER]
    actions.change_consent(
        participant=merged, text=text, given=False, language="en", subject_key=event.subject_key
    )
    follow(merged.consents.order_by("-pk")[0].pk)
    statistics = actions.ConsentText.objects.asked_now()[Purpose.STATISTICS]
    actions.change_consent(participant=merged, text=statistics, given=False, language="en")
    victim.refresh_from_db()
    hers.refresh_from_db()
    his.refresh_from_db()
    assert (victim.full_name, victim.birth_year, hers.is_active, his.is_active) == (
        "Olena Koval",
        1990,
        True,
        False,
    )
    browser.post("/en/me/erase/", {"certificates": "keep", "understood": "on"})
    victim.refresh_from_db()
    merged.refresh_from_db()
    assert (victim.erased_at, merged.erased_at is None) == (None, False)
    assert entered(victim).get("/en/me/").status_code == 200


def test_who_is_left_of_a_person_is_erased_in_time_too(merged, victim):
    erasing.erase(participant=victim, rows=Participant.objects.filter(pk=victim.pk), certificates="keep", by=None)
    assert merged in erasing.long_gone(timezone.now() + dt.timedelta(days=1))


def test_what_was_sent_and_opened_before_ends_with_a_merge_and_with_its_end(victim):
    his = known("Olena Koval", EVIL)
    new_contact = correcting.contact_token(his, "email", "evil2@example.org")
    browsers, links = [entered(his), entered(victim)], [identity.link_token(one, "email") for one in (his, victim)]
    decided = sameness.merge(kept=victim, other=his, by=user("manager@example.org"))

    def all_ended():
        return [one.get("/en/me/").status_code for one in browsers] == [302, 302] and [
            Client().get(f"/en/p/{one}/").status_code for one in links
        ] == [410, 410]

    assert all_ended()
    assert Client().post(f"/en/me/contact/{new_contact}/").status_code == 410
    for one in (his, victim):
        one.refresh_from_db()
    browsers, links = [entered(his), entered(victim)], [identity.link_token(one, "email") for one in (his, victim)]
    sameness.unmerge(merge=decided, by=user("m@example.org"))
    assert all_ended()


def test_a_new_contact_is_not_taken_for_a_row_that_somebody_else_looks_at(merged, victim):
    token = correcting.contact_token(merged, "email", "evil2@example.org")
    assert entered(victim).post(f"/en/me/contact/{token}/").status_code == 410
    assert Client().post(f"/en/me/contact/{token}/").status_code == 302
    victim.refresh_from_db()
    merged.refresh_from_db()
    assert (victim.email, merged.email) == (VICTIM, "evil2@example.org")


def test_a_proven_contact_of_both_opens_the_whole_person(victim):
    twin = known("Олена Коваль", VICTIM)
    made = [register(EventFactory(), participant=one).registration for one in (victim, twin)]
    sameness.merge(kept=victim, other=twin, by=user("manager@example.org"))
    for row in (victim, twin):
        row.refresh_from_db()
        browser = entered(row)
        assert [browser.get(f"/en/registrations/{one.uuid}/").status_code for one in made] == [200, 200]


# Somebody reads the mailbox that she has left.


def test_an_address_that_was_left_opens_no_row_of_the_person(victim):
    twin = known("Олена Коваль", VICTIM)
    sameness.merge(kept=victim, other=twin, by=user("manager@example.org"))
    for row in (victim, twin):
        row.refresh_from_db()
    before, old_browser = [identity.link_token(one, "email") for one in (victim, twin)], entered(twin)
    correcting.change_contact(participant=victim, kind="email", value="safe@example.org")
    assert old_browser.get("/en/me/").status_code == 302
    assert [Client().get(f"/en/p/{one}/").status_code for one in before] == [410, 410]
    Message.objects.all().delete()
    ask_link(VICTIM)
    assert not Message.objects.exists()
    twin.refresh_from_db()
    assert "safe@example.org" in entered(twin).get("/en/me/").text
    assert list(Participant.objects.filter(email=VICTIM)) == []


def test_taking_a_contact_away_leaves_what_was_proved_by_it_to_the_person(victim):
    twin = known("Олена Коваль", VICTIM)
    made = register(EventFactory(), participant=twin).registration
    sameness.merge(kept=victim, other=twin, by=user("manager@example.org"))
    victim.refresh_from_db()
    changed = correcting.change_contact(participant=victim, kind="email", value="")
    assert entered(changed, "phone").get(f"/en/registrations/{made.uuid}/").status_code == 200


def test_a_stranger_who_typed_her_address_does_not_take_it_from_her(merged, victim):
    Participant.objects.filter(pk=merged.pk).update(email=VICTIM)
    correcting.change_contact(participant=merged, kind="email", value="evil2@example.org")
    victim.refresh_from_db()
    assert (victim.email, victim.contact_keys.filter(kind="email").exists()) == (VICTIM, True)


def test_what_was_owed_to_the_old_address_is_not_sent_there(victim):
    ask_link(VICTIM)
    register(EventFactory(), participant=victim, full_name="Olena Koval", email=VICTIM)
    correcting.change_contact(participant=victim, kind="email", value="safe@example.org")
    mail.outbox.clear()
    send_all()
    told = Message.objects.filter(purpose="participants.contact_changed")
    assert [one.recipient for one in told] == [VICTIM]
    assert [body for body in mailed_to(VICTIM) if "/p/" in body] == []
    left = set(Message.objects.exclude(purpose="participants.contact_changed").values_list("state", flat=True))
    assert left == {"cancelled"}


# Somebody sits down at the computer of a library after her.


def test_a_browser_that_came_by_a_link_forgets_when_it_is_closed(victim):
    browser = entered(victim)
    assert browser.cookies["sessionid"]["max-age"] == ""
    assert browser.session.get_expire_at_browser_close()


def test_a_browser_that_came_by_a_link_forgets_after_half_a_day_without_a_click(victim, time_machine):
    time_machine.move_to("2026-11-21 08:00Z", tick=False)
    browser = entered(victim)
    page = "/en/my-consents/"
    time_machine.move_to("2026-11-21 19:00Z", tick=False)
    assert browser.get(page).context["participant"] == victim
    time_machine.move_to("2026-11-22 06:00Z", tick=False)
    assert browser.get(page).context["participant"] == victim
    time_machine.move_to("2026-11-22 18:01Z", tick=False)
    assert browser.get(page).context["participant"] is None


def test_sessions_that_are_over_are_swept_away(victim):
    entered(victim)
    Session.objects.update(expire_date=timezone.now())
    work.run_sweeps()
    assert not Session.objects.exists()
