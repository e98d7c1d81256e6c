import json
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.models import PackageRun
from courses.packages import runtime, statements
from courses.packages.runtime import RuntimeValueError, read
from courses.packages.statements import StatementError


def core(**values):
    return {"core": values}


@pytest.mark.parametrize(
    ("status", "completion", "success"),
    [
        ("passed", "completed", "passed"),
        ("completed", "completed", "unknown"),
        ("failed", "completed", "failed"),
        ("incomplete", "incomplete", "unknown"),
        ("browsed", "incomplete", "unknown"),
        ("not attempted", "unknown", "unknown"),
        ("", "unknown", "unknown"),
    ],
)
def test_statuses_of_scorm_12(status, completion, success):
    report = read("scorm12", core(lesson_status=status))
    assert (report.completion, report.success) == (completion, success)


@pytest.mark.parametrize(
    ("said", "completion", "success"),
    [
        ({"completion_status": "completed", "success_status": "passed"}, "completed", "passed"),
        ({"completion_status": "completed", "success_status": "failed"}, "completed", "failed"),
        ({"completion_status": "incomplete", "success_status": "passed"}, "incomplete", "passed"),
        ({"completion_status": "not attempted"}, "incomplete", "unknown"),
        ({"success_status": "passed"}, "completed", "passed"),
        ({"success_status": "failed"}, "unknown", "failed"),
        ({}, "unknown", "unknown"),
    ],
)
def test_statuses_of_scorm_2004(said, completion, success):
    report = read("scorm2004", said)
    assert (report.completion, report.success) == (completion, success)


@pytest.mark.parametrize(
    ("kind", "score", "percent"),
    [
        ("scorm12", {"raw": "85"}, 85),
        ("scorm12", {"raw": "17", "min": "0", "max": "20"}, 85),
        ("scorm12", {"raw": "30", "min": "20", "max": "40"}, 50),
        ("scorm12", {"raw": "900"}, 100),
        ("scorm12", {"raw": "5", "min": "7", "max": "7"}, 5),
        ("scorm12", {}, None),
        ("scorm2004", {"scaled": "0.905", "raw": "1"}, Decimal("90.5")),
        ("scorm2004", {"scaled": "-1"}, -100),
        ("scorm2004", {"raw": "1", "max": "3"}, Decimal("33.33")),
    ],
)
def test_scores_in_per_cent(kind, score, percent):
    values = core(score=score) if kind == "scorm12" else {"score": score}
    assert read(kind, values).score == percent


@pytest.mark.parametrize(
    ("kind", "text", "seconds"),
    [
        ("scorm12", "00:01:30.5", 90),
        ("scorm12", "0001:00:00", 3600),
        ("scorm2004", "PT1H30M5S", 5405),
        ("scorm2004", "P1DT0.5S", 86400),
        ("scorm2004", "PT90S", 90),
    ],
)
def test_lengths_of_time(kind, text, seconds):
    values = core(session_time=text) if kind == "scorm12" else {"session_time": text}
    assert read(kind, values).seconds == seconds


