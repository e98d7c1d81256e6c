from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import page_published, page_unpublished, post_page_move

from courses import actions, publishing, tasks, trees
from courses.models import Package
from courses.pages import CoursePageMixin, LessonPageMixin
from notifications import work
from participants.signals import consent_changed


def connect():
    page_published.connect(_changed, dispatch_uid="oberih_courses.published")
    page_unpublished.connect(_changed, dispatch_uid="oberih_courses.unpublished")
    post_page_move.connect(_moved, dispatch_uid="oberih_courses.moved")
    consent_changed.connect(_on_consent_changed, dispatch_uid="oberih_courses.consent_changed")
    post_delete.connect(_package_deleted, sender=Package, dispatch_uid="oberih_courses.package_deleted")
    # To these types alone: a receiver for every model would take Django's quick deletes away from all of them.
    for model in trees.concrete((CoursePageMixin, LessonPageMixin)):
        post_delete.connect(_changed, sender=model, dispatch_uid=f"oberih_courses.deleted.{model._meta.label}")


def _package_deleted(sender, instance, **kwargs):
    # After the commit: a deletion that is taken back must find its files.
    transaction.on_commit(lambda: actions.delete_files(instance), robust=True)


def _changed(sender, instance, **kwargs):
    publishing.publish_page(instance)


def _moved(sender, instance, parent_page_before, **kwargs):
    # Wagtail sends this also when only the order changed.
    publishing.publish_page(instance.specific)
    publishing.publish_page(parent_page_before.specific)


def _on_consent_changed(sender, consent_id, **kwargs):
    work.hint(tasks.follow_consent, consent_id)
