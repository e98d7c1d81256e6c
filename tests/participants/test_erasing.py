import datetime as dt
import uuid
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

import cms
from attendance.models import Mark
from attendance.workbook import import_workbook
from certificates import actions as certificates
from certificates import erasing as certificates_erasing
from certificates.exceptions import CertificateError
from certificates.models import Certificate, CertificateState
from events import actions as events
from events.models import Registration, Status
from notifications.models import Message
from participants import erasing, identity
from participants.actions import find_known
from participants.models import ContactKey, Participant
from reporting.disclosure import Tier
from reporting.measures import people_trained
from reporting.rendering import as_json
from reporting.scope import Filters, Window
from safeguarding.models import AuditEntry
from tests.certificates.factories import CertificateFactory
from tests.events.factories import person, register
from tests.marker import EMAIL, NAME, PHONE, REFERENCE, a_marked_person, everything_stored, traces

pytestmark = pytest.mark.django_db

QUARTER = Window(dt.date(2026, 1, 1), dt.date(2026, 3, 31))
BOOK = Path(cms.__file__).parent / "demo" / "q3-2022"


@pytest.fixture
def zzyzx():
    return a_marked_person()


def erase(marked, certificates="keep", by=None, **more):
    return erasing.erase(participant=marked.participant, certificates=certificates, by=by, **more)


def figures():
    """The whole quarter, as its JSON is handed out: the totals and every breakdown."""
    return [
        as_json(people_trained(window, Filters(), by=by, tier=Tier.INTERNAL))
        for window in (QUARTER, Window(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))
        for by in ((), ("sex",), ("age_band",), ("category",), ("origin_area",), ("language",), ("displacement",))
    ]


@pytest.mark.parametrize("wish", ["keep", "withdraw"])
def test_erasing_leaves_no_trace_and_no_figure_moves(zzyzx, wish, django_capture_on_commit_callbacks):
    assert len(traces()) > 12
    before = figures()
    assert '"persons": 0' not in before[0]
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(zzyzx, wish)
    assert traces() == []
    assert figures() == before


def test_figures_would_tell_if_the_participation_went(zzyzx):
    """That the comparison above can fail at all."""
    before = figures()
    Participant.objects.filter(pk__in=[zzyzx.participant.pk, zzyzx.other_row.pk]).update(is_test=True)
    assert figures() != before


def test_all_rows_of_the_person_are_erased_and_their_links_die(zzyzx):
    links = [identity.link_token(row, "email") for row in (zzyzx.participant, zzyzx.other_row)]
    erase(zzyzx)
    rows = Participant.objects.filter(pk__in=[zzyzx.participant.pk, zzyzx.other_row.pk])
    assert [(row.erased_at is not None, row.link_version) for row in rows] == [(True, 2), (True, 2)]
    assert [Client().get(f"/en/p/{link}/").status_code for link in links] == [410, 410]
    assert find_known(full_name=NAME, email=EMAIL) is None


def test_what_could_lead_back_to_the_person_goes(zzyzx):
    """Keyed digests and codes on paper name nobody by themselves, and are found by whoever knows the person."""
    Registration.objects.filter(pk=zzyzx.registration.pk).update(submission=uuid.uuid4())
    erase(zzyzx)
    after = Registration.objects.get(pk=zzyzx.registration.pk)
    assert (after.contact_digest, after.name_digest, after.submission) == ("", "", None)
    assert after.ticket_code not in {zzyzx.registration.ticket_code, ""}
    assert ContactKey.objects.count() == 0
    who = Participant.objects.get(pk=zzyzx.participant.pk)
    assert (who.sex, who.organisation, who.language, who.user) == ("U", None, "", None)
    # How it was counted is another matter.
    assert (after.sex, after.language) == ("F", "en")