@pytest.mark.parametrize(
    ("kind", "said", "element"),
    [
        ("scorm12", core(lesson_status="x" * 300), "core.lesson_status"),
        ("scorm12", core(lesson_status="Passed"), "core.lesson_status"),
        ("scorm12", core(exit="normal"), "core.exit"),
        ("scorm12", core(score={"raw": "NaN"}), "core.score.raw"),
        ("scorm12", core(score={"raw": "1e400"}), "core.score.raw"),
        ("scorm12", core(score=[1]), "score"),
        ("scorm12", core(session_time="PT1S"), "core.session_time"),
        ("scorm12", core(lesson_location="x" * 1001), "core.lesson_location"),
        ("scorm12", {"suspend_data": "a\0b"}, "suspend_data"),
        ("scorm12", {"suspend_data": {"a": 1}}, "suspend_data"),
        ("scorm12", {"suspend_data": "\ud800"}, "suspend_data"),
        ("scorm12", {"interactions": [{"id": "x"}] * 251}, "interactions"),
        ("scorm12", {"suspend_data": "x" * 70_000}, "cmi: too large"),
        ("scorm12", ["core"], "cmi"),
        ("scorm2004", {"completion_status": "passed"}, "completion_status"),
        ("scorm2004", {"score": {"scaled": "1.01"}}, "score.scaled"),
        ("scorm2004", {"progress_measure": "2"}, "progress_measure"),
        ("scorm2004", {"session_time": "00:01:00"}, "session_time"),
        ("scorm2004", {"session_time": "P"}, "session_time"),
        ("scorm2004", {"suspend_data": "x" * 64_001}, "suspend_data"),
        ("scorm2004", {"objectives": [{"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}]}, "objectives"),
        ("h5p", {"state": "x" * 60_001}, "state"),
    ],
)
def test_a_value_that_the_model_does_not_allow_is_named(kind, said, element):
    with pytest.raises(RuntimeValueError, match=f"^{element}$"):
        read(kind, said)


def test_what_the_model_does_not_know_is_dropped():
    said = {
        **core(lesson_status="incomplete", student_name="Kowal, Olena", student_id="7", total_time="9999:00:00"),
        "evil": "x",
        "objectives": {"childArray": [{"id": "o1", "Evil-Key": "x", "score": {"raw": "5"}}]},
        "interactions": {"0": {"id": "i1"}, "1": {"id": "i2"}, "_count": 2},
    }
    kept = read("scorm12", said).kept
    assert kept["objectives"] == [{"id": "o1", "score": {"raw": "5"}}]
    assert kept["interactions"] == [{"id": "i1"}, {"id": "i2"}]
    assert set(kept) == {"core", "suspend_data", "comments", "student_preference", "objectives", "interactions"}
    assert set(kept["core"]) == {"lesson_location", "lesson_status", "exit", "score"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(
    [
        "core",
        "score",
        "raw",
        "lesson_status",
        "suspend_data",
        "objectives",
        "interactions",
        "exit",
        "session_time",
        "state",
    ]
)


@given(
    st.sampled_from(["scorm12", "scorm2004", "h5p"]),
    st.dictionaries(names, json_values | st.dictionaries(names, json_values)),
)
def test_whatever_a_package_says_is_read_or_refused(kind, said):
    try:
        report = read(kind, said)
    except RuntimeValueError:
        return
    stored = json.dumps(report.kept, allow_nan=False)
    assert "\\u0000" not in stored
    assert report.completion in {"unknown", "incomplete", "completed"}
    assert report.success in {"unknown", "passed", "failed"}
    assert report.score is None or -100 <= report.score <= 100
    assert 0 <= report.seconds <= 2_000_000_000
    # What was kept is read again as it is.
    assert read(kind, report.kept).kept == report.kept


def a_run(**fields):
    return PackageRun(uuid=uuid.UUID(int=7), **fields)


def test_a_new_learner_begins_from_the_beginning_under_no_name():
    started = runtime.start(a_run(), {"mastery": 80.0, "launch_data": "x"}, kind="scorm12")
    assert started == {
        "core": {
            "student_id": "learner-000000000000",
            "student_name": "Learner, A",
            "lesson_mode": "normal",
            "credit": "credit",
            "entry": "ab-initio",
            "total_time": "0000:00:00",
            "lesson_status": "not attempted",
        },
        "launch_data": "x",
        "student_data": {"mastery_score": "80"},
    }


KEPT = {
    "core": {"lesson_location": "3", "lesson_status": "incomplete", "exit": "suspend", "score": {}},
    "suspend_data": "x",
}


@pytest.mark.parametrize(
    ("fields", "entry", "mode", "data"),
    [
        ({"cmi": KEPT, "is_finished": True}, "resume", "normal", "x"),
        # Closed without a word.
        ({"cmi": {**KEPT, "core": {}}, "is_finished": False}, "resume", "normal", "x"),
        # Not through, though it never said that it would go on.
        ({"cmi": {**KEPT, "core": {}}, "is_finished": True, "completion": "incomplete"}, "resume", "normal", "x"),
        # Failed: begins again.
        (
            {"cmi": {**KEPT, "core": {}}, "is_finished": True, "completion": "completed", "success": "failed"},
            "ab-initio",
            "normal",
            None,
        ),
        ({"cmi": {**KEPT, "core": {}}, "is_finished": True, "completion": "completed"}, None, "review", "x"),
    ],
)
def test_how_a_package_goes_on(fields, entry, mode, data):
    started = runtime.start(a_run(**fields), {}, kind="scorm12")
    assert (started["core"].get("entry"), started["core"]["lesson_mode"], started.get("suspend_data")) == (
        entry,
        mode,
        data,
    )


def test_scorm_2004_that_ended_normally_begins_a_new_attempt():
    kept = {"location": "3", "exit": "normal", "completion_status": "incomplete"}
    ended = runtime.start(a_run(cmi=kept, is_finished=True, completion="incomplete"), {}, kind="scorm2004")
    left = runtime.start(a_run(cmi=kept, is_finished=False, completion="incomplete"), {}, kind="scorm2004")
    assert (ended["entry"], ended.get("location"), left["entry"], left["location"]) == (
        "ab-initio",
        None,
        "resume",
        "3",
    )


def test_time_is_written_as_each_kind_writes_it():
    run = a_run(seconds=3725)
    assert runtime.start(run, {}, kind="scorm12")["core"]["total_time"] == "0001:02:05"
    assert runtime.start(run, {}, kind="scorm2004")["total_time"] == "PT3725S"
    assert runtime.clock(10**9) == "9999:00:00"


def a_statement(verb="completed", **more):
    return {
        "id": "0b5a0a4e-1f60-4c8e-9a6e-0a4a0d0f7b11",
        "actor": {"mbox": "mailto:olena@example.org", "name": "Olena Koval"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": "urn:uuid:x"},
        **more,
    }


INSIDE = {"contextActivities": {"parent": [{"id": "urn:uuid:whole"}]}}


@pytest.mark.parametrize(
    ("sent", "completion", "success", "score"),
    [
        (a_statement("completed"), "completed", "unknown", None),
        (a_statement("passed", result={"score": {"scaled": 0.5}}), "completed", "passed", 50),
        (a_statement("failed", result={"score": {"raw": 1, "max": 4}}), "completed", "failed", 25),
        (a_statement("answered", result={"success": True}), "completed", "passed", None),
        (a_statement("completed", result={"completion": False}), "unknown", "unknown", None),
        (a_statement("experienced"), "unknown", "unknown", None),
        (a_statement("scored", result={"score": {"scaled": 0.2}}), "unknown", "unknown", 20),
        # A question in something larger says nothing about the rest.
        (
            a_statement("answered", context=INSIDE, result={"success": True, "score": {"scaled": 1}}),
            "unknown",
            "unknown",
            None,
        ),
        (a_statement("completed", context=INSIDE), "unknown", "unknown", None),
    ],
)
def test_what_a_statement_says(sent, completion, success, score):
    (one,) = statements.read(sent)
    assert (one.completion, one.success, one.score) == (completion, success, score)


def test_who_a_statement_is_about_is_left_out():
    sent = a_statement(
        context={"instructor": {"name": "Olena"}, "team": {"name": "x"}, "platform": "p"}, stored="x"
    )
    (one,) = statements.read(sent)
    assert "Olena" not in json.dumps(one.content)
    assert (set(one.content), one.content["context"]) == (
        {"verb", "object", "context", "timestamp"},
        {"platform": "p"},
    )


def test_statements_come_alone_or_together_and_chatter_is_left_out():
    found = statements.read(
        [a_statement("completed"), a_statement("interacted"), {**a_statement("answered"), "id": None}]
    )
    assert [one.verb.rpartition("/")[2] for one in found] == ["completed", "answered"]


@pytest.mark.parametrize(
    "sent",
    [
        "x",
        [[]],
        [a_statement()] * 51,
        a_statement(result={"response": "x" * 20_000}),
        {**a_statement(), "verb": "completed"},
        {**a_statement(), "verb": {}},
        {**a_statement(), "object": {"id": 7}},
        {**a_statement(), "id": "7"},
        a_statement(result={"response": "a\0b"}),
        a_statement(result=[]),
    ],
)
def test_what_is_no_statement_is_refused(sent):
    with pytest.raises(StatementError):
        statements.read(sent)


@given(st.sampled_from(["verb", "object", "result", "context", "id", "timestamp"]), json_values)
def test_whatever_is_sent_as_a_statement_is_read_or_refused(name, value):
    try:
        found = statements.read({**a_statement(), name: value})
    except StatementError:
        return
    for one in found:
        json.dumps(one.content)
        assert one.score is None or -100 <= one.score <= 100
