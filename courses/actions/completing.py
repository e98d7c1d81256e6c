import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from courses import signals
from courses.completion import Mark, course_completed, is_renewed, newly_completed
from courses.facts import course_rules, learnt_in
from courses.models import Enrolment, LessonProgress, LessonState, MediaProgress, StudyTime


@transaction.atomic
def open_lesson(*, enrolment, lesson, language):
    """The learner looks at the lesson: where they are, and that it was opened at all."""
    progress, _created = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"language": language}
    )
    Enrolment.objects.filter(pk=enrolment.pk).exclude(last_lesson=lesson).update(last_lesson=lesson)
    return progress


@transaction.atomic
def read_lesson(*, enrolment, lesson, language, rule=None):
    """The learner says that they read the lesson, which completes it if that is all it asks. Returns the enrolment.

    Saying it again changes nothing, unless the lesson was renewed since. `rule` is what the course asks
    (`facts.course_rules`), where the caller knows it.
    """
    locked = _lock(enrolment)
    facts = learnt_in(locked).facts
    said = facts.read.get(lesson.key)
    if said and not is_renewed(lesson, said.at):
        return _fold(locked, facts, rule, {})
    now = timezone.now()
    facts = replace(facts, read={**facts.read, lesson.key: Mark(now, language)})
    # A completed lesson keeps the language in which it was completed.
    changes = {"read_at": now} | ({} if lesson.key in facts.completed else {"language": language})
    return _fold(locked, facts, rule, {lesson.key: changes})


@transaction.atomic
def note_media(*, enrolment, lesson, block, seconds, position, length, language):
    """Keep how much of a video or an audio was played. Returns the row.

    `seconds` are different seconds, as the player counts them; more than can have passed since it last told is not
    believed. At nine tenths of its `length` it counts as finished.
    """
    locked = _lock(enrolment)
    now = timezone.now()
    row = MediaProgress.objects.filter(enrolment=locked, block=block).first()
    if row is None:
        opened = LessonProgress.objects.filter(enrolment=locked, lesson=lesson).first()
        row = MediaProgress(enrolment=locked, lesson=lesson, block=block, language=language)
        row.updated_at = opened.opened_at if opened else now
    believed = row.seconds + _PLAYED_FASTEST * int((now - row.updated_at).total_seconds()) + _SLACK
    row.seconds = max(row.seconds, min(seconds, believed, length))
    row.position, row.updated_at, row.lesson = min(position, length), now, lesson
    was_finished = row.finished_at is not None
    if not was_finished and row.seconds * 10 >= length * 9:
        row.finished_at, row.language = now, language
    row.save()
    if row.finished_at and not was_finished:
        fold_completion(locked)
    return row


# Players offer twice the speed.
_PLAYED_FASTEST = 2
# What a slow line or a clock may be late, in seconds.
_SLACK = 30
# A page tells every minute; what it tells first may be that old.
_TOLD_EVERY = 60
_LONGEST_VISIT = 4 * 3600


@transaction.atomic
def note_time(*, enrolment, lesson, uuid, seconds, language):
    """Keep how long a visit to a lesson has lasted. Seconds only grow, and not faster than the clock.

    A visit is of one learner and one lesson: what else is sent under its key is not kept.
    """
    now = timezone.now()
    first = min(seconds, _TOLD_EVERY + _SLACK)
    visit, is_new = StudyTime.objects.select_for_update().get_or_create(
        uuid=uuid,
        defaults={
            "enrolment": enrolment,
            "lesson": lesson,
            "seconds": first,
            "language": language,
            "started_at": now - dt.timedelta(seconds=first),
        },
    )
    if is_new:
        return visit
    if (visit.enrolment_id, visit.lesson_id) != (enrolment.pk, lesson.pk):
        return None
    believed = min(int((now - visit.started_at).total_seconds()) + _SLACK, _LONGEST_VISIT)
    visit.seconds = max(visit.seconds, min(seconds, believed))
    visit.updated_at = now
    visit.save(update_fields=["seconds", "updated_at"])
    return visit


def _lock(enrolment):
    return Enrolment.objects.select_for_update().get(pk=enrolment.pk)


@transaction.atomic
def fold_completion(enrolment):
    """Record what the facts have completed: lessons, and the course. Returns whether the course is.

    Asked after every fact, so their order does not matter; once recorded it stays, whatever is edited later.
    """
    locked = _lock(enrolment)
    return _fold(locked, learnt_in(locked).facts, None, {}).completed_at is not None


def _fold(locked, facts, rule, changes):
    """Write `changes` ({lesson's key: values of its progress}) with what the facts complete beyond them.

    The facts are read after the lock: whoever else recorded one has done so before, or waits.
    """
    rule = rule or course_rules([locked.course_id])[locked.course_id]
    for key, mark in newly_completed(rule, facts).items():
        changes[key] = changes.get(key, {}) | {
            "state": LessonState.COMPLETED,
            "completed_at": mark.at,
            "language": mark.language,
        }
    for key, values in changes.items():
        if key in facts.opened:
            LessonProgress.objects.filter(enrolment=locked, lesson_id=key).update(**values)
        else:
            # Whoever opens the page at this moment makes the row, too, and without the lock.
            LessonProgress.objects.bulk_create(
                [LessonProgress(enrolment=locked, lesson_id=key, **values)],
                update_conflicts=True,
                unique_fields=["enrolment", "lesson"],
                update_fields=list(values),
            )
    mark = None if locked.completed_at else course_completed(rule, facts)
    if mark:
        # What was done on paper was completed on its day; everything else when it is found to be.
        locked.completed_at = mark.at if facts.course_confirmed else timezone.now()
        locked.completed_language = mark.language
        locked.save(update_fields=["completed_at", "completed_language"])
        transaction.on_commit(
            lambda: signals.course_completed.send_robust(Enrolment, enrolment_id=locked.pk), robust=True
        )
    return locked
