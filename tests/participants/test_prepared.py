"""Statements compiled once: they find what the queryset finds, for whatever values."""

import uuid

import pytest
from django.db.models import Count, Max, Value

from participants.models import Participant
from participants.prepared import Prepared
from tests.courses.factories import LearnerFactory

pytestmark = pytest.mark.django_db


def test_it_finds_what_the_queryset_finds_for_each_value(django_assert_num_queries):
    people = [LearnerFactory(link_version=number) for number in (1, 2)]
    by_link = Prepared(
        Participant,
        lambda key, version: Participant.objects.filter(uuid=key, link_version=version),
        uuid.UUID,
        int,
    )
    with django_assert_num_queries(3):
        found = [list(by_link.rows(one.uuid, one.link_version)) for one in people]
        nobody = list(by_link.rows(people[0].uuid, 2))
    assert (found, nobody) == ([[people[0]], [people[1]]], [])
    assert found[0][0].full_name == people[0].full_name


def test_other_values_of_the_statement_stay():
    person = LearnerFactory(full_name="Olena", language="uk")
    named = Prepared(
        Participant, lambda pk: Participant.objects.filter(pk=pk, full_name="Olena", erased_at=None), int
    )
    assert list(named.rows(person.pk)) == [person]
    Participant.objects.update(full_name="Oksana")
    assert list(named.rows(person.pk)) == []


def test_a_value_that_is_not_in_the_statement_is_told_at_once():
    lost = Prepared(Participant, lambda pk: Participant.objects.all(), int)
    with pytest.raises(ValueError, match="does not stand in it"):
        lost.rows(1)


def test_what_is_annotated_comes_as_the_queryset_gives_it(django_assert_num_queries):
    person = LearnerFactory(full_name="Olena")

    def counted(pk):
        return Participant.objects.filter(pk=pk).annotate(
            last=Max("created_at"), keys=Count("contact_keys"), deferred=Value("as text")
        )

    (same,) = counted(person.pk)
    with django_assert_num_queries(1):
        (found,) = Prepared(Participant, counted, int).rows(person.pk)
        assert (found.last, found.keys, found.deferred) == (same.last, same.keys, same.deferred)
    assert {field.attname: getattr(found, field.attname) for field in Participant._meta.concrete_fields} == {
        field.attname: getattr(same, field.attname) for field in Participant._meta.concrete_fields
    }
