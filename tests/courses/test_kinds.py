"""How each kind of question is drawn, read and judged."""

import random
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses import kinds
from courses.exceptions import UnknownOptionError
from courses.kinds import KINDS, Asked, Option
from courses.scoring import Score, score

IDS = [f"id-{letter}" for letter in "abcdef"]
chances = st.integers(0, 2**32).map(random.Random)


def asked(count=4, *, right="a", match=True, **fields):
    options = tuple(
        Option(one, f"text {one}", f"match {one}" if match else "", one[-1] in right) for one in IDS[:count]
    )
    return Asked(options, **fields)


def drawn(kind, question, *, seed=1, shuffles=True, points=1):
    snapshot = KINDS[kind].draw(question, chance=random.Random(seed), shuffles=shuffles)
    return {"key": "q", "kind": kind, "points": points, **snapshot}


def judge(item, chosen):
    return kinds.of(item).is_right(item, kinds.of(item).read(item, chosen))


@given(st.sets(st.sampled_from(IDS[:4]), min_size=1), st.lists(st.sampled_from(IDS[:4]), max_size=6))
def test_several_right_answers_are_right_in_any_order_and_only_all_together(right, chosen):
    item = drawn("multiple", asked(right="".join(one[-1] for one in right)))
    assert judge(item, chosen) == (set(chosen) == right)


@given(st.permutations(IDS), chances)
def test_an_order_is_right_in_one_order_alone(chosen, chance):
    question = asked(6)
    item = {"kind": "ordering", **KINDS["ordering"].draw(question, chance=chance, shuffles=False)}
    assert judge(item, chosen) == (chosen == IDS)
    assert judge(item, [[one, str(place)] for place, one in enumerate(chosen, 1)]) == (chosen == IDS)


@given(st.integers(2, 6), chances, st.booleans())
def test_an_order_is_never_shown_as_it_should_be(count, chance, shuffles):
    item = KINDS["ordering"].draw(asked(count), chance=chance, shuffles=shuffles)
    assert sorted(item["options"]) == IDS[:count] == item["correct"] != item["options"]


@given(st.permutations(IDS[:4]), chances)
def test_pairs_are_right_all_together_in_any_order(belongs, chance):
    item = {"kind": "matching", **KINDS["matching"].draw(asked(), chance=chance, shuffles=True)}
    token = {one: token for token, one in item["rights"]}
    chosen = [[left, token[right]] for left, right in zip(IDS, belongs, strict=False)]
    chance.shuffle(chosen)
    assert judge(item, chosen) == (belongs == IDS[:4])
    assert dict(kinds.matched(item, chosen)) == dict(zip(IDS, belongs, strict=False))


def test_what_the_browser_gets_of_a_pair_does_not_tell_it():
    item = drawn("matching", asked())
    assert not {token for token, _one in item["rights"]} & set(IDS)
    again = drawn("matching", asked(), seed=2)
    assert not {token for token, _one in item["rights"]} & {token for token, _one in again["rights"]}


def test_what_belongs_to_two_is_offered_once_and_right_for_both():
    item = drawn(
        "matching", Asked((Option("1", "x", "police"), Option("2", "y", " police"), Option("3", "z", "home")))
    )
    assert len(item["rights"]) == 2
    tokens = dict(item["correct"])
    assert tokens["1"] == tokens["2"] != tokens["3"]
    assert judge(item, item["correct"])


@given(st.sampled_from(["single", "multiple", "likert"]), chances)
def test_the_order_is_the_authors_where_nothing_is_mixed(kind, chance):
    assert KINDS[kind].draw(asked(), chance=chance, shuffles=False)["options"] == IDS[:4]
    assert KINDS["likert"].draw(asked(), chance=chance, shuffles=True)["options"] == IDS[:4]


def test_a_scale_has_five_steps_where_the_author_names_none():
    item = drawn("likert", Asked())
    assert item["options"] == ["1", "2", "3", "4", "5"]
    assert judge(item, ["4"]) is None


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Palermo", True),
        ("  palermo. ", True),
        ("PALERMO", True),
        ("Палермо", True),
        ("Рим", False),
        ("м'ята", True),
        ("мʼята", True),
        ("м’ята", True),
        ("cafe", True),
        ("hot line", False),
        ("", False),
        ("...", False),
    ],
)
def test_a_word_counts_however_it_is_spelled_and_in_every_language(written, right):
    question = Asked((Option("1", "Palermo"), Option("2", "café")), accepted=("Палермо", "м’ята"))
    assert bool(judge(drawn("short_text", question), [written])) is right


NUMBERS = [
    ("12.5", True),
    ("12,5", True),
    (" 12,50 ", True),
    ("١٢٫٥", True),
    ("۱۲٫۵", True),
    ("12.6", True),
    ("12.7", False),
    ("-12.5", False),
    ("−12,5", False),
    ("125", False),
]


@pytest.mark.parametrize(("written", "right"), NUMBERS)
def test_a_number_counts_in_the_writing_of_every_language(written, right):
    item = drawn("numeric", Asked(number=Decimal("12.5000"), tolerance=Decimal("0.1")))
    assert judge(item, [written]) is right


@pytest.mark.parametrize(
    "written", ["1234", "1,234", "1.234", "1 234", "1\u00a0234", "1'234", "١٬٢٣٤", "1,234.0", "1.234,0"]
)
def test_thousands_may_be_parted_in_every_way(written):
    assert judge(drawn("numeric", Asked(number=Decimal(1234))), [written]) is True


