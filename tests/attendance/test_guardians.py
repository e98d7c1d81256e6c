"""Somebody under age whose parent or guardian has not agreed is let in only by somebody who answers for it."""

import pytest

from attendance import actions
from attendance.exceptions import GuardianConsentError
from attendance.models import Attendance, Mark, MarkSource
from events import guardians
from events.models import Registration
from events.people import Person
from participants.models import Consent, Purpose
from safeguarding.models import AuditEntry
from tests.attendance.factories import a_training
from tests.attendance.test_views import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def training():
    """An event of one session with a grown-up, a young person without consent, and its trainer."""
    event, session, (grown, young), trainer = a_training(people=2)
    young.guardian_consent = "missing"
    young.save()
    return event, session, grown, young, trainer


def mark(session, registration, status, by, **fields):
    return actions.mark(
        session=session, registration=registration, status=status, by=by, source=MarkSource.TRAINER, **fields
    )


def status_of(registration):
    return Attendance.objects.filter(registration=registration).values_list("status", flat=True).first()


def overrides():
    return list(
        AuditEntry.objects.filter(action="override_guardian").values_list("actor", "subject", "keys", "reason")
    )


@pytest.mark.parametrize("consent", ["missing", "refused"])
@pytest.mark.parametrize("status", ["present", "late"])
def test_without_consent_nobody_young_is_let_in(training, consent, status):
    _event, session, _grown, young, trainer = training
    Registration.objects.filter(pk=young.pk).update(guardian_consent=consent)
    for override in ("", "  "):
        with pytest.raises(GuardianConsentError):
            mark(session, young, status, trainer, override=override, reason="A reason for something else")
    assert (Mark.objects.count(), overrides()) == (0, [])


def test_a_row_that_is_out_of_date_does_not_let_anybody_in(training):
    """Somebody who holds an object from before the refusal is told by the database, not by the object."""
    _event, session, _grown, young, trainer = training
    young.guardian_consent = "given"
    with pytest.raises(GuardianConsentError):
        mark(session, young, "present", trainer)


@pytest.mark.parametrize("status", ["absent", "excused"])
def test_that_somebody_young_did_not_come_can_be_written_down(training, status):
    _event, session, _grown, young, trainer = training
    mark(session, young, status, trainer)
    assert (status_of(young), overrides()) == (status, [])


def test_with_consent_they_come_as_everybody(training):
    _event, session, _grown, young, trainer = training
    guardians.see_paper(registration=young, by=trainer)
    mark(session, young, "present", trainer)
    assert (status_of(young), overrides()) == ("present", [])


def test_letting_somebody_in_is_in_the_register_and_in_the_log(training):
    _event, session, _grown, young, trainer = training
    made = mark(session, young, "present", trainer, override="The mother brought them herself.")
    assert (made.reason, status_of(young)) == ("The mother brought them herself.", "present")
    assert overrides() == [(trainer.pk, "registration", [str(young.uuid)], "The mother brought them herself.")]


def test_all_others_present_leaves_them_out_and_says_so(client, training):
    event, session, grown, young, trainer = training
    client.force_login(trainer)
    page = client.post(at("all_present", session.pk), follow=True)
    assert (status_of(grown), status_of(young)) == ("present", None)
    assert [str(message) for message in page.context["messages"]] == [
        "1 person was marked present.",
        "1 person was left out: no parent or guardian has agreed.",
    ]
    assert event.registrations.count() == 2


def test_closing_the_register_counts_them_as_absent(training):
    _event, session, _grown, young, trainer = training
    actions.close_register(session=session, by=trainer)
    assert status_of(young) == "absent"


def test_the_register_says_it_and_its_button_leads_to_where_it_is_decided(client, training):
    _event, session, _grown, young, trainer = training
    client.force_login(trainer)
    assert b"No consent of a parent or guardian" in client.get(at("register", session.pk)).content
    where = f"{at('correct', session.pk, young.uuid)}?status=late"
    url = at("mark", session.pk, young.uuid)
    assert client.post(url, {"status": "late"}).url == where
    answer = client.post(url, {"status": "late"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, where)
    form = client.get(where).context["form"]
    assert (form["status"].value(), "let_in" in form.fields) == ("late", True)


def test_it_is_decided_by_a_tick_and_a_reason(client, training):
    _event, session, grown, young, trainer = training
    client.force_login(trainer)
    url = at("correct", session.pk, young.uuid)
    for said in ({"reason": "x"}, {"let_in": "on"}):
        assert client.post(url, {"status": "present", **said}).status_code == 200
    assert (Mark.objects.count(), overrides()) == (0, [])
    client.post(url, {"status": "present", "let_in": "on", "reason": "Her brother is here."})
    assert (status_of(young), len(overrides())) == ("present", 1)
    assert "let_in" not in client.get(at("correct", session.pk, grown.uuid)).context["form"].fields


def walk_in(client, event, session, **fields):
    url = f"{at('walk_in', event.uuid)}?session={session.pk}"
    return client.post(url, {"full_name": "Марія Нова", **fields})


def test_a_walk_in_says_whether_they_are_of_age(client, training):
    event, session, *_rest, trainer = training
    client.force_login(trainer)
    assert list(walk_in(client, event, session).context["form"].errors) == ["of_age"]
    walk_in(client, event, session, of_age="on")
    assert Registration.objects.get(source="walk_in").guardian_consent == ""


def test_a_young_walk_in_takes_a_paper_or_a_reason(client, training):
    event, session, *_rest, trainer = training
    client.force_login(trainer)
    born = event.starts_on.year - 15
    refused = walk_in(client, event, session, birth_year=born)
    assert list(refused.context["form"].errors) == ["saw_paper"]
    assert not Registration.objects.filter(source="walk_in").exists()
    walk_in(client, event, session, birth_year=born, saw_paper="on")
    made = Registration.objects.get(source="walk_in")
    assert (made.guardian_consent, status_of(made), overrides()) == ("given", "present", [])
    consent = Consent.objects.get(text__purpose=Purpose.GUARDIAN)
    assert (consent.giver, consent.channel, consent.recorded_by) == ("guardian", "paper", trainer)


def test_a_young_walk_in_without_a_paper_is_logged(client, training):
    event, session, *_rest, trainer = training
    client.force_login(trainer)
    walk_in(client, event, session, birth_year=event.starts_on.year - 15, override="Alone in a strange town.")
    made = Registration.objects.get(source="walk_in")
    assert (made.guardian_consent, status_of(made)) == ("missing", "present")
    assert overrides() == [(trainer.pk, "registration", [str(made.uuid)], "Alone in a strange town.")]


def test_a_walk_in_who_is_registered_and_young_is_no_way_round(training):
    """The form is told that they are of age, and the registration knows better."""
    event, session, _grown, young, trainer = training
    young.participant.full_name = "Марія Нова"
    young.participant.save()
    person = Person("Марія Нова", email="maria@example.org", is_of_age=True)
    young.contact_digest, young.name_digest = person.contact_digests()[0], person.name_digest()
    young.save()
    with pytest.raises(GuardianConsentError):
        actions.add_walk_in(event=event, by=trainer, person=person, session=session)
    assert (Mark.objects.count(), overrides()) == (0, [])
