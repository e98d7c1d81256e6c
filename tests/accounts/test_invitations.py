"""Staff are invited to a role and its scope: by whom, to what, and who may accept."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.exceptions import InvitationError
from accounts.models import Invitation
from notifications.actions import send_due
from notifications.models import Message, MessageState
from participants.models import Organisation, Project
from safeguarding.models import AuditEntry, Role, RoleGrant
from tests.factories import StaffFactory, UserFactory, grant

pytestmark = pytest.mark.django_db

PAGE = "/en/accounts/invitations/"
PASSWORD = "a password of tests"


@pytest.fixture(autouse=True)
def codes(db):
    Organisation.objects.create(code="kok", label="KOK")
    Project.objects.create(code="one", label="One")


def invite(by=None, **fields):
    wanted = {"email": "new@example.org", "role": Role.TRAINER, "language": "en", **fields}
    return actions.invite(by=by or StaffFactory(role=Role.ADMINISTRATOR), **wanted)


def a_manager(**scope):
    return grant(UserFactory(), Role.MANAGER, **scope)


def link_in(message):
    return re.search(r"https?://[^/]+(/\S*/invitation/\S+)", message.body).group(1)


def form(**fields):
    return {
        "email": "new@example.org",
        "role": "trainer",
        "country": "",
        "project": "",
        "organisation": "",
        **fields,
    }


def test_an_invitation_is_mailed_and_its_secret_is_nowhere_else(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(country="UA", email="New@Example.org")
    (message,) = mail.outbox
    token = link_in(message).rstrip("/").split("/")[-1]
    invitation.refresh_from_db()
    assert (message.to, message.subject) == (["new@example.org"], "You are invited")
    assert "Ukraine" in message.body
    assert message.alternatives[0][0].count(token) == 3
    assert token not in str(Invitation.objects.values()) + str(Message.objects.values()) + str(
        AuditEntry.objects.values()
    )
    assert Invitation.objects.by_token(token).get() == invitation
    assert list(AuditEntry.objects.values_list("action", "subject", "keys")) == [
        ("invite", "role", [str(invitation.uuid)])
    ]


def test_a_mail_server_that_fails_loses_no_invitation(monkeypatch, django_capture_on_commit_callbacks):
    def refuse(self, fail_silently=False):
        raise OSError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            invite()
    assert (mail.outbox, Message.objects.get().state) == ([], MessageState.QUEUED)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        assert send_due() == 1
    assert len(mail.outbox) == 1


def test_a_withdrawn_invitation_is_not_mailed_any_more(django_capture_on_commit_callbacks):
    administrator = StaffFactory(role=Role.ADMINISTRATOR)
    actions.withdraw(invitation=invite(administrator), by=administrator)
    assert (send_due(), mail.outbox, Message.objects.get().state) == (0, [], MessageState.CANCELLED)


def accept(client, invitation):
    return client.post(reverse("oberih_accounts:invitation", args=[invitation.renew_token()]))


def test_whoever_was_invited_takes_the_role_once(client):
    administrator, user = StaffFactory(role=Role.ADMINISTRATOR), UserFactory(email="new@example.org")
    invitation = invite(administrator, country="UA", project="one")
    address = reverse("oberih_accounts:invitation", args=[invitation.renew_token()])
    client.force_login(user)
    assert client.get(address).context["is_theirs"] is True
    assert not RoleGrant.objects.filter(user=user).exists()
    client.post(address)
    given = RoleGrant.objects.get(user=user)
    assert (given.role, given.country, given.project, given.organisation, given.granted_by) == (
        "trainer",
        "UA",
        "one",
        "",
        administrator,
    )
    assert AuditEntry.objects.filter(actor=administrator, action="grant", keys=[str(given.pk)]).count() == 1
    given.delete()
    assert (client.post(address).status_code, RoleGrant.objects.filter(user=user).exists()) == (410, False)


def test_somebody_new_signs_up_and_comes_back_to_the_invitation(client):
    invitation = invite()
    address = reverse("oberih_accounts:invitation", args=[invitation.renew_token()])
    assert f"next={address}" in client.get(address).content.decode().replace("%2F", "/")
    sign_up = {"full_name": "Nova Trenerka", "email": "new@example.org", "password1": PASSWORD, "next": address}
    client.post("/en/accounts/signup/", sign_up)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    answer = client.post("/en/accounts/confirm-email/", {"code": code})
    assert answer.url == address
    assert client.get(client.post(address).url).url == reverse("oberih_events:trainings")
    assert client.get("/en/trainings/").url == reverse("oberih_accounts:second_factor")


def test_charlie_accepts_nothing_that_was_sent_to_somebody_else(client):
    invitation, charlie = invite(), UserFactory()
    client.force_login(charlie)
    accept(client, invitation)
    assert not RoleGrant.objects.filter(user=charlie).exists()


def test_an_address_that_is_not_proved_accepts_nothing(client):
    user = UserFactory(email="new@example.org")
    user.emailaddress_set.update(verified=False)
    client.force_login(user)
    accept(client, invite())
    assert not RoleGrant.objects.filter(user=user).exists()


def test_a_stranger_accepts_nothing(client):
    assert accept(client, invite()).status_code == 200
    assert not RoleGrant.objects.filter(role=Role.TRAINER).exists()


@pytest.mark.parametrize("end", ["expired", "withdrawn", "inviter lost the role", "newer mail"])
def test_what_is_over_opens_nothing(client, end):
    manager, user = a_manager(country="UA"), UserFactory(email="new@example.org")
    invitation = invite(manager, country="UA")
    address = reverse("oberih_accounts:invitation", args=[invitation.renew_token()])
    when = timezone.now()
    if end == "expired":
        when += dt.timedelta(days=7, minutes=1)
    elif end == "withdrawn":
        actions.withdraw(invitation=invitation, by=manager)
    elif end == "newer mail":
        invitation.renew_token()
    else:
        RoleGrant.objects.filter(user=manager).delete()
    with time_machine.travel(when):
        client.force_login(user)
        client.post(address)
    assert not RoleGrant.objects.filter(user=user).exists()


ABOVE = [
    {"role": "trainer", "country": "PL"},
    {"role": "trainer", "country": ""},
    {"role": "manager", "country": "UA"},
    {"role": "administrator", "country": "UA"},
    {"role": "auditor", "country": "UA"},
    {"role": "editor", "country": "UA"},
    {"role": "focal_point", "country": "PL", "organisation": "kok"},
    {"role": "administrator", "country": "", "is_superuser": "1", "is_staff": "1", "granted_by": "1"},
]


@pytest.mark.parametrize("wish", ABOVE, ids=lambda wish: " ".join(wish.values()))
def test_a_countrys_manager_gives_nothing_above_or_outside_of_their_own(client, wish):
    client.force_login(a_manager(country="UA"))
    assert client.post(PAGE, form(**wish)).status_code == 400
    assert (Invitation.objects.count(), get_user_model().objects.filter(is_superuser=True).count()) == (0, 0)


@pytest.mark.parametrize("wish", ABOVE[:-1], ids=lambda wish: " ".join(wish.values()))
def test_the_action_refuses_it_whatever_the_form_let_through(wish):
    with pytest.raises(InvitationError):
        invite(a_manager(country="UA"), **wish)


@pytest.mark.parametrize(
    "wish",
    [{}, {"project": "one"}, {"role": "focal_point", "organisation": "kok"}],
    ids=["all", "narrower", "focal"],
)
def test_a_countrys_manager_invites_within_it(client, wish):
    manager = a_manager(country="UA")
    client.force_login(manager)
    assert client.post(PAGE, form(country="UA", **wish)).url == PAGE
    assert Invitation.objects.get().invited_by == manager


def test_a_focal_point_belongs_to_an_organisation(client):
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    assert client.post(PAGE, form(role="focal_point")).status_code == 400


@pytest.mark.parametrize("role", [Role.TRAINER, Role.FOCAL_POINT, Role.EDITOR, Role.AUDITOR])
def test_other_staff_invite_nobody(client, role):
    client.force_login(StaffFactory(role=role))
    assert (client.get(PAGE).status_code, client.post(PAGE, form()).status_code) == (403, 403)


def test_a_participant_invites_nobody(client):
    client.force_login(UserFactory())
    assert client.post(PAGE, form()).status_code == 403


def test_a_manager_sees_and_withdraws_those_within_reach_alone(client):
    administrator = StaffFactory(role=Role.ADMINISTRATOR)
    mine = invite(administrator, country="UA", email="a@example.org")
    others = [
        invite(administrator, country="PL", email="b@example.org"),
        invite(administrator, email="c@example.org"),
        invite(administrator, country="UA", role=Role.MANAGER, email="d@example.org"),
    ]
    client.force_login(a_manager(country="UA"))
    assert list(client.get(PAGE).context["invitations"]) == [mine]
    codes = [
        client.post(reverse("oberih_accounts:withdraw", args=[one.uuid])).status_code for one in [mine, *others]
    ]
    assert codes == [302, 404, 404, 404]
    assert Invitation.objects.open().count() == 3


def test_the_answer_does_not_tell_who_has_an_account(client):
    UserFactory(email="known@example.org")
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    answers = []
    for email in ("known@example.org", "never@example.org"):
        answer = client.post(PAGE, form(email=email))
        answers.append((answer.status_code, answer.url))
        client.get(PAGE)
    assert (answers[0] == answers[1], Message.objects.count()) == (True, 2)


def test_nobody_waits_twice_for_the_same(client):
    administrator = StaffFactory(role=Role.ADMINISTRATOR)
    first = invite(administrator)
    with pytest.raises(InvitationError):
        invite(administrator, email="NEW@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            email=first.email, role=first.role, language="en", invited_by=administrator, expires_at=timezone.now()
        )
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        again = invite(administrator)
    first.refresh_from_db()
    assert (again.pk != first.pk, first.withdrawn_at is not None) == (True, True)


def test_the_list_takes_as_many_statements_for_three_as_for_thirty(client, django_assert_max_num_queries):
    administrator = StaffFactory(role=Role.ADMINISTRATOR)
    client.force_login(administrator)

    def add(numbers):
        for number in numbers:
            invite(StaffFactory(role=Role.ADMINISTRATOR), email=f"n{number}@example.org")

    add(range(3))
    client.get(PAGE)
    with django_assert_max_num_queries(60) as three:
        client.get(PAGE)
    add(range(3, 30))
    with django_assert_max_num_queries(60) as thirty:
        client.get(PAGE)
    assert len(thirty) == len(three)
