import pytest


@pytest.fixture
def heard():
    """What the room's signals told the rooms above, in order."""
    from courses import signals

    news = []

    def on_passed(sender, attempt_id, **kwargs):
        news.append(("assessment_passed", attempt_id))

    def on_completed(sender, enrolment_id, **kwargs):
        news.append(("course_completed", enrolment_id))

    signals.assessment_passed.connect(on_passed)
    signals.course_completed.connect(on_completed)
    yield news
    signals.assessment_passed.disconnect(on_passed)
    signals.course_completed.disconnect(on_completed)
