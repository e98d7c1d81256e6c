from celery import shared_task


@shared_task(name="oberih.certificates.evaluate_event")
def evaluate_event(pk):
    from certificates import actions

    actions.evaluate_event(pk)


@shared_task(name="oberih.certificates.evaluate_attempt")
def evaluate_attempt(pk):
    from certificates import actions
    from courses.models import Attempt

    actions.evaluate_enrolment(Attempt.objects.values_list("enrolment_id", flat=True).get(pk=pk))


@shared_task(name="oberih.certificates.evaluate_enrolment")
def evaluate_enrolment(pk):
    from certificates import actions

    actions.evaluate_enrolment(pk)


@shared_task(name="oberih.certificates.issue")
def issue_certificate(pk):
    from certificates import actions

    actions.issue(pk)


@shared_task(name="oberih.certificates.follow_consent")
def follow_consent(pk):
    from certificates import actions

    actions.follow_consent(pk)
