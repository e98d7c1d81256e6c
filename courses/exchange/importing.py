"""From an uploaded file to a course: looked through, shown, and made in one transaction."""

import datetime as dt
import logging

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses import tasks
from courses.exchange import building
from courses.exchange.archive import Bundle
from courses.exchange.assets import Unpacked
from courses.exchange.exceptions import ExchangeError
from courses.exchange.planning import plan
from courses.models import CourseImport, ImportState
from notifications import work

logger = logging.getLogger(__name__)

KEPT_FOR = dt.timedelta(days=7)


@transaction.atomic
def upload(*, file, parent, user):
    """Keep the file and have it looked through. Returns the row to wait for."""
    row = CourseImport.objects.create(file=file, parent=parent, made_by=user)
    work.hint(tasks.look_through_import, row.pk, translation.get_language())
    return row


@transaction.atomic
def confirm(row):
    """Have the course made that was shown. Saying so twice makes one course."""
    locked = CourseImport.objects.select_for_update().get(pk=row.pk)
    if locked.state == ImportState.PLANNED:
        locked.state = ImportState.RUNNING
        locked.save(update_fields=["state"])
        work.hint(tasks.make_import, locked.pk, translation.get_language())
    return locked


def look_through(pk):
    """Say what the file would make. It writes once, at the end: reading a large file must not keep others from writing."""
    row = CourseImport.objects.filter(pk=pk, state=ImportState.UPLOADED).first()
    if row is None:
        return
    try:
        with row.file.storage.open(row.file.name) as file:
            bundle = Bundle(file)
            bundle.check_files()
            found = plan(bundle.manifest, row.parent.specific, row.made_by)
    except ExchangeError as error:
        found = {"errors": [str(error)]}
    except Exception:
        # Left as it is it would be looked through again by every sweep, with the same end.
        logger.exception("The file of the import %s could not be looked through", pk)
        found = {"errors": [_wrong()]}
    errors = found.pop("errors")
    rows = CourseImport.objects.filter(pk=pk, state=ImportState.UPLOADED)
    rows.update(plan=found, errors=errors, state=ImportState.REFUSED if errors else ImportState.PLANNED)


def make(pk):
    """Make the course of a confirmed import; a second run finds it done."""
    try:
        with transaction.atomic():
            row = CourseImport.objects.select_for_update().filter(pk=pk, state=ImportState.RUNNING).first()
            if row is None:
                return
            with row.file.storage.open(row.file.name) as file:
                page = import_course(
                    file=file,
                    parent=row.parent.specific,
                    user=row.made_by,
                    on_step=lambda done, among: cache.set(progress_key(row), [done, among], 3600),
                )
            row.page, row.state = page, ImportState.DONE
            row.save(update_fields=["page", "state"])
            transaction.on_commit(lambda: row.file.storage.delete(row.file.name), robust=True)
    except ExchangeError as error:
        _refuse(pk, str(error))
    except Exception:
        logger.exception("The import %s of a course failed", pk)
        _refuse(pk, _wrong())


def _wrong():
    return _("Something went wrong, and nothing was made. Whoever runs this site finds it in the log.")


def _refuse(pk, why):
    rows = CourseImport.objects.filter(pk=pk, state=ImportState.RUNNING)
    rows.update(state=ImportState.REFUSED, errors=[why])


def progress_key(row):
    return f"oberih_courses.import.{row.uuid}"


def import_course(*, file, parent, user=None, on_step=None):
    """Make the course in the file below `parent`, all of it or nothing. Returns the page in the parent's language, or another.

    It keeps its keys where none of them is taken, so that the same course is the same on both sites; where one is, the
    course is made as another one.
    """
    bundle = Bundle(file)
    described = bundle.manifest
    assets = Unpacked(described["assets"], bundle.read, user)
    try:
        with transaction.atomic():
            keys = building.fresh_keys() if building.is_known(described) else building.Keys()
            made = building.build(described, parent=parent, keys=keys, assets=assets, user=user, on_step=on_step)
    except BaseException:
        assets.take_back()
        raise
    pages = sorted(made.course_pages, key=lambda page: page.locale_id != parent.locale_id)
    return pages[0]


def sweep():
    """What a lost hint left, and what nobody asked for any more."""
    waiting = CourseImport.objects.filter(state__in=[ImportState.UPLOADED, ImportState.RUNNING])
    done = 0
    for pk, state in list(waiting.values_list("pk", "state")[:20]):
        (look_through if state == ImportState.UPLOADED else make)(pk)
        done += 1
    for row in CourseImport.objects.filter(made_at__lt=timezone.now() - KEPT_FOR)[:100]:
        row.file.storage.delete(row.file.name)
        row.delete()
        done += 1
    return done
