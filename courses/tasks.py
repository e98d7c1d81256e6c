from celery import shared_task


@shared_task(name="oberih.courses.follow_consent")
def follow_consent(pk):
    from courses import actions

    actions.follow_consent(pk)
