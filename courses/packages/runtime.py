"""The data model between a package and us: what is read out of what it commits, and what it is started with.

A package is a stranger's program in the learner's browser. Each value is held against its vocabulary, range and length; what
the model does not know is dropped, what it knows and is wrong makes the commit invalid. Whether somebody *completed* it is
believed, since nothing but the package can know; so it never earns a certificate by itself.
"""

import json
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal

from courses.models import PackageKind

LARGEST = {PackageKind.SCORM_12: 64 * 1024, PackageKind.SCORM_2004: 200 * 1024, PackageKind.H5P: 64 * 1024}
_LONGEST_LOCATION, _LONGEST_SUSPEND, _LONGEST_TEXT = 1000, 64_000, 4096
_MOST_ROWS, _DEEPEST = 250, 6
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}")
_STATUS_12 = {"", "passed", "completed", "failed", "incomplete", "browsed", "not attempted"}
_EXIT_12 = {"", "time-out", "suspend", "logout"}
_COMPLETION = {"", "completed", "incomplete", "not attempted", "unknown"}
_SUCCESS = {"", "passed", "failed", "unknown"}
_EXIT_2004 = {"", "time-out", "suspend", "logout", "normal"}
_TIME_12 = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})(?:\.\d{1,2})?")
_TIME_2004 = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.\d{1,4})?S)?)?"
)


class RuntimeValueError(ValueError):
    """A value that the data model does not allow; the message names its element."""


@dataclass(frozen=True)
class Report:
    completion: str = "unknown"
    success: str = "unknown"
    score: Decimal | None = None
    seconds: int = 0
    """The time of this session, as the package says."""
    exit: str = ""
    kept: dict = field(default_factory=dict)
    """What the package needs to go on, cleaned."""


def read(kind, cmi):
    """What a commit says. Raises RuntimeValueError."""
    if not isinstance(cmi, dict):
        raise RuntimeValueError("cmi")
    if len(json.dumps(cmi, ensure_ascii=False, default=str).encode(errors="replace")) > LARGEST[PackageKind(kind)]:
        raise RuntimeValueError("cmi: too large")
    return {PackageKind.SCORM_12: _read_12, PackageKind.SCORM_2004: _read_2004, PackageKind.H5P: _read_h5p}[
        PackageKind(kind)
    ](cmi)


def _read_12(cmi):
    core = _part(cmi, "core")
    status = _word(core, "lesson_status", _STATUS_12, "core.lesson_status")
    exit_ = _word(core, "exit", _EXIT_12, "core.exit")
    score = _score(_part(core, "score"), "core.score", -1_000_000)
    session = _duration(core, _TIME_12, "core.session_time")
    kept = {
        "core": {
            "lesson_location": _line(core, "lesson_location", _LONGEST_LOCATION, "core.lesson_location"),
            "lesson_status": status,
            "exit": exit_,
            "score": score,
        },
        "suspend_data": _line(cmi, "suspend_data", _LONGEST_SUSPEND, "suspend_data"),
        "comments": _line(cmi, "comments", _LONGEST_TEXT, "comments"),
        "student_preference": _tree(_part(cmi, "student_preference"), "student_preference"),
        "objectives": _rows(cmi, "objectives"),
        "interactions": _rows(cmi, "interactions"),
    }
    completion, success = {
        "passed": ("completed", "passed"),
        "completed": ("completed", "unknown"),
        "failed": ("completed", "failed"),
        "incomplete": ("incomplete", "unknown"),
        "browsed": ("incomplete", "unknown"),
    }.get(status, ("unknown", "unknown"))
    return Report(completion, success, _percent(score), session, exit_, kept)


