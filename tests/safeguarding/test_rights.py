import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from safeguarding import rights
from safeguarding.models import Role, RoleGrant
from tests.factories import UserFactory


def one_with(role, **scope):
    user = UserFactory()
    RoleGrant.objects.create(user=user, role=role, **scope)
    return get_user_model().objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("role", "right"),
    [
        (Role.TRAINER, "oberih_events.hold_event"),
        (Role.TRAINER, "oberih_attendance.take_register"),
        (Role.FOCAL_POINT, "oberih_events.see_colleagues"),
        (Role.MANAGER, "oberih_reporting.see_numbers"),
        (Role.MANAGER, "oberih_certificates.view_certificate"),
        (Role.EDITOR, "oberih_courses.change_question"),
        (Role.AUDITOR, "oberih_safeguarding.view_auditentry"),
        (Role.ADMINISTRATOR, "oberih_safeguarding.add_rolegrant"),
    ],
)
def test_a_role_carries_its_rights_and_no_other_role_has_them_by_accident(db, role, right):
    carriers = set(rights.table()[right])
    assert {one for one in Role if one_with(one).has_perm(right)} == carriers
    assert role in carriers
    assert not UserFactory().has_perm(right)
    assert not AnonymousUser().has_perm(right)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUDITOR, Role.FOCAL_POINT])
def test_content_the_log_and_colleagues_open_no_trainings_and_no_roles(db, role):
    held = one_with(role).get_all_permissions()
    closed = {
        "oberih_events.hold_event",
        "oberih_attendance.take_register",
        "oberih_certificates.view_certificate",
        "oberih_reporting.see_numbers",
        "oberih_safeguarding.add_rolegrant",
    }
    assert held & closed == set()


def test_an_administrator_carries_every_right(db):
    assert one_with(Role.ADMINISTRATOR).get_all_permissions() >= set(rights.table())


def test_whoever_was_made_inactive_has_no_right(db):
    user = one_with(Role.ADMINISTRATOR)
    user.is_active = False
    user.save()
    user = get_user_model().objects.get(pk=user.pk)
    assert (user.has_perm("oberih_events.hold_event"), user.get_all_permissions()) == (False, set())


def test_rights_cost_one_statement_however_often_they_are_asked_for(db, django_assert_num_queries):
    user = one_with(Role.MANAGER)
    with django_assert_num_queries(
        3
    ):  # The grants, and Django's own two of a user's and their groups' permissions.
        for _time in range(3):
            for right in rights.table():
                user.has_perm(right)
