"""What programmes held before they had steps."""

import importlib

import pytest
from django.apps import apps

from events.models import Programme, ProgrammeStep
from tests.events.factories import CourseFactory

MIGRATION = importlib.import_module("events.migrations.0004_courses_of_programmes_become_steps")


class Courses:
    """The relation that is gone, as the migration finds it."""

    def __init__(self, courses):
        self._courses, self.added = courses, []

    def order_by(self, name):
        return sorted(self._courses, key=lambda course: getattr(course, name))

    def add(self, course):
        self.added.append(course)


@pytest.mark.django_db
def test_courses_become_steps_in_the_order_of_their_codes(monkeypatch):
    courses = [CourseFactory(code="b"), CourseFactory(code="a")]
    relation = Courses(courses)
    monkeypatch.setattr(Programme, "courses", relation, raising=False)
    Programme.objects.create(code="one", title="One")
    MIGRATION.to_steps(apps, None)
    assert [(step.position, step.course.code) for step in ProgrammeStep.objects.all()] == [(0, "a"), (1, "b")]
    MIGRATION.to_courses(apps, None)
    assert [course.code for course in relation.added] == ["a", "b"]
