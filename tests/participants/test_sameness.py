import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from participants import sameness
from participants.exceptions import SamenessError
from participants.models import Merge, NotSame, Participant
from participants.suggestions import suggestions
from safeguarding.models import AuditEntry
from tests.factories import UserFactory
from tests.participants.factories import person, pointers, reckoned

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


def test_a_merge_points_every_row_of_the_other_at_the_one_who_is_kept(by):
    kept, other, third = person(), person(), person()
    sameness.merge(kept=other, other=third, by=by)
    decided = sameness.merge(kept=kept, other=other, by=by, reasons=["name", "birth_year"])
    assert pointers() == dict.fromkeys([kept.pk, other.pk, third.pk], kept.pk)
    assert (decided.reasons, decided.decided_by, decided.undone_at) == (["name", "birth_year"], by, None)
    entry = AuditEntry.objects.get(action="merge", reason="name, birth_year")
    assert (entry.actor, entry.subject, entry.keys) == (by, "participant", [str(kept.uuid), str(other.uuid)])


def test_undoing_parts_what_was_joined_and_nothing_else(by):
    kept, other, third = person(), person(), person()
    inner = sameness.merge(kept=other, other=third, by=by)
    outer = sameness.merge(kept=kept, other=other, by=by)
    sameness.unmerge(merge=inner, by=by)
    assert pointers() == {kept.pk: kept.pk, other.pk: kept.pk, third.pk: third.pk}
    sameness.unmerge(merge=outer, by=by)
    assert pointers() == {row.pk: row.pk for row in (kept, other, third)}
    inner.refresh_from_db()
    assert (inner.undone_by, inner.undone_at is None) == (by, False)
    assert list(AuditEntry.objects.filter(action="unmerge").values_list("keys", flat=True)) == [
        [str(kept.uuid), str(other.uuid)],
        [str(other.uuid), str(third.uuid)],
    ]


def test_what_was_undone_is_not_suggested_again(by):
    kept, other = person(birth_year=1990), person(birth_year=1990)
    decided = sameness.merge(kept=kept, other=other, by=by)
    sameness.unmerge(merge=decided, by=by)
    assert suggestions() == []
    assert list(NotSame.objects.values_list("first", "second")) == [(kept.pk, other.pk)]
    with pytest.raises(SamenessError):
        sameness.unmerge(merge=decided, by=by)


def test_two_people_are_remembered_once_also_for_the_rows_merged_later(by):
    one, other, third = (person(birth_year=1990) for _ in range(3))
    sameness.tell_apart(first=other, second=one, by=by)
    sameness.tell_apart(first=one, second=other, by=by)
    assert list(NotSame.objects.values_list("first", "second")) == [(one.pk, other.pk)]
    sameness.merge(kept=third, other=other, by=by)
    assert suggestions() == []


def test_a_merge_takes_back_that_they_were_two(by):
    one, other = person(), person()
    sameness.tell_apart(first=one, second=other, by=by)
    sameness.merge(kept=one, other=other, by=by)
    assert not NotSame.objects.exists()


def test_who_is_merged_erased_or_the_same_row_is_refused(by):
    one, other, third, gone = person(), person(), person(), person()
    Participant.objects.filter(pk=gone.pk).update(
        full_name="", latin_name="", name_key="", email="", erased_at="2026-01-01T00:00Z"
    )
    sameness.merge(kept=one, other=other, by=by)
    before = pointers()
    for kept, merged in ((one, one), (other, third), (third, other), (one, gone), (gone, one)):
        with pytest.raises(SamenessError):
            sameness.merge(kept=kept, other=merged, by=by)
    for first, second in ((other, third), (one, other), (gone, third)):
        with pytest.raises(SamenessError):
            sameness.tell_apart(first=first, second=second, by=by)
    assert (pointers(), Merge.objects.count(), NotSame.objects.count()) == (before, 1, 0)


def test_people_may_have_two_accounts(by):
    one, other = (person(user=UserFactory()) for _ in range(2))
    sameness.merge(kept=one, other=other, by=by)
    other.refresh_from_db()
    assert (other.root_id, other.user_id is None) == (one.pk, False)


class Decisions(HypothesisTestCase):
    """Any sequence of merges and undos, by the position of whom or what they are about."""

    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
                st.tuples(st.just("undo"), st.integers(0, 9), st.just(0)),
            ),
            max_size=14,
        )
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_who_is_counted_follows_from_the_decisions_that_stand(self, deeds):
        by = UserFactory()
        people = [person(f"Person Number{number}") for number in range(6)]
        made = []
        for deed, one, other in deeds:
            try:
                if deed == "merge":
                    made.append(sameness.merge(kept=people[one], other=people[other], by=by))
                elif made:
                    sameness.unmerge(merge=made[one % len(made)], by=by)
            except SamenessError:
                pass
            assert pointers() == reckoned()
        assert sameness.derive() == 0
        for decided in Merge.objects.filter(undone_at=None):
            sameness.unmerge(merge=decided, by=by)
        assert pointers() == {one.pk: one.pk for one in people}


def test_deriving_heals_what_was_lost_and_changes_nothing_twice(by, capsys):
    one, other, third = person(), person(), person()
    sameness.merge(kept=one, other=other, by=by)
    Participant.objects.filter(pk=other.pk).update(merged_into=None)
    Participant.objects.filter(pk=third.pk).update(merged_into=one, name_key="stale")
    call_command("derive_people")
    assert pointers() == {one.pk: one.pk, other.pk: one.pk, third.pk: third.pk}
    third.refresh_from_db()
    assert third.name_key == one.name_key
    call_command("derive_people")
    assert capsys.readouterr().out == "3 corrections\n0 corrections\n"