def test_a_session_that_a_link_opened_ends(client, zzyzx):
    client.get(f"/en/p/{identity.link_token(zzyzx.participant, 'email')}/")
    assert client.get("/en/me/").status_code == 200
    erase(zzyzx)
    assert client.get("/en/me/").url == "/en/me/link/"


def test_erasing_twice_is_erasing_once(zzyzx):
    assert erase(zzyzx)
    assert not erase(zzyzx)
    entry = AuditEntry.objects.get(action="erase")
    assert set(entry.keys) == {str(zzyzx.participant.uuid), str(zzyzx.other_row.uuid)}


def test_a_place_that_is_still_to_come_goes_to_the_next_in_line(zzyzx):
    waiting = register(zzyzx.coming.event, 2).registration
    assert waiting.status == Status.WAITLISTED
    erase(zzyzx)
    assert {one.pk: one.status for one in Registration.objects.filter(event=zzyzx.coming.event)} == {
        zzyzx.coming.pk: Status.CANCELLED,
        waiting.pk: Status.OFFERED,
    }
    # A participation that took place is none of that.
    zzyzx.registration.refresh_from_db()
    assert zzyzx.registration.status == Status.CONFIRMED


def test_an_event_without_sessions_that_began_keeps_its_participations(zzyzx):
    zzyzx.coming.event.sessions.all().delete()
    type(zzyzx.coming.event).objects.filter(pk=zzyzx.coming.event.pk).update(starts_on=dt.date(2026, 1, 1))
    erase(zzyzx)
    zzyzx.coming.refresh_from_db()
    assert zzyzx.coming.status == Status.CONFIRMED


