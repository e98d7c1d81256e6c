from celery import shared_task
from django.utils import translation


@shared_task(name="oberih.courses.follow_consent")
def follow_consent(pk):
    from courses import actions

    actions.follow_consent(pk)


@shared_task(name="oberih.courses.check_package")
def check_package(pk, language=""):
    from courses import actions

    actions.check_package(pk, language=language)


@shared_task(name="oberih.courses.look_through_import")
def look_through_import(pk, language):
    from courses.exchange import importing

    # What it says is kept, and read by whoever brought the file.
    with translation.override(language):
        importing.look_through(pk)


@shared_task(name="oberih.courses.make_import")
def make_import(pk, language):
    from courses.exchange import importing

    with translation.override(language):
        importing.make(pk)
