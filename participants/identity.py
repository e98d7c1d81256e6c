"""Who is looking: a logged-in user's participant, or whoever opened a personal link in this browser."""

import time
import uuid

from django.core import signing

from participants.conf import link_days
from participants.models import Participant
from participants.prepared import Prepared

_SALT = "oberih.participants.link"
_SESSION_KEY = "oberih_participant"
# When it was last proved in this browser who somebody is, by a link or by logging in.
_PROVED_KEY = "oberih_proved_at"
_FRESH_SECONDS = 3600
# When somebody who came by a link was last here: on a computer of many, the next one must not find them.
_SEEN_KEY = "oberih_seen_at"
_IDLE_SECONDS = 12 * 3600
# How often a session is written because they are still here.
_WRITTEN_EVERY = 300

_of_user = Prepared(Participant, lambda user: Participant.objects.filter(user_id=user), int)
_of_link = Prepared(
    Participant,
    lambda key, version: Participant.objects.filter(uuid=key, link_version=version, erased_at=None),
    uuid.UUID,
    int,
)


def link_token(participant, channel):
    """A token for a personal link, to be sent to the participant's own e-mail or phone and nowhere else.

    `channel` ("email" or "phone") is where it goes: opening it proves that the contact is theirs.
    """
    return signing.dumps([str(participant.uuid), participant.link_version, channel], salt=_SALT)


def from_token(token):
    """The participant of a personal link and the channel it was sent to; (None, None) if it is forged, old or withdrawn.

    Neither does it open anything where the contact went because another was proved first.
    """
    try:
        key, version, channel = signing.loads(token, salt=_SALT, max_age=link_days() * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None, None
    participant = Participant.objects.filter(uuid=key, link_version=version, erased_at=None).first()
    if participant is None or not participant.contact_keys.telling().filter(kind=channel).exists():
        return None, None
    return participant, channel


def remember(request, participant):
    """Let this browser go on as `participant` until it is closed, leaves, or shows no sign of life for half a day."""
    request.session.cycle_key()
    request.session[_SESSION_KEY] = [str(participant.uuid), participant.link_version]
    request.session[_SEEN_KEY] = time.time()
    if not request.user.is_authenticated:
        request.session.set_expiry(0)
    if not request.user.is_authenticated or participant.seen_as == current(request):
        # Somebody else's link proves nothing about whoever is logged in.
        prove(request)


def forget(request):
    request.session.pop(_SESSION_KEY, None)
    request.session.pop(_SEEN_KEY, None)


def prove(request):
    """The person has just shown who they are: by their link, their password or another proof."""
    request.session[_PROVED_KEY] = time.time()


def is_fresh(request):
    """Whether that was within the last hour. What shows, gives out or erases everything asks for it."""
    return time.time() - request.session.get(_PROVED_KEY, 0) < _FRESH_SECONDS


def is_known(request):
    """Whether somebody may be known here; asks no database, and so may be wrong about a link that was withdrawn."""
    return request.user.is_authenticated or _SESSION_KEY in request.session


def current(request):
    """The participant who is looking, or None. Read once a request.

    Of somebody with several rows it is the one who is counted if a proven contact says so, whichever row the account or
    the link belongs to, and else that row alone. The session keeps the row itself, so that the two part again when a
    merge is undone.
    """
    if not hasattr(request, "oberih_participant"):
        request.oberih_participant = _find(request)
    return request.oberih_participant


def _find(request):
    row = None
    if request.user.is_authenticated:
        row = next(iter(_of_user.rows(request.user.pk)), None)
    elif (held := request.session.get(_SESSION_KEY)) and _is_here(request):
        key, version = held
        row = next(iter(_of_link.rows(uuid.UUID(key), version)), None)
    return row and row.seen_as


def _is_here(request):
    """Whether whoever came by a link was here lately; it is written down that they are."""
    now = time.time()
    seen = request.session.get(_SEEN_KEY, now)
    if now - seen > _IDLE_SECONDS:
        forget(request)
        return False
    if _SEEN_KEY not in request.session or now - seen > _WRITTEN_EVERY:
        request.session[_SEEN_KEY] = now
    return True