def _read_2004(cmi):
    completion = _word(cmi, "completion_status", _COMPLETION, "completion_status")
    success = _word(cmi, "success_status", _SUCCESS, "success_status")
    exit_ = _word(cmi, "exit", _EXIT_2004, "exit")
    score = _score(_part(cmi, "score"), "score", -1_000_000)
    session = _duration(cmi, _TIME_2004, "session_time")
    kept = {
        "location": _line(cmi, "location", _LONGEST_LOCATION, "location"),
        "completion_status": completion,
        "success_status": success,
        "exit": exit_,
        "score": score,
        "progress_measure": _decimal(cmi, "progress_measure", 0, 1, "progress_measure"),
        "suspend_data": _line(cmi, "suspend_data", _LONGEST_SUSPEND, "suspend_data"),
        "learner_preference": _tree(_part(cmi, "learner_preference"), "learner_preference"),
        "comments_from_learner": _rows(cmi, "comments_from_learner"),
        "objectives": _rows(cmi, "objectives"),
        "interactions": _rows(cmi, "interactions"),
    }
    done = "incomplete" if completion == "not attempted" else completion or "unknown"
    # Many packages only ever say that somebody passed.
    if success == "passed" and done == "unknown":
        done = "completed"
    return Report(done, success or "unknown", _percent(score), session, exit_, kept)


def _read_h5p(cmi):
    """Of H5P only what it needs to go on; what was reached comes as statements."""
    return Report(kept={"state": _line(cmi, "state", 60_000, "state")})


def _part(values, name):
    part = values.get(name)
    if part in (None, ""):
        return {}
    if not isinstance(part, dict):
        raise RuntimeValueError(name)
    return part


def _text_of(values, name, element):
    value = values.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RuntimeValueError(element)
    # PostgreSQL stores no NUL, and half a character cannot be encoded.
    text = str(value)
    if "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise RuntimeValueError(element)
    return text


def _word(values, name, vocabulary, element):
    text = _text_of(values, name, element).strip()
    if text not in vocabulary:
        raise RuntimeValueError(element)
    return text


def _line(values, name, longest, element):
    text = _text_of(values, name, element)
    if len(text) > longest:
        raise RuntimeValueError(element)
    return text


def _decimal(values, name, least, most, element):
    text = _text_of(values, name, element).strip()
    if not text:
        return ""
    try:
        number = float(text)
    except ValueError:
        raise RuntimeValueError(element) from None
    if len(text) > 40 or not math.isfinite(number) or not least <= number <= most:
        raise RuntimeValueError(element)
    return text


def _score(part, element, least):
    score = {name: _decimal(part, name, least, 1_000_000, f"{element}.{name}") for name in ("raw", "min", "max")}
    score["scaled"] = _decimal(part, "scaled", -1, 1, f"{element}.scaled")
    return {name: value for name, value in score.items() if value != ""}


def _percent(score):
    """-100 to 100: the scaled score, or where the raw one lies between its bounds, or the raw one as it is."""
    if "scaled" in score:
        value = float(score["scaled"]) * 100
    elif "raw" in score:
        raw, least, most = float(score["raw"]), float(score.get("min", 0)), float(score.get("max", 100))
        value = (raw - least) / (most - least) * 100 if most > least else raw
    else:
        return None
    return Decimal(str(round(max(-100.0, min(100.0, value)), 2)))


def _duration(values, pattern, element):
    name = element.rpartition(".")[2]
    text = _text_of(values, name, element).strip()
    if not text:
        return 0
    found = pattern.fullmatch(text)
    if not found:
        raise RuntimeValueError(element)
    numbers = [int(one or 0) for one in found.groups()]
    weights = (3600, 60, 1) if pattern is _TIME_12 else (31_536_000, 2_592_000, 86_400, 3600, 60, 1)
    return min(sum(number * weight for number, weight in zip(numbers, weights, strict=True)), 2_000_000_000)


