"""What a certificate takes: counts in, verdict out. Whole numbers only, so that 29 of 50 is 58 % and not a little less."""

from typing import NamedTuple


class Requirement(NamedTuple):
    attendance_percent: int | None = None
    needs_assessment: bool = False
    needs_lessons: bool = False


class Evidence(NamedTuple):
    attended_minutes: int = 0
    planned_minutes: int = 0
    assessments_passed: int = 0
    assessments_required: int = 0
    lessons_completed: int = 0
    lessons_required: int = 0
    lessons_by_package: int = 0
    """Of the lessons, those that only a package says were completed."""
    witnesses: int = 0
    """What the server scored or a trainer confirmed, of whatever part of the course."""


class Verdict(NamedTuple):
    earned: bool
    missing: tuple[str, ...]


def judge(requirement, evidence):
    """Whether `evidence` fulfils `requirement`, and what is missing: "attendance", "assessment", "lessons", "witness".

    What asks for something that does not exist (attendance without sessions, an assessment of a course that has none)
    cannot be fulfilled: nobody earns a certificate for nothing. Nor by the word of a package alone, which runs in the learner's
    browser and says what it likes: somebody else has to have seen something of them, a passed assessment or a trainer.
    """
    checks = []
    if requirement.attendance_percent is not None:
        enough = evidence.attended_minutes * 100 >= requirement.attendance_percent * evidence.planned_minutes
        checks.append(("attendance", evidence.planned_minutes > 0 and enough))
    if requirement.needs_assessment:
        passed = 0 < evidence.assessments_required <= evidence.assessments_passed
        checks.append(("assessment", passed))
    if requirement.needs_lessons:
        done = 0 < evidence.lessons_required <= evidence.lessons_completed
        checks.append(("lessons", done))
        if evidence.lessons_by_package:
            checks.append(("witness", evidence.witnesses > 0))
    missing = tuple(name for name, fulfilled in checks if not fulfilled)
    return Verdict(bool(checks) and not missing, missing)
