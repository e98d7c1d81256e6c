import pytest
from django.urls import reverse

from events.models import Registration, Status
from participants.models import Organisation
from safeguarding.models import AuditEntry, Role
from tests.certificates.factories import an_issued_certificate
from tests.events import factories
from tests.factories import StaffFactory, UserFactory, grant

URL = "/en/colleagues/"


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(code="one", label="Organisation One")


@pytest.fixture
def focal_point(organisation, client):
    user = grant(UserFactory(), Role.FOCAL_POINT, organisation="one")
    client.force_login(user)
    return user


def test_a_focal_point_sees_who_named_the_organisation_and_nobody_else(focal_point, organisation, client):
    event = factories.EventFactory()
    factories.register(event, 1, full_name="Ours Person", organisation=organisation)
    other = Organisation.objects.create(code="two", label="Two")
    factories.register(event, 2, full_name="Theirs Person", organisation=other)
    factories.register(event, 3, full_name="Nobody’s Person")
    page = client.get(URL).content.decode()
    seen = [name in page for name in ("Ours Person", "Theirs Person", "Nobody’s Person", "person1@example.org")]
    assert seen == [True, False, False, False]
    ours = Registration.objects.get(organisation=organisation)
    assert list(AuditEntry.objects.values_list("actor", "action", "subject", "keys")) == [
        (focal_point.pk, "see", "registration", [str(ours.uuid)])
    ]


def test_whoever_cancelled_is_gone_from_the_list(focal_point, organisation, client):
    event = factories.EventFactory()
    outcome = factories.register(event, 1, full_name="Ours Person", organisation=organisation)
    Registration.objects.filter(pk=outcome.registration.pk).update(status=Status.CANCELLED)
    assert "Nobody yet" in client.get(URL).content.decode()


def test_certificates_of_colleagues_lead_to_the_public_page(focal_point, organisation, client):
    made = an_issued_certificate(event=factories.EventFactory())
    Registration.objects.create(
        event=made.event,
        participant=made.participant,
        status=Status.CONFIRMED,
        confirmed_at=made.earned_at,
        organisation=organisation,
        language="en",
    )
    assert reverse("oberih_certificates:verify", args=[made.token]) in client.get(URL).content.decode()


@pytest.mark.parametrize("role", [Role.TRAINER, Role.MANAGER, Role.EDITOR, Role.AUDITOR])
def test_no_other_role_opens_it(db, client, role):
    client.force_login(StaffFactory(role=role))
    assert client.get(URL).status_code == 403


def test_an_administrator_finds_it_empty_being_no_organisations_focal_point(organisation, client):
    factories.register(factories.EventFactory(), 1, full_name="Ours Person", organisation=organisation)
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    assert "Ours Person" not in client.get(URL).content.decode()


def test_a_long_list_costs_as_many_statements(focal_point, organisation, client, django_assert_max_num_queries):
    for number in range(12):
        factories.register(factories.EventFactory(), number, organisation=organisation)
    with django_assert_max_num_queries(18):
        assert client.get(URL).status_code == 200
