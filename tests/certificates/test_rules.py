import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.rules import Evidence, Requirement, judge


@pytest.mark.parametrize(
    ("attended", "planned", "percent", "earned"),
    [(29, 50, 58, True), (28, 50, 58, False), (576, 720, 80, True), (575, 720, 80, False), (0, 0, 80, False)],
)
def test_attendance_is_compared_in_whole_numbers(attended, planned, percent, earned):
    verdict = judge(Requirement(attendance_percent=percent), Evidence(attended, planned))
    assert verdict == (earned, () if earned else ("attendance",))


@given(st.integers(1, 10_000), st.integers(1, 100), st.data())
def test_more_attendance_never_loses_a_certificate(planned, percent, data):
    attended = data.draw(st.integers(0, planned - 1))
    before = judge(Requirement(percent), Evidence(attended, planned)).earned
    after = judge(Requirement(percent), Evidence(attended + 1, planned)).earned
    assert after >= before


def test_every_requirement_has_to_be_met():
    requirement = Requirement(attendance_percent=50, needs_assessment=True, needs_lessons=True)
    evidence = Evidence(
        40, 100, assessments_passed=1, assessments_required=2, lessons_completed=3, lessons_required=3
    )
    assert judge(requirement, evidence) == (False, ("attendance", "assessment"))


def test_nobody_earns_a_certificate_for_nothing():
    assert judge(Requirement(), Evidence()) == (False, ())
    assert judge(Requirement(needs_assessment=True, needs_lessons=True), Evidence()) == (
        False,
        ("assessment", "lessons"),
    )


def test_the_word_of_a_package_alone_earns_nothing():
    done = Evidence(lessons_completed=2, lessons_required=2, lessons_by_package=1)
    assert judge(Requirement(needs_lessons=True), done) == (False, ("witness",))
    assert judge(Requirement(needs_lessons=True), done._replace(witnesses=1)) == (True, ())
    assert judge(Requirement(needs_lessons=True), done._replace(lessons_by_package=0)) == (True, ())
