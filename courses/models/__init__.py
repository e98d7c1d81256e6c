"""Import from here. Inside, `things` knows nobody, `bank` and `access` the things, `enrolments` those, `packages` all."""

from courses.models.access import (
    Decision,
    EnrolmentImport,
    EnrolmentInvitation,
    EnrolmentKey,
    EnrolmentRequest,
    Group,
    GroupCourse,
    GroupMember,
)
from courses.models.assessments import Assessment, AssessmentKind, AssessmentQuestion, ShowAnswers
from courses.models.bank import OptionBlock, Question, QuestionKind
from courses.models.enrolments import (
    GRACE,
    Answer,
    Attempt,
    Confirmation,
    Enrolment,
    EnrolmentQuerySet,
    LessonProgress,
    LessonState,
    MediaProgress,
    StudyTime,
)
from courses.models.imports import CourseImport, ImportState
from courses.models.packages import Package, PackageKind, PackageRun, PackageState, Statement
from courses.models.things import Access, CompletionRule, Course, CourseQuerySet, Lesson, Prerequisite

__all__ = [
    "GRACE",
    "Access",
    "Answer",
    "Assessment",
    "AssessmentKind",
    "AssessmentQuestion",
    "Attempt",
    "CompletionRule",
    "Confirmation",
    "Course",
    "CourseImport",
    "CourseQuerySet",
    "Decision",
    "Enrolment",
    "EnrolmentImport",
    "EnrolmentInvitation",
    "EnrolmentKey",
    "EnrolmentQuerySet",
    "EnrolmentRequest",
    "Group",
    "GroupCourse",
    "GroupMember",
    "ImportState",
    "Lesson",
    "LessonProgress",
    "LessonState",
    "MediaProgress",
    "OptionBlock",
    "Package",
    "PackageKind",
    "PackageRun",
    "PackageState",
    "Prerequisite",
    "Question",
    "QuestionKind",
    "ShowAnswers",
    "Statement",
    "StudyTime",
]
