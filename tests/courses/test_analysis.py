"""The arithmetic of how questions work, by hand and by properties."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses import analysis
from courses.analysis import Advice, Change, Language, Picked, Response, Shift


def responses(*rows, language="en"):
    return [Response(share, rest, (chosen,), language) for share, rest, chosen in rows]


# As worked out in docs/explanation/how-questions-are-judged.md: ten people, six of them right.
TEN = responses(
    (1.0, 0.9, "a"),
    (1.0, 0.8, "a"),
    (1.0, 0.8, "a"),
    (1.0, 0.7, "a"),
    (1.0, 0.6, "a"),
    (1.0, 0.4, "a"),
    (0.0, 0.6, "b"),
    (0.0, 0.4, "b"),
    (0.0, 0.4, "c"),
    (0.0, 0.2, "b"),
)


def test_ten_answers_worked_out_by_hand():
    judged = analysis.judge(TEN, correct=["a"])
    # M1 = 0.7, M0 = 0.4, s² = 3.82 / 10 − 0.58² = 0.0456, p q = 0.24: 0.3 / 0.21354 · 0.48990 = 0.68825
    assert judged.discrimination == pytest.approx(0.68825, abs=0.00001)
    assert (judged.count, judged.difficulty, judged.advice) == (10, 0.6, (Advice.FINE,))
    assert judged.wrong == (Picked("b", None, None), Picked("c", None, None))


def test_nine_answers_say_nothing():
    judged = analysis.judge(TEN[:9], correct=["a"])
    assert (judged.count, judged.difficulty, judged.discrimination, judged.wrong, judged.advice) == (
        9,
        None,
        None,
        (),
        (Advice.FEW,),
    )


def test_a_key_that_good_learners_do_not_choose_is_doubted():
    rows = [(0.0, 0.9, "b")] * 15 + [(1.0, 0.3, "a")] * 15 + [(1.0, 0.4, "a")]
    judged = analysis.judge(responses(*rows), correct=["a"])
    assert judged.advice == (Advice.KEY,)
    assert judged.wrong == (Picked("b", 15, pytest.approx(0.9)),)


def test_a_few_doubtful_answers_are_no_reason_to_doubt_a_key():
    rows = [(0.0, 0.9, "b")] * 8 + [(1.0, 0.3, "a")] * 8
    assert analysis.judge(responses(*rows), correct=["a"]).advice == (Advice.FINE,)


def test_a_question_that_everybody_knows_is_too_easy():
    assert analysis.judge(responses(*[(1.0, rest / 20, "a") for rest in range(20)])).advice == (Advice.EASY,)


def test_a_question_that_hardly_anybody_knows_is_very_hard():
    rows = [(0.0, rest / 20, "b") for rest in range(20)] + [(1.0, 1.0, "a")]
    assert analysis.judge(responses(*rows)).advice == (Advice.HARD,)


def test_a_question_that_those_who_know_and_those_who_do_not_answer_alike_tells_nothing():
    rows = [(share, rest, "a") for share in (0.0, 1.0) for rest in (0.2, 0.5, 0.8) for _time in range(5)]
    assert analysis.judge(responses(*rows)).advice == (Advice.SILENT,)


def test_a_question_harder_in_one_language_alone_is_flagged():
    known = responses(*[(1.0, 0.8, "a")] * 18, *[(0.0, 0.8, "b")] * 2)
    lost = responses(*[(1.0, 0.8, "a")] * 6, *[(0.0, 0.8, "b")] * 14, language="uk")
    judged = analysis.judge([*known, *lost], correct=["a"])
    assert judged.languages == (
        Language("en", 20, 0.9, pytest.approx(-0.6), False),
        Language("uk", 20, 0.3, pytest.approx(0.6), True),
    )
    assert Advice.TRANSLATION in judged.advice


def test_a_language_whose_speakers_know_less_of_everything_is_not_flagged():
    strong = responses(*[(1.0, 0.9, "a")] * 18, *[(0.0, 0.9, "b")] * 2)
    weak = responses(*[(1.0, 0.3, "a")] * 6, *[(0.0, 0.3, "b")] * 14, language="uk")
    assert [one.is_flagged for one in analysis.judge([*strong, *weak]).languages] == [False, False]


def test_nothing_is_said_of_a_language_of_few():
    judged = analysis.judge([*TEN, *responses((0.0, 0.5, "b"), language="uk")])
    assert judged.languages[1] == Language("uk", 1, None, None, False)


shares = st.sampled_from([0.0, 0.5, 1.0])
rests = st.integers(0, 10).map(lambda tenth: tenth / 10)
many = st.lists(
    st.builds(
        Response,
        shares,
        st.one_of(st.none(), rests),
        st.tuples(st.sampled_from("abc")),
        st.sampled_from(["en", "uk"]),
    ),
    max_size=60,
)


@given(many)
def test_what_is_said_lies_within_its_bounds(held):
    judged = analysis.judge(held, correct=["a"])
    assert judged.difficulty is None or 0 <= judged.difficulty <= 1
    assert judged.discrimination is None or -1 <= judged.discrimination <= 1
    assert judged.advice
    assert all(one.count is None or one.count >= analysis.SMALL for one in judged.wrong)
    assert sum(one.count for one in judged.languages) == len(held)


@given(many, st.randoms())
def test_the_order_of_answers_changes_nothing(held, chance):
    shuffled = held[:]
    chance.shuffle(shuffled)
    one, other = analysis.judge(held, "a"), analysis.judge(shuffled, "a")
    assert (one.count, one.difficulty, one.advice) == (
        other.count,
        pytest.approx(other.difficulty) if other.difficulty is not None else None,
        other.advice,
    )
    assert [(pick.option, pick.count) for pick in one.wrong] == [(pick.option, pick.count) for pick in other.wrong]


@given(st.lists(st.tuples(rests, rests), min_size=2), st.integers(1, 9), st.integers(-3, 3))
def test_a_correlation_knows_no_units(pairs, times, more):
    plain = analysis.correlation(pairs)
    assume(plain is not None)
    assert analysis.correlation([(x, y * times + more) for x, y in pairs]) == pytest.approx(plain, abs=1e-6)
    assert analysis.correlation([(y, x) for x, y in pairs]) == pytest.approx(plain, abs=1e-6)


def test_what_does_not_vary_correlates_with_nothing():
    assert analysis.correlation([(1.0, 0.1), (1.0, 0.7)]) is None
    assert analysis.correlation([]) is None


def test_gain_is_the_share_of_what_could_be_gained():
    changed = analysis.change([(0.4, 0.7)] * 5)
    assert (changed.pairs, changed.before, changed.after) == (5, pytest.approx(0.4), pytest.approx(0.7))
    assert changed.gain == pytest.approx(0.5)
    assert analysis.change([(1.0, 0.9)] * 5).gain is None


def test_of_four_pairs_nothing_is_shown():
    assert analysis.change([(0.1, 0.2)] * 4) == Change(4, None, None)
    assert analysis.shift([(1, 2)] * 4, 5) == Shift(4, (), (), None, None)


def test_small_cells_of_a_distribution_are_not_shown():
    shifted = analysis.shift([(1, 3)] * 6 + [(2, 5)] * 2, 5)
    assert (shifted.before, shifted.after) == ((6, None, 0, 0, 0), (0, 0, 6, 0, None))
    assert shifted.by == pytest.approx(3.5 - 1.25)


@given(st.lists(st.tuples(rests, rests), min_size=5))
def test_nobody_gains_more_than_there_is(pairs):
    changed = analysis.change(pairs)
    assert changed.gain is None or changed.gain <= 1 + 1e-9
