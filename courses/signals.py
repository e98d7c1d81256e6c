"""News for the rooms above, sent after the commit with an id and nothing else."""

from django.dispatch import Signal

# attempt_id
assessment_passed = Signal()
# enrolment_id
course_completed = Signal()