def test_nobody_is_written_to_afterwards(zzyzx, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase(zzyzx)
    assert Message.objects.count() == 0
    assert mailoutbox == []


def test_the_account_is_nobody_s_and_its_address_is_free(client, zzyzx):
    client.force_login(zzyzx.user)
    erase(zzyzx)
    zzyzx.user.refresh_from_db()
    assert (zzyzx.user.is_active, zzyzx.user.has_usable_password(), zzyzx.user.first_name) == (False, False, "")
    assert zzyzx.user.email.endswith("@erased.invalid")
    assert not EmailAddress.objects.filter(user=zzyzx.user).exists()
    assert client.get("/en/me/").url == "/en/me/link/"


def test_the_log_of_the_admin_forgets_how_the_account_was_called(zzyzx):
    log(zzyzx.user, "wagtail.edit", user=zzyzx.staff)
    assert [line for line in traces() if line.startswith("wagtailcore_modellogentry")] != []
    erase(zzyzx)
    assert traces() == []
    assert ModelLogEntry.objects.get().user == zzyzx.staff


def test_staff_keep_their_account(zzyzx):
    Participant.objects.filter(pk=zzyzx.other_row.pk).update(user=zzyzx.staff)
    erase(zzyzx)
    zzyzx.staff.refresh_from_db()
    assert (zzyzx.staff.email, zzyzx.staff.is_active) == ("staff@example.org", True)
    assert EmailAddress.objects.filter(user=zzyzx.staff).exists()


def test_reasons_that_speak_of_the_person_go_and_others_stay(zzyzx):
    erase(zzyzx)
    assert set(Mark.objects.values_list("reason", flat=True)) == {""}
    viewed = AuditEntry.objects.filter(action="view").order_by("pk")
    assert [entry.reason for entry in viewed] == ["", "The register was incomplete"]
    assert [entry.actor for entry in viewed] == [zzyzx.staff, zzyzx.staff]


def test_the_reason_of_an_erasure_may_not_name_the_person(zzyzx):
    with pytest.raises(erasing.ErasureError):
        erase(zzyzx, reason="Zzyzx wrote a letter")
    assert Participant.objects.get(pk=zzyzx.participant.pk).erased_at is None


def test_somebody_else_loses_nothing(zzyzx):
    other = CertificateFactory(participant__full_name="Олена Коваль")
    before = [line for line in everything_stored().splitlines() if f"'{other.number}'" in line]
    assert len(before) == 1
    erase(zzyzx)
    assert [line for line in everything_stored().splitlines() if f"'{other.number}'" in line] == before


def test_registering_again_makes_a_new_person(zzyzx):
    erase(zzyzx)
    outcome = events.register(
        event=zzyzx.coming.event,
        person=person(full_name=NAME, email=EMAIL),
        submission=uuid.uuid4(),
        language="en",
    )
    assert outcome.created
    assert outcome.registration.participant.pk not in {zzyzx.participant.pk, zzyzx.other_row.pk}


# Certificates


def page_of(certificate):
    return Client().get(f"/en/verify/{certificate.token}/")


def test_a_kept_certificate_is_valid_and_says_that_its_holder_was_erased(
    zzyzx, django_capture_on_commit_callbacks
):
    kept = zzyzx.certificate
    name, storage = kept.pdf.name, kept.pdf.storage
    with django_capture_on_commit_callbacks(execute=True):
        erase(zzyzx, "keep")
    kept.refresh_from_db()
    assert (kept.state, kept.pdf.name, kept.pdf_sha256) == (CertificateState.ISSUED, "", "0" * 64)
    assert not storage.exists(name)
    page = page_of(kept)
    assert "genuine and valid" in page.text
    assert "data was erased" in page.text
    assert "Does the name match?" not in page.text
    assert "Counter-trafficking" in page.text
    assert page_of(kept).status_code == 200


def test_a_withdrawn_certificate_says_so_and_nothing_else(zzyzx):
    erase(zzyzx, "withdraw")
    kept = Certificate.objects.get(pk=zzyzx.certificate.pk)
    assert (kept.state, kept.revoked_reason, kept.snapshot) == (CertificateState.REVOKED, "", {})
    page = page_of(kept)
    assert "was withdrawn" in page.text
    assert "Counter-trafficking" not in page.text


def test_what_was_not_issued_yet_is_never_printed(zzyzx, django_capture_on_commit_callbacks):
    owed = CertificateFactory(participant=zzyzx.participant)
    with django_capture_on_commit_callbacks(execute=True):
        erase(zzyzx, "keep")
    assert not certificates.issue(owed.pk)
    owed.refresh_from_db()
    assert (owed.state, owed.pdf.name) == (CertificateState.REVOKED, "")


def test_staff_can_put_no_name_on_an_erased_certificate(zzyzx, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase(zzyzx, "keep")
    kept = Certificate.objects.get(pk=zzyzx.certificate.pk)
    with pytest.raises(CertificateError):
        certificates.replace(certificate=kept, by=zzyzx.staff, full_name="Zzyzx again", reason="asked")
    with pytest.raises(CertificateError):
        certificates.paper(kept)
    assert traces() == []


def test_a_file_that_was_left_when_a_process_died_is_found(zzyzx):
    name, storage = zzyzx.certificate.pdf.name, zzyzx.certificate.pdf.storage
    erase(zzyzx, "keep")  # in a transaction that never ends here: nothing after the commit is run
    assert storage.exists(name)
    assert certificates_erasing.remove_files() == 1
    assert not storage.exists(name)
    assert certificates_erasing.remove_files() == 0


# Coming back


def write(folder, reference):
    (folder / "activities.csv").write_text(
        "code,title,activity_type,delivery_mode,country,areas,starts_on,ends_on\n"
        "T1,Training,training,onsite,UA,UA46,2022-07-04,2022-07-05\n"
        "T2,Training,training,onsite,UA,UA46,2022-08-04,2022-08-05\n"
    )
    (folder / "participations.csv").write_text(
        "activity,person,full_name,email,sex,birth_year,first_present_on,sessions_present,minutes\n"
        f"T1,{reference},{NAME},{EMAIL},F,1990,2022-07-04,1,180\n"
        f"T2,{reference},{NAME},{EMAIL},F,1990,2022-08-04,1,180\n"
    )
    return folder


@pytest.mark.parametrize("later_key", [False, True])
def test_a_workbook_does_not_bring_the_person_back(tmp_path, settings, later_key):
    book = write(tmp_path, REFERENCE)
    import_workbook(book)
    window = Window(dt.date(2022, 7, 1), dt.date(2022, 9, 30))
    before = as_json(people_trained(window, Filters(), by=("sex",)))
    somebody = Participant.objects.get(external_ref=REFERENCE)
    erasing.erase(participant=somebody, certificates="keep", by=None)
    if later_key:
        old = settings.OBERIH_PARTICIPANTS_CONTACT_KEYS
        settings.OBERIH_PARTICIPANTS_CONTACT_KEYS = {**old, "9": "another secret"}
    written, notes = import_workbook(book)
    assert (written, len(notes)) == ({}, 1)
    assert traces() == []
    assert Participant.objects.count() == 1
    assert as_json(people_trained(window, Filters(), by=("sex",))) == before


def test_the_reference_cannot_be_read_from_what_stands_for_it(zzyzx):
    erase(zzyzx)
    kept = Participant.objects.get(pk=zzyzx.participant.pk).external_ref
    assert kept.startswith("erased:1:")
    assert REFERENCE not in kept


@pytest.mark.parametrize("form", ["log", "list"])
@pytest.mark.parametrize("wish", ["keep", "withdraw"])
def test_erasures_are_applied_again_after_a_backup_was_restored(zzyzx, tmp_path, admin_client, form, wish):
    backup = tmp_path / "backup.json"
    rooms = [model._meta.label for model in apps.get_models() if model._meta.app_label.startswith("oberih_")]
    call_command("dumpdata", *rooms, "account", output=str(backup))
    had = len(traces())
    erase(zzyzx, wish, reason="asked by letter")
    path = tmp_path / "erased.csv"
    if form == "log":
        exported = admin_client.get("/admin/training/auditentry/", {"export": "csv"})
        path.write_bytes(exported.getvalue())
    else:
        path.write_text(f"{zzyzx.participant.uuid}\n{uuid.uuid4()}\n")
    AuditEntry.objects.all()._raw_delete("default")
    call_command("loaddata", str(backup), verbosity=0)
    assert len(traces()) == had
    call_command("erase_again", path, verbosity=0)
    assert traces() == []
    restored = Certificate.objects.get(pk=zzyzx.certificate.pk)
    withdrawn = form == "log" and wish == "withdraw"
    assert restored.state == (CertificateState.REVOKED if withdrawn else CertificateState.ISSUED)
    call_command("erase_again", path, verbosity=0)


def test_a_file_that_is_neither_log_nor_list_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Zzyzx\n")
    with pytest.raises(CommandError):
        call_command("erase_again", path)
    with pytest.raises(CommandError):
        call_command("erase_again", tmp_path / "none.csv")


# By staff, from a terminal


def test_staff_erase_on_request_and_say_why(zzyzx, capsys):
    call_command(
        "erase_person", str(zzyzx.participant.uuid), certificates="withdraw", reason="asked by letter, 21 November"
    )
    assert capsys.readouterr().out == "Erased.\n"
    entry = AuditEntry.objects.get(action="erase and withdraw")
    assert (entry.subject, entry.reason) == ("participant", "asked by letter, 21 November")


@pytest.mark.parametrize("key", ["nobody", "7b0f1d35-9a3c-4a55-8d5b-0f6f4a0c9c11"])
def test_a_key_of_nobody_erases_nobody(zzyzx, key):
    with pytest.raises(CommandError):
        call_command("erase_person", key, certificates="keep", reason="asked")
    assert Participant.objects.filter(erased_at=None).count() == 2


def test_a_phone_that_was_theirs_finds_nobody(zzyzx):
    erase(zzyzx)
    Client().post("/en/me/link/", {"contact": PHONE})
    assert Message.objects.count() == 0
