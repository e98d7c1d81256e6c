"""xAPI statements that a player hands over: cleaned, their actor left out, and what they say about completion.

There is no LRS here: nobody but the player's own page can send them, and only about whoever reads that page.
"""

import json
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.dateparse import parse_datetime

LARGEST = 16 * 1024
MOST = 50
_VERBS = "http://adlnet.gov/expapi/verbs/"
# The others say that somebody looked or pressed; they would fill the table and say nothing.
KNOWN = {
    *(
        f"{_VERBS}{verb}"
        for verb in (
            "answered",
            "attempted",
            "completed",
            "experienced",
            "failed",
            "mastered",
            "passed",
            "progressed",
            "scored",
        )
    ),
    "http://activitystrea.ms/schema/1.0/consume",
    "http://activitystrea.ms/schema/1.0/complete",
    f"{_VERBS}consumed",
}
_COMPLETING = {
    f"{_VERBS}{verb}" for verb in ("answered", "completed", "passed", "failed", "mastered", "consumed")
} | {"http://activitystrea.ms/schema/1.0/consume", "http://activitystrea.ms/schema/1.0/complete"}


class StatementError(ValueError):
    pass


@dataclass(frozen=True)
class Read:
    uuid: uuid.UUID
    verb: str
    activity: str
    content: dict
    completion: str
    success: str
    score: Decimal | None


def read(sent):
    """The statements of a message, one or a list. Verbs that nobody counts are left out. Raises StatementError."""
    rows = sent if isinstance(sent, list) else [sent]
    if len(rows) > MOST:
        raise StatementError("too many statements")
    return [one for one in map(_read, rows) if one.verb in KNOWN]


def _read(row):
    if not isinstance(row, dict) or len(json.dumps(row, default=str)) > LARGEST:
        raise StatementError("a statement is an object of at most 16 KiB")
    content = {name: row[name] for name in ("verb", "object", "result", "context", "timestamp") if name in row}
    if not all(isinstance(content.get(name, {}), dict) for name in ("verb", "object", "result", "context")):
        raise StatementError("verb, object, result and context are objects")
    verb = content.get("verb", {}).get("id")
    activity = content.get("object", {}).get("id")
    if not all(isinstance(one, str) and 0 < len(one) <= 500 for one in (verb, activity)):
        raise StatementError("a statement names a verb and an object")
    if "\0" in json.dumps(content, ensure_ascii=False).replace("\\u0000", "\0"):
        raise StatementError("a statement holds a character that cannot be stored")
    try:
        key = uuid.UUID(str(row["id"])) if row.get("id") else uuid.uuid4()
    except ValueError as error:
        raise StatementError("the id of a statement is a UUID") from error
    # Whoever it is about is the enrolment; who taught or which group is nobody's business either.
    context = content.get("context", {})
    for name in ("instructor", "team", "registration"):
        context.pop(name, None)
    if not _is_time(content.get("timestamp")):
        content["timestamp"] = timezone.now().isoformat()
    completion, success = _outcome(content)
    return Read(key, verb, activity, content, completion, success, _score(content))


def _is_time(value):
    try:
        return isinstance(value, str) and len(value) < 40 and parse_datetime(value) is not None
    except ValueError:
        return False


def is_top_level(content):
    """Whether a statement is about the whole: a question inside of something says nothing about the rest of it."""
    activities = content.get("context", {}).get("contextActivities")
    return not (isinstance(activities, dict) and activities.get("parent"))


def _outcome(content):
    verb, result = content["verb"]["id"], content.get("result", {})
    if not is_top_level(content) or verb not in _COMPLETING or result.get("completion") is False:
        return "unknown", "unknown"
    if verb.endswith("/passed") or result.get("success") is True:
        return "completed", "passed"
    if verb.endswith("/failed") or result.get("success") is False:
        return "completed", "failed"
    return "completed", "unknown"


def _score(content):
    score = content.get("result", {}).get("score")
    if not is_top_level(content) or not isinstance(score, dict):
        return None
    numbers = {
        name: float(score[name])
        for name in ("scaled", "raw", "min", "max")
        if isinstance(score.get(name), int | float)
        and not isinstance(score[name], bool)
        and abs(score[name]) < 1e9
    }
    if "scaled" in numbers:
        value = numbers["scaled"] * 100
    elif "raw" in numbers and numbers.get("max", 0) > numbers.get("min", 0):
        value = (numbers["raw"] - numbers.get("min", 0)) / (numbers["max"] - numbers.get("min", 0)) * 100
    else:
        return None
    return Decimal(str(round(max(-100.0, min(100.0, value)), 2)))