def _rows(cmi, name):
    """A list of the model (`{"childArray": […]}`, an object by numbers, or a list): bounded, its texts cut to size."""
    value = cmi.get(name)
    if isinstance(value, dict):
        if isinstance(value.get("childArray"), list):
            value = value["childArray"]
        else:
            value = [
                value[key] for key in sorted((key for key in value if key.isdecimal() and len(key) < 5), key=int)
            ]
    if value in (None, ""):
        return []
    if not isinstance(value, list) or len(value) > _MOST_ROWS:
        raise RuntimeValueError(name)
    return [_tree(row, name) for row in value]


def _tree(value, element, depth=0):
    if depth > _DEEPEST:
        raise RuntimeValueError(element)
    if isinstance(value, dict):
        return {
            key: _tree(one, element, depth + 1)
            for key, one in value.items()
            if _NAME.fullmatch(str(key)) or key.isdecimal()
        }
    if isinstance(value, list):
        if len(value) > _MOST_ROWS:
            raise RuntimeValueError(element)
        return [_tree(one, element, depth + 1) for one in value]
    if value is None or isinstance(value, bool):
        return value
    return _line({"value": value}, "value", _LONGEST_TEXT, element)


def start(run, item, *, kind):
    """The data model that the package finds when it begins: `cmi`, as scorm-again takes it."""
    if kind == PackageKind.H5P:
        return {"state": run.cmi.get("state", "")}
    is_over = run.is_done
    mode = {"mode": "review" if is_over else "normal", "credit": "no-credit" if is_over else "credit"}
    goes_on = run.goes_on
    before = run.cmi if goes_on or is_over else {}
    entry = "resume" if goes_on else "" if is_over else "ab-initio"
    who = f"learner-{run.uuid.hex[:12]}"
    if kind == PackageKind.SCORM_12:
        core = before.get("core", {})
        return _filled(
            {
                **{
                    name: before.get(name)
                    for name in ("suspend_data", "comments", "student_preference", "objectives")
                },
                "core": {
                    "student_id": who,
                    # "Last, First" is what packages take apart; who somebody is is none of their business.
                    "student_name": "Learner, A",
                    "lesson_mode": mode["mode"],
                    "credit": mode["credit"],
                    "entry": entry,
                    "total_time": clock(run.seconds),
                    "lesson_location": core.get("lesson_location"),
                    "lesson_status": core.get("lesson_status") or "not attempted",
                    "score": core.get("score"),
                },
                "launch_data": item.get("launch_data"),
                "interactions": before.get("interactions"),
                "student_data": {
                    "mastery_score": _as_text(item.get("mastery")),
                    "max_time_allowed": item.get("max_time"),
                    "time_limit_action": item.get("time_limit_action"),
                },
            }
        )
    kept = (
        "location",
        "suspend_data",
        "score",
        "progress_measure",
        "learner_preference",
        "objectives",
        "interactions",
    )
    return _filled(
        {
            **{name: before.get(name) for name in (*kept, "comments_from_learner")},
            "learner_id": who,
            "learner_name": "Learner, A",
            **mode,
            "entry": entry,
            "total_time": f"PT{run.seconds}S",
            "completion_status": before.get("completion_status") or "unknown",
            "success_status": before.get("success_status") or "unknown",
            "launch_data": item.get("launch_data"),
            "completion_threshold": _as_text(item.get("completion_threshold")),
            "scaled_passing_score": _as_text(item.get("passing_score")),
            "max_time_allowed": item.get("max_time"),
            "time_limit_action": item.get("time_limit_action"),
        }
    )


def clock(seconds):
    """HHHH:MM:SS, as SCORM 1.2 writes a length of time; its hours have four digits at most."""
    seconds = min(seconds, 9999 * 3600)
    return f"{seconds // 3600:04d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def _as_text(number):
    return None if number is None else f"{number:g}"


def _filled(values):
    """Without what is empty: the player would take an empty text for a value."""
    return {
        name: _filled(value) if isinstance(value, dict) else value
        for name, value in values.items()
        if value not in (None, "", [], {})
    }
