from celery import shared_task


@shared_task(name="oberih.courses.follow_consent")
def follow_consent(pk):
    from courses import actions

    actions.follow_consent(pk)


@shared_task(name="oberih.courses.check_package")
def check_package(pk, language=""):
    from courses import actions

    actions.check_package(pk, language=language)
