"""What a course lacks, said to its authors before they publish it. It never keeps them from publishing.

`facts` reads everything about some courses in a number of statements that does not grow; the checks beside it are pure.
"""

from courses.checking import assessments, courses, lessons
from courses.checking.facts import gather
from courses.checking.findings import BETTER, STOPS, Finding

__all__ = ["BETTER", "STOPS", "Finding", "check", "gather", "of_courses"]


def check(course):
    """The findings of one course's facts, what stops learners first."""
    found = [*courses.check(course), *lessons.check(course), *assessments.check(course)]
    return sorted(found, key=lambda finding: finding.grade != STOPS)


def of_courses(keys):
    """{course's key: its findings} in a fixed number of statements."""
    return {course.key: check(course) for course in gather(keys)}
