from safeguarding.personal_data import PersonalData, register


def register_all():
    register(
        PersonalData(
            model="oberih_courses.Enrolment",
            owner="participant",
            fields=(
                "course",
                "enrolled_at",
                "withdrawn_at",
                "completed_at",
                "completed_language",
                "sex",
                "age_band",
                "category",
                "organisation",
                "origin_area",
                "displacement",
                "disability",
                "language",
            ),
        ),
        PersonalData(
            model="oberih_courses.LessonProgress",
            owner="enrolment__participant",
            fields=("lesson", "state", "language", "opened_at", "completed_at"),
        ),
        PersonalData(
            model="oberih_courses.Attempt",
            owner="enrolment__participant",
            fields=(
                "assessment",
                "number",
                "language",
                "started_at",
                "submitted_at",
                "points",
                "points_possible",
                "passed",
            ),
        ),
        PersonalData(
            model="oberih_courses.Answer",
            owner="enrolment__participant",
            fields=("item", "chosen", "correct", "language", "given_at"),
            delete=True,
        ),
    )
