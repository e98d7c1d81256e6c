"""What learners do with packages: begin one, go on, be through with it."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.actions.completing import fold_completion
from courses.exceptions import SupersededError
from courses.models import PackageKind, PackageRun, Statement
from courses.packages.manifest import launchable

_ADVANCE = ["unknown", "incomplete", "completed"]


@dataclass(frozen=True)
class Committed:
    run: PackageRun
    is_new: bool


@transaction.atomic
def launch(*, enrolment, package, lesson, item, language):
    """The learner opens a part of a package: a new session, that makes whatever an older one still sends too late."""
    run, is_new = PackageRun.objects.select_for_update().get_or_create(
        enrolment=enrolment, package=package, item=item["id"], defaults={"lesson": lesson, "language": language}
    )
    now = timezone.now()
    if is_new:
        # A part that a newer file brought does not take back that the package was completed.
        others = PackageRun.objects.filter(enrolment=enrolment, package=package, completed_at__isnull=False)
        run.completed_at = others.values_list("completed_at", flat=True).first()
    if not run.is_done:
        if not run.goes_on:
            run.cmi = {}
        run.is_finished = False
    run.lesson, run.language = lesson, language
    run.session, run.session_at, run.session_seconds, run.commits = uuid.uuid4(), now, 0, 0
    run.updated_at = now
    if item["type"] == "asset":
        # A page without scripts for us: there is nothing to do but look at it.
        run.completion = "completed"
    run.save()
    if item["type"] == "asset":
        note_package(run)
    return run


@transaction.atomic
def commit(*, session, number, report, is_final=False, seconds=0):
    """Keep what the package committed. A commit that comes again, or late, changes nothing.

    `seconds` are those that the player counted; they stand in where the package measures no time of its own. No session is
    longer than the time that has passed since it began.
    """
    run = _locked(session)
    if number <= run.commits:
        return Committed(run, is_new=False)
    now = timezone.now()
    spent = min(report.seconds or seconds, max(0, int((now - run.session_at).total_seconds())))
    spent = max(spent, run.session_seconds)
    run.seconds += spent - run.session_seconds
    run.session_seconds = spent
    run.commits, run.cmi, run.is_finished, run.updated_at = number, report.kept, is_final, now
    if not run.is_done and run.package.kind != PackageKind.H5P:
        _advance(run, report)
    run.save()
    if run.is_done:
        note_package(run)
    return Committed(run, is_new=True)


def _locked(session):
    run = (
        PackageRun.objects.select_for_update(of=("self",))
        .select_related("package")
        .filter(session=session)
        .first()
    )
    if run is None:
        raise SupersededError(
            _("This package was opened in another window. Go on there, or load this page again.")
        )
    return run


def _advance(run, report):
    """Completion only moves forward; but who failed begins again, and is through when the package says so."""
    has_failed = run.success == "failed"
    if has_failed or _ADVANCE.index(report.completion) > _ADVANCE.index(run.completion):
        run.completion = report.completion
    if has_failed or report.success != "unknown":
        run.success = report.success
    if report.score is not None:
        run.score = report.score


@transaction.atomic
def store_statements(*, session, statements):
    """Keep xAPI statements; one that is known already changes nothing. Returns how many are new."""
    run = _locked(session)
    known = set(Statement.objects.filter(uuid__in=[one.uuid for one in statements]).values_list("uuid", flat=True))
    new = list({one.uuid: one for one in statements if one.uuid not in known}.values())
    Statement.objects.bulk_create(
        [
            Statement(
                uuid=one.uuid,
                enrolment_id=run.enrolment_id,
                package_id=run.package_id,
                verb=one.verb,
                activity=one.activity,
                content=one.content,
            )
            for one in new
        ],
        # Somebody else's statement may have the same id by design of whoever made the package.
        ignore_conflicts=True,
    )
    for one in new:
        if not run.is_done:
            _advance(run, one)
    if new:
        run.updated_at = timezone.now()
        run.save()
        if run.is_done:
            note_package(run)
    return len(new)


@transaction.atomic
def note_package(run):
    """A part of a package is completed: so may be the package, and the lesson that it completes.

    Returns whether the whole package is. Once it was, it stays, whatever file replaces it.
    """
    runs = PackageRun.objects.filter(enrolment=run.enrolment_id, package=run.package_id)
    done = {one.item for one in runs if one.is_done}
    if not all(item["id"] in done for item in launchable(run.package.items)):
        return False
    runs.filter(completed_at=None).update(completed_at=timezone.now())
    run.refresh_from_db(fields=["completed_at"])
    fold_completion(run.enrolment)
    return True
