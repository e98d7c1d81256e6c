from celery import shared_task


@shared_task(name="oberih.events.follow_consent")
def follow_consent(pk):
    from events import consents

    consents.follow(pk)
