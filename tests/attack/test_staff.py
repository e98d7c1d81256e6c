"""Staff who would see more than their role lets them: by making themselves what they are not, or past a scope."""

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.exceptions import InvitationError
from certificates.models import MAX_ATTEMPTS
from events import actions as events
from events.exceptions import ScheduleError
from events.models import Registration
from participants.models import Organisation, Project
from safeguarding import audit
from safeguarding.models import AuditEntry, Role
from tests.certificates.factories import CertificateFactory
from tests.events import factories
from tests.factories import UserFactory, grant

pytestmark = pytest.mark.django_db

SCOPE = {"country": "UA", "project": "", "organisation": ""}


def test_nobody_invites_themselves():
    manager = grant(UserFactory(), Role.MANAGER, country="UA")
    with pytest.raises(InvitationError):
        accounts.invite(by=manager, email=manager.email.upper(), role=Role.TRAINER, language="en", **SCOPE)


def test_a_second_mailbox_of_the_inviter_accepts_nothing():
    manager = grant(UserFactory(), Role.MANAGER, country="UA")
    invitation = accounts.invite(by=manager, email="second@example.org", role=Role.TRAINER, language="en", **SCOPE)
    manager.emailaddress_set.create(email="second@example.org", verified=True)
    with pytest.raises(InvitationError):
        accounts.accept(invitation=invitation, user=manager)
    assert set(manager.oberih_role_grants.values_list("role", flat=True)) == {Role.MANAGER}


def test_nobody_makes_themselves_trainer_of_an_event_with_people_in_it():
    event = factories.EventFactory()
    trainer, manager = factories.trainer(event=event), grant(UserFactory(), Role.MANAGER)
    grant(manager, Role.TRAINER)
    events.change(event=event, by=manager, trainers=[trainer, manager])
    events.change(event=event, by=manager, trainers=[trainer])
    factories.register(event)
    with pytest.raises(ScheduleError):
        events.change(event=event, by=manager, trainers=[trainer, manager])
    assert list(event.trainers.all()) == [trainer]
    colleague = grant(UserFactory(), Role.MANAGER)
    events.change(event=event, by=colleague, trainers=[trainer, manager])
    assert list(
        AuditEntry.objects.filter(action="change_trainers").order_by("pk").values_list("actor", "keys")
    ) == [
        (manager.pk, [event.subject_key, f"+user:{manager.pk}"]),
        (manager.pk, [event.subject_key, f"-user:{manager.pk}"]),
        (colleague.pk, [event.subject_key, f"+user:{manager.pk}"]),
    ]


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ({}, {"In Ukraine", "In Poland"}),
        ({"country": "UA"}, {"In Ukraine"}),
        ({"project": "one"}, {"In Poland"}),
        ({"country": "UA", "project": "one"}, set()),
    ],
)
def test_a_focal_points_country_and_project_limit_whom_they_see(scope, seen):
    organisation = Organisation.objects.create(code="org", label="Org")
    project = Project.objects.create(code="one", label="One")
    ukraine, poland = factories.EventFactory(), factories.EventFactory(country="PL", project=project)
    factories.register(ukraine, 1, full_name="In Ukraine", organisation=organisation)
    factories.register(poland, 2, full_name="In Poland", organisation=organisation)
    focal_point = grant(UserFactory(), Role.FOCAL_POINT, organisation="org", **scope)
    found = Registration.objects.for_focal_point(focal_point)
    assert set(found.values_list("participant__full_name", flat=True)) == seen


def test_a_manager_who_stands_among_the_trainers_is_none(client):
    certificate = CertificateFactory(attempts=MAX_ATTEMPTS)
    certificate.participant.full_name = "Zed Secret"
    certificate.participant.save()
    manager = grant(UserFactory(), Role.MANAGER)
    certificate.event.trainers.add(manager)
    client.force_login(manager)
    page = client.get(reverse("oberih_certificates:attention")).content.decode()
    assert (certificate.number in page, "Zed Secret" in page) == (True, False)


def test_reasons_that_name_an_erased_person_go_wherever_they_stand():
    by = UserFactory()
    said = {
        "whole": "Olena Koval asks whether she was marked.",
        "bent": "Лист від Олени Коваль про її сертифікат.",
        "other": "Olena Bondar asks whether she was marked.",
        "none": "The donor’s auditor checks the lists.",
    }
    kept = {
        name: audit.record(by, "give_reason", "event", ["event:x"], reason=text) for name, text in said.items()
    }
    audit.forget_names(["key"], ["Олена Коваль", "Olena Koval", "olena@example.org"])
    left = {name: AuditEntry.objects.get(pk=entry.pk).reason for name, entry in kept.items()}
    assert left == {"whole": "", "bent": "", "other": said["other"], "none": said["none"]}