def test_a_fraction_of_three_digits_is_a_fraction_too():
    assert judge(drawn("numeric", Asked(number=Decimal("1.234"))), ["1,234"]) is True


@pytest.mark.parametrize("written", ["twelve", "1.2.3", "1,23,4", "12e3", "1/2", "--1", "²", "NaN", "9" * 41])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(UnknownOptionError):
        judge(drawn("numeric", Asked(number=Decimal(1))), [written])


@given(
    st.decimals(-(10**9), 10**9, places=4), st.decimals(0, 10**6, places=4), st.decimals(-(10**9), 10**9, places=4)
)
def test_a_tolerance_is_exact(right, tolerance, written):
    item = drawn("numeric", Asked(number=right, tolerance=tolerance))
    assume("." in str(written))
    assert judge(item, [f"{written:f}"]) == (abs(written - right) <= tolerance)


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("single", ["id-a", "id-b"]),
        ("single", ["id-f"]),
        ("single", [["id-a", "1"]]),
        ("multiple", [{"id": "id-a"}]),
        ("ordering", ["id-a", "id-a"]),
        ("ordering", ["id-a", "id-f"]),
        ("ordering", [["id-a", "1"], ["id-b", "1"]]),
        ("ordering", [["id-a", "0"]]),
        ("ordering", [["id-a", "5"]]),
        ("ordering", [["id-a", "²"]]),
        ("ordering", [["id-a", 1]]),
        ("ordering", ["id-a", "", "", "", "id-b"]),
        ("matching", [["id-a", "id-a"]]),
        ("matching", ["id-a"]),
        ("matching", [["id-a", "x", "y"]]),
        ("short_text", ["one", "two"]),
        ("short_text", [["one"]]),
        ("short_text", ["x" * 201]),
        ("open", ["x" * 5001]),
        ("likert", ["6"]),
    ],
)
def test_what_is_no_answer_to_the_question_is_refused(kind, chosen):
    with pytest.raises(UnknownOptionError):
        kinds.KINDS[kind].read(drawn(kind, asked()), chosen)


def test_places_may_be_given_one_by_one():
    item = drawn("ordering", asked())
    kind = kinds.of(item)
    half = kind.read(item, [["id-c", "3"], ["id-a", ""], ["id-b", "1"]])
    assert half == ["id-b", "", "id-c", ""]
    assert kind.read(item, half) == half
    assert (kind.is_complete(item, half), kind.is_complete(item, IDS[:4])) == (False, True)
    assert kind.read(item, [["id-a", ""]]) == []


shapes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(IDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@given(st.sampled_from(sorted(KINDS)), st.lists(shapes, max_size=6))
def test_whatever_is_sent_is_read_or_refused_and_what_is_read_is_read_again_as_it_is(kind, chosen):
    item = drawn(kind, asked(number=Decimal(3)))
    try:
        read = kinds.of(item).read(item, chosen)
    except UnknownOptionError:
        return
    assert kinds.of(item).read(item, read) == read
    assert kinds.of(item).is_right(item, read) in {True, False, None}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(KINDS)), st.integers(1, 5), st.booleans(), st.integers(0, 9)), max_size=9
    )
)
def test_a_score_lies_between_nothing_and_what_is_possible(rows):
    items, chosen, marks = [], {}, {}
    for number, (kind, points, right, mark) in enumerate(rows):
        item = drawn(kind, asked(number=Decimal(3)), points=points) | {"key": str(number)}
        items.append(item)
        marks[item["key"]] = mark
        chosen[item["key"]] = (
            item["correct"][:1] if item["kind"] == "short_text" else item["correct"] if right else []
        )
    result = score(items, chosen, marks)
    assert 0 <= result.points <= result.possible
    assert result.possible == sum(points for kind, points, _right, _mark in rows if kind != "likert")


def test_everything_right_is_everything_possible():
    items = [
        drawn(kind, asked(number=Decimal(3)), points=place) | {"key": kind}
        for place, kind in enumerate(KINDS, 1)
        if KINDS[kind].has_key
    ]
    chosen = {item["key"]: item["correct"][:1] if kinds.of(item).written else item["correct"] for item in items}
    possible = sum(item["points"] for item in items)
    assert score(items, chosen) == Score(possible, possible)


def test_an_attempt_from_before_there_were_points_has_one_for_each():
    item = {"key": "q", "version": 1, "kind": "single", "options": IDS[:2], "correct": IDS[:1]}
    assert score([item], {"q": IDS[:1]}) == Score(1, 1)


@pytest.mark.parametrize(
    ("kind", "question", "code"),
    [
        ("single", asked(right="ab"), "right"),
        ("single", asked(), None),
        ("multiple", asked(right=""), "right"),
        ("true_false", asked(3), "two"),
        ("true_false", asked(2), None),
        ("ordering", asked(1), "two"),
        ("ordering", asked(2), None),
        ("matching", asked(1), "two"),
        ("matching", asked(match=False), "match"),
        ("matching", Asked((Option("1", "x", "same"), Option("2", "y", "same"))), "match"),
        ("matching", asked(), None),
        ("short_text", Asked((Option("1", " . "),)), "right"),
        ("short_text", asked(), None),
        ("numeric", Asked(), "number"),
        ("numeric", Asked(number=Decimal(0)), None),
        ("likert", asked(1), "two"),
        ("likert", Asked(), None),
        ("open", Asked(), None),
    ],
)
def test_what_a_question_of_each_kind_needs(kind, question, code):
    problem = KINDS[kind].problem(question)
    assert (problem and problem.code) == code
