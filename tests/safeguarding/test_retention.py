import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from certificates.models import Certificate
from notifications import work
from notifications.models import Message
from participants.models import Participant
from safeguarding import personal_data, retention
from safeguarding.append_only import AppendOnlyError
from safeguarding.checks import check_retention
from safeguarding.models import AuditEntry
from tests.factories import StaffFactory, UserFactory
from tests.marker import MARK, NAME, a_marked_person, traces

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def zzyzx():
    return a_marked_person()


def years(number):
    return timezone.now() + number * 365 * DAY


def done(now, **how):
    return {one.rule.name: one.keys for one in retention.run(now=now, **how) if one.keys}


def test_nothing_is_due_on_the_day(zzyzx):
    assert done(timezone.now()) == {}


def test_messages_go_after_a_year(zzyzx):
    keys = {str(pk) for pk in Message.objects.values_list("pk", flat=True)}
    assert set(done(timezone.now() + 366 * DAY)["oberih_notifications.message"]) == keys
    assert Message.objects.count() == 0
    entry = AuditEntry.objects.get(subject="oberih_notifications.message")
    assert (entry.actor, entry.action, entry.reason, len(entry.keys)) == (None, "retain", "after 365 days", 3)


def test_somebody_who_did_not_come_for_two_years_is_erased_and_their_certificate_stays(
    zzyzx, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert done(years(2.1))["oberih_participants.participant"] == [str(zzyzx.participant.uuid)]
    assert Participant.objects.filter(erased_at=None).count() == 0
    left = {line.split(":")[0] for line in traces()}
    assert left == {"oberih_certificates_certificate"}
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.snapshot["name"]) == ("issued", NAME)
    assert certificate.pdf.storage.exists(certificate.pdf.name)
    # What outlives them has a time of its own.
    with django_capture_on_commit_callbacks(execute=True):
        assert done(years(10.5)) == {"oberih_certificates.certificate": [certificate.number]}
    assert traces() == []
    assert not certificate.pdf.storage.exists(certificate.pdf.name)
    assert done(years(10.6)) == {}


@pytest.mark.parametrize("who", ["participant", "other_row"])
def test_whoever_still_comes_is_kept_with_all_their_rows(zzyzx, who):
    type(zzyzx.registration.event).objects.filter(pk=zzyzx.registration.event_id).update(ends_on=years(2).date())
    zzyzx.registration.participant = getattr(zzyzx, who)
    zzyzx.registration.save()
    assert "oberih_participants.participant" not in done(years(2.1))
    assert Participant.objects.filter(erased_at=None).count() == 2


def test_whoever_still_logs_in_is_kept(zzyzx):
    User.objects.filter(pk=zzyzx.user.pk).update(last_login=years(2))
    assert "oberih_participants.participant" not in done(years(2.1))


def test_accounts_that_were_never_confirmed_go_after_a_week(zzyzx):
    begun = get_user_model().objects.create_user("begun@example.org", "a password of tests")
    EmailAddress.objects.create(user=begun, email=begun.email, verified=False, primary=True)
    invited = StaffFactory(role="trainer")
    EmailAddress.objects.filter(user=invited).update(verified=False)
    UserFactory()
    assert done(timezone.now() + 6 * DAY) == {}
    assert done(timezone.now() + 8 * DAY) == {"oberih_accounts.unconfirmed": [str(begun.pk)]}
    assert not get_user_model().objects.filter(email="begun@example.org").exists()
    assert get_user_model().objects.filter(pk=invited.pk).exists()


def test_days_are_the_deployers(zzyzx, settings):
    settings.OBERIH_SAFEGUARDING_RETENTION = {
        "oberih_notifications.message": 10,
        "oberih_participants.participant": None,
    }
    assert set(done(timezone.now() + 11 * DAY)) == {"oberih_notifications.message"}
    assert "oberih_participants.participant" not in done(years(30))


@pytest.mark.parametrize("said", [{"oberih_notifications.mesage": 10}, {"oberih_notifications.message": "ten"}])
def test_a_rule_that_is_misspelt_is_refused(settings, said):
    assert check_retention(None) == []
    settings.OBERIH_SAFEGUARDING_RETENTION = said
    assert [error.id for error in check_retention(None)] == ["oberih_safeguarding.E002"]


def test_a_dry_run_lists_keys_and_changes_nothing(zzyzx, capsys, time_machine):
    before = traces()
    time_machine.move_to(years(3))
    call_command("retain", dry_run=True, verbosity=2)
    out = capsys.readouterr().out
    assert "oberih_notifications.message: 365 days, 3 due" in out
    assert f"  {zzyzx.participant.uuid}" in out
    assert "oberih_events.confidential: 1 days, by a sweep of its room" in out
    assert MARK not in out.casefold()
    assert traces() == before
    assert AuditEntry.objects.filter(action="retain").count() == 0


def test_tick_does_it_once_a_day(zzyzx, time_machine):
    time_machine.move_to("2029-06-01 06:00Z")
    done = [work.run_sweeps()["safeguarding.retention"] for _ in range(3)]
    assert done == [3, 0, 0]
    assert AuditEntry.objects.filter(action="retain", subject="day").count() == 1
    time_machine.shift(86_400)
    assert work.run_sweeps()["safeguarding.retention"] == 0
    assert AuditEntry.objects.filter(action="retain", subject="day").count() == 2


def test_two_at_once_do_nothing_twice(zzyzx, time_machine):
    """The second process listed what was due before the first let it go."""
    time_machine.move_to(years(3))
    rule = retention.rules()["oberih_participants.participant"]
    due = rule.due(timezone.now() - 730 * DAY)
    listed = list(due.values_list("pk", "uuid"))
    retention._let_go(rule, 730, due, listed)
    retention._let_go(rule, 730, due, listed)
    assert AuditEntry.objects.filter(action="retain").count() == 1


def test_from_append_only_rows_only_text_is_taken(zzyzx):
    for change in ({"reason": "another"}, {"actor": None}, {"action": None}):
        with pytest.raises(AppendOnlyError):
            AuditEntry.objects.all().blank(**change)
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.update(reason="")


def test_the_audit_log_outlives_all_of_it(zzyzx):
    before = AuditEntry.objects.count()
    retention.run(now=years(20))
    assert AuditEntry.objects.filter(action="view").count() == 2
    assert AuditEntry.objects.count() > before


def test_each_class_that_is_kept_for_days_has_a_rule_or_a_sweep():
    kept = {name for name, entry in personal_data.registered().items() if entry.retain_days is not None}
    assert kept <= retention.rules().keys() | retention.by_sweeps().keys()
