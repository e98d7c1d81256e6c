from certificates import tasks
from notifications import work


def on_attendance_changed(sender, event_id, **kwargs):
    work.hint(tasks.evaluate_event, event_id)


def on_assessment_passed(sender, attempt_id, **kwargs):
    work.hint(tasks.evaluate_attempt, attempt_id)


def on_course_completed(sender, enrolment_id, **kwargs):
    work.hint(tasks.evaluate_enrolment, enrolment_id)


def on_consent_changed(sender, consent_id, **kwargs):
    work.hint(tasks.follow_consent, consent_id)
