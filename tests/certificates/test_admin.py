import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from certificates import actions
from certificates.models import AwardRule
from tests.certificates.factories import CourseFactory
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

ADD = "oberih_certificates_awardrule:add"


@pytest.fixture
def writer(client):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "add_awardrule"]))
    client.force_login(user)
    return user


def test_another_demand_is_a_new_version_and_counts_from_now_on(writer, client):
    course = CourseFactory()
    first = actions.rule_for_course(course)
    client.post(reverse(ADD), {"course": course.pk, "needs_lessons": "on", "needs_assessment": "on"})
    newest = actions.rule_for_course(course)
    assert (first.version, newest.version, newest.needs_lessons, newest.needs_assessment) == (1, 2, True, True)
    client.post(reverse("oberih_certificates_awardrule:edit", args=[first.pk]), {"needs_lessons": "on"})
    first.refresh_from_db()
    assert first.needs_lessons is False


def test_a_rule_asks_something(writer, client):
    response = client.post(reverse(ADD), {"course": CourseFactory().pk})
    assert (response.status_code, AwardRule.objects.count()) == (200, 0)
    assert response.context["form"].errors


def test_whoever_may_not_is_refused(client):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_awardrule"]))
    client.force_login(user)
    assert client.get(reverse("oberih_certificates_awardrule:index")).status_code == 200
    assert client.post(reverse(ADD), {"course": CourseFactory().pk, "needs_lessons": "on"}).status_code == 302
    assert AwardRule.objects.count() == 0


def test_a_rule_that_asks_nothing_cannot_be_stored(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardRule.objects.create(course=CourseFactory())
