"""An invitation knows an address and not the person, so what erasing them leaves of it is looked for by the address."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts import actions
from accounts.models import Invitation
from notifications.models import Message
from participants import erasing
from safeguarding.models import AuditEntry, Role, RoleGrant
from tests.factories import StaffFactory, UserFactory
from tests.marker import EMAIL, a_marked_person, traces

pytestmark = pytest.mark.django_db

ANOTHER = f"at-work-{EMAIL}"


@pytest.fixture
def zzyzx():
    return a_marked_person()


def invite(email, role=Role.TRAINER):
    return actions.invite(by=StaffFactory(role=Role.ADMINISTRATOR), email=email, role=role, language="en")


def erase(marked):
    assert erasing.erase(participant=marked.participant, certificates="keep", by=None)


@pytest.mark.parametrize("email", [EMAIL, f"second-{EMAIL}", ANOTHER], ids=["row", "merged row", "account"])
def test_no_invitation_to_any_address_of_theirs_is_left(client, zzyzx, email):
    EmailAddress.objects.create(user=zzyzx.user, email=ANOTHER, verified=True)
    invitation = invite(email)
    link = reverse("oberih_accounts:invitation", args=[invitation.renew_token()])
    erase(zzyzx)
    assert traces() == []
    invitation.refresh_from_db()
    assert (invitation.email, invitation.token_hash, invitation.withdrawn_at is not None) == ("", "", True)
    assert client.get(link).status_code == 410
    assert not Message.objects.filter(subject_key=str(invitation.uuid)).exists()


def test_somebody_without_an_account_is_forgotten_too(zzyzx):
    type(zzyzx.participant).objects.filter(pk=zzyzx.participant.pk).update(user=None)
    zzyzx.user.delete()
    invite(EMAIL)
    erase(zzyzx)
    assert traces() == []


def test_invitations_that_are_over_forget_the_address_and_keep_how_they_ended(zzyzx):
    withdrawn, accepted = invite(EMAIL), invite(EMAIL, Role.AUDITOR)
    actions.withdraw(invitation=withdrawn, by=zzyzx.staff)
    actions.accept(invitation=accepted, user=zzyzx.user)
    RoleGrant.objects.filter(user=zzyzx.user).delete()
    before = list(Invitation.objects.values_list("pk", "accepted_at", "withdrawn_at"))
    erase(zzyzx)
    assert traces() == []
    assert list(Invitation.objects.values_list("pk", "accepted_at", "withdrawn_at")) == before


def test_the_log_tells_the_staff_why_nobody_came(zzyzx):
    waiting = invite(EMAIL)
    erase(zzyzx)
    entry = AuditEntry.objects.get(action="withdraw", subject="role")
    assert (entry.actor, entry.keys, entry.reason) == (None, [str(waiting.uuid)], "Trainer: Everywhere")


def test_staff_who_keep_their_account_keep_what_they_were_invited_to(zzyzx):
    invitation = invite(EMAIL)
    actions.accept(invitation=invitation, user=zzyzx.user)
    erase(zzyzx)
    invitation.refresh_from_db()
    assert invitation.email == EMAIL


def test_an_address_that_somebody_else_has_proved_is_not_theirs_to_forget(zzyzx):
    """Anybody may write a colleague's address into a registration, and then ask to be forgotten."""
    colleague = UserFactory(email="colleague@example.org")
    theirs, stranger = invite(colleague.email), invite("stranger@example.org")
    type(zzyzx.other_row).objects.filter(pk=zzyzx.other_row.pk).update(email=colleague.email)
    erase(zzyzx)
    assert set(Invitation.objects.open()) == {theirs, stranger}
    assert set(Message.objects.values_list("recipient", flat=True)) == {colleague.email, "stranger@example.org"}
