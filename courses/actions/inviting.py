"""Invitations to a course: an offer by mail that one person can take once."""

import datetime as dt
import hashlib
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access
from courses.actions import grouping
from courses.actions.enrolling import enrol
from courses.exceptions import InvitationError
from courses.models import Enrolment, EnrolmentInvitation
from notifications.actions import owe
from participants.actions import verify_contact
from participants.models import ContactKind, Participant
from safeguarding import audit

DAYS = 14


def hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(invitation):
    """A token for the next mail; those of earlier mails no longer open anything. Only its hash is kept."""
    token = secrets.token_urlsafe(32)
    EnrolmentInvitation.objects.filter(pk=invitation.pk).update(token_hash=hashed(token))
    return token


def by_token(token):
    """The open invitation of a token, or None."""
    rows = EnrolmentInvitation.objects.select_related("course", "participant__merged_into", "group")
    return rows.filter(
        token_hash=hashed(token),
        accepted_at=None,
        expires_at__gt=timezone.now(),
        participant__erased_at=None,
        course__archived_at=None,
    ).first()


@transaction.atomic
def invite(*, course, participant, by, group=None, reason=""):
    """Ask somebody to take the course. Where another comes first, it takes a reason, which is logged."""
    if not participant.email:
        raise InvitationError(_("Invitations go by e-mail, and of this person we hold no address."))
    if Enrolment.objects.active().filter(course=course, participant__in=Participant.objects.same_as(participant)):
        raise InvitationError(_("This person takes this course already."))
    if not reason:
        access.need_prerequisites(participant, course)
    try:
        with transaction.atomic():
            invitation = EnrolmentInvitation.objects.create(
                course=course,
                participant=participant,
                group=group,
                invited_by=by,
                # Of no token that anybody has: the mail makes its own.
                token_hash=hashed(secrets.token_urlsafe(32)),
                expires_at=timezone.now() + dt.timedelta(days=DAYS),
            )
    except IntegrityError:
        raise InvitationError(_("This person has been invited already.")) from None
    audit.record(by, "invite", "course-invitation", [participant.uuid, course.pk], reason=reason)
    _mail(invitation)
    return invitation


@transaction.atomic
def invite_again(*, invitation, by):
    """Send a new link. Earlier ones no longer work, and the time begins anew."""
    locked = _open(invitation)
    locked.invited_at = timezone.now()
    locked.expires_at = locked.invited_at + dt.timedelta(days=DAYS)
    locked.save(update_fields=["invited_at", "expires_at"])
    audit.record(by, "invite", "course-invitation", [locked.participant.uuid, locked.course_id])
    _mail(locked)
    return locked


@transaction.atomic
def withdraw_invitation(*, invitation, by):
    """Take an offer back: its row goes, and with it every link."""
    locked = _open(invitation)
    audit.record(by, "withdraw", "course-invitation", [locked.participant.uuid, locked.course_id])
    locked.delete()


@transaction.atomic
def accept_invitation(*, invitation):
    """Whoever holds the mail takes the course. It proves that the address is theirs."""
    locked = _open(invitation)
    if locked.expires_at <= timezone.now() or locked.participant.erased_at:
        raise InvitationError(_("This invitation is no longer open. Ask for a new one."))
    verify_contact(locked.participant, ContactKind.EMAIL)
    group = locked.group if locked.group_id and locked.group.archived_at is None else None
    taken = group.courses.filter(course=locked.course).first() if group else None
    enrolment = enrol(
        participant=locked.participant,
        course=locked.course,
        source=f"invitation:{locked.pk}",
        group=group,
        group_date=taken and taken.due_on,
    )
    if group is not None:
        grouping.add_members(group=group, participants=[locked.participant], by=None, tells=False)
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    return enrolment


def _open(invitation):
    # Of the row itself alone: a nullable relation cannot be locked with it.
    locked = EnrolmentInvitation.objects.select_for_update().filter(pk=invitation.pk, accepted_at=None).first()
    if locked is None:
        raise InvitationError(_("This invitation is no longer open. Ask for a new one."))
    return locked


def _mail(invitation):
    owe(
        "courses.invitation",
        participant=invitation.participant,
        subject_key=str(invitation.pk),
        occurrence=f"{invitation.invited_at:%Y-%m-%dT%H:%M:%S.%f}",
        to=("email", invitation.participant.email),
    )
