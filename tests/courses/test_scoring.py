from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from courses.scoring import Score, is_right, score

OPTIONS = list("abcdef")
questions = st.lists(
    st.tuples(st.sets(st.sampled_from(OPTIONS), min_size=1), st.lists(st.sampled_from(OPTIONS))), max_size=12
)


@given(questions)
def test_a_question_gives_its_point_for_exactly_the_right_options(drawn):
    items = [
        {"key": str(number), "kind": "multiple", "correct": sorted(correct)}
        for number, (correct, _chosen) in enumerate(drawn)
    ]
    chosen = {str(number): chosen for number, (_correct, chosen) in enumerate(drawn)}
    expected = sum(set(chosen) == correct for correct, chosen in drawn)
    assert score(items, chosen) == Score(expected, len(drawn))


@given(questions, st.randoms())
def test_the_score_does_not_depend_on_any_order(drawn, chance):
    items = [
        {"key": str(number), "kind": "multiple", "correct": sorted(correct)}
        for number, (correct, _chosen) in enumerate(drawn)
    ]
    chosen = {str(number): chosen for number, (_correct, chosen) in enumerate(drawn)}
    shuffled = [{**item, "correct": chance.sample(item["correct"], len(item["correct"]))} for item in items]
    chance.shuffle(shuffled)
    assert score(shuffled, {key: chosen[key][::-1] for key in reversed(chosen)}) == score(items, chosen)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 100))
def test_passing_is_exact_arithmetic(points, possible, percent):
    assert Score(points, possible).passes(percent) == (Fraction(points, possible) >= Fraction(percent, 100))


def test_twenty_nine_of_fifty_are_fifty_eight_per_cent():
    assert Score(29, 50).passes(58)


def test_nobody_passes_an_assessment_without_questions():
    assert not Score(0, 0).passes(1)


def test_choosing_nothing_is_never_right():
    assert not is_right([], [])
