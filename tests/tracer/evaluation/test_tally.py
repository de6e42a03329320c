"""Whatever is replaced or taken back, the sums are those of what stands in the end."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracer.evaluation._outcomes import MISSING, Outcome
from tracer.evaluation._raters import ScoreKey
from tracer.evaluation._tally import Tally

OUTCOMES = st.one_of(
    st.just(MISSING),
    st.just(Outcome(error="ValueError", detail="no")),
    st.booleans().map(lambda value: Outcome("bool", value)),
    st.integers(1, 5).map(lambda value: Outcome("number", float(value))),
    st.tuples(st.integers(1, 5), st.sampled_from("ab")).map(
        lambda both: Outcome("number", float(both[0]), both[1])
    ),
)
LABELS = st.one_of(
    st.just(MISSING), st.sampled_from("ab").map(lambda one: Outcome("label", label=one))
)
KEYS = st.sampled_from(
    [
        ("s", "code", "", 0),
        ("s", "code", "", 1),
        ("s", "human", "영희", 0),
        ("s", "user", "", 0),
        ("t", "code", "", 0),
        ("라벨", "code", "", 0),
        ("라벨", "human", "영희", 0),
    ]
)
Prediction = tuple[str, bool, dict[ScoreKey, Outcome]]


@st.composite
def scores(draw: st.DrawFn) -> tuple[ScoreKey, Outcome]:
    key = draw(KEYS)
    return key, draw(LABELS if key[0] == "라벨" else OUTCOMES)


PREDICTIONS = st.lists(
    st.tuples(
        st.sampled_from("xyz"), st.booleans(), st.lists(scores(), max_size=4).map(dict)
    ),
    max_size=6,
)


def figures(tally: Tally) -> dict[str, Any]:
    """Everything that a summary says, but for scores that are nowhere any more."""
    found = {
        name: (
            *(one.n, one.mean, one.n_missing, one.n_errors, dict(one.labels)),
            one.quantiles,
        )
        for name, one in tally.summary().items()
    }
    nothing = tally.n_predictions
    return {
        name: one
        for name, one in found.items()
        if one[0] or one[4] or one[2] + one[3] != nothing
    }


def of(predictions: list[Prediction]) -> Tally:
    tally = Tally()
    for example, failed, found in predictions:
        tally.finish(example, found, failed=failed)
    return tally


@given(PREDICTIONS, st.lists(st.tuples(st.integers(0, 5), scores()), max_size=8))
def test_late_scores_leave_the_sums_of_the_newest(
    predictions: list[Prediction], late: list[tuple[int, tuple[ScoreKey, Outcome]]]
) -> None:
    tally = of(predictions)
    for number, (key, outcome) in late:
        if number < len(predictions):
            example, failed, found = predictions[number]
            tally.replace(example, found, key, outcome, failed=failed)
            predictions[number] = example, failed, found | {key: outcome}
    assert figures(tally) == figures(of(predictions))


@given(PREDICTIONS, PREDICTIONS)
def test_what_is_forgotten_leaves_the_sums_of_the_others(
    kept: list[Prediction], gone: list[Prediction]
) -> None:
    tally = of([*kept, *gone])
    for example, failed, found in gone:
        tally.forget(example, found, failed=failed)
    assert figures(tally) == figures(of(kept))
    assert tally.n_predictions == len(kept)


def one(value: float, **key: Any) -> dict[ScoreKey, Outcome]:
    """One score of a prediction."""
    rated = {"source": "code", "author": "", "repeat": 0} | key
    key_of = ("tone", rated["source"], rated["author"], rated["repeat"])
    scale = (1.0, 5.0) if rated["source"] == "code" else None
    return {key_of: Outcome("number", value, scale=scale)}


def test_people_stand_beside_a_scorer_whoever_was_first() -> None:
    tally = Tally(["tone"])
    tally.finish("x", one(2, source="human", author="영희"), failed=False)
    assert [*tally.summary()] == ["tone"]
    tally.finish("y", one(4), failed=False)
    tally.finish("z", {}, failed=False)

    summary = tally.summary()

    assert (summary["tone"].mean, summary["tone"].n_missing) == (4, 2)
    assert summary["tone · people"].mean == 2
    assert summary["tone · people"].scale == summary["tone"].scale == (1, 5)
    assert summary["tone · people"].n_missing == 0
    assert summary["tone · people"].sums.beside == "tone"


def test_what_several_people_say_of_a_prediction_is_one_value() -> None:
    tally = Tally()
    said = one(1, source="human", author="영희") | one(4, source="user")
    tally.finish("x", said, failed=False)

    assert (tally.summary()["tone"].n, tally.summary()["tone"].mean) == (1, 2.5)


def test_half_a_yes_is_a_number_from_0_to_1() -> None:
    tally = Tally()
    both = {
        ("ok", "human", author, 0): Outcome("bool", value)
        for author, value in (("영희", True), ("철수", False))
    }
    tally.finish("x", both, failed=False)

    summary = tally.summary()["ok"]
    assert (summary.type, summary.mean, summary.scale) == ("number", 0.5, (0, 1))


def test_a_scorer_that_judges_again_stands_beside_the_first() -> None:
    tally = Tally()
    tally.finish("x", one(4, author="a") | one(1, author="b"), failed=False)
    tally.finish("y", one(2, author="b"), failed=False)

    summary = tally.summary()

    assert [(one.name, one.n) for one in summary.values()] == [
        ("tone", 1),
        ("tone · b", 2),
    ]


def test_scorers_that_share_no_prediction_make_one_score() -> None:
    tally = Tally()
    tally.finish("x", one(4, author="a"), failed=False)
    tally.finish("y", one(2, author="b"), failed=False)
    tally.finish("y", one(3, author="b"), failed=False)

    summary = tally.summary()

    assert [(one.n, one.mean, one.n_missing) for one in summary.values()] == [(3, 3, 0)]
    assert summary["tone"].quantiles[0.5] == 3


def test_a_resumed_run_knows_who_gave_what_until_now() -> None:
    before = Tally()
    before.finish("x", one(4, author="a") | one(1, author="b"), failed=False)
    rows = [row for one in before.summary().values() for row in one.sums.rows()]
    tally = Tally()
    tally.resume(rows, n_done=1, n_failed=0)
    tally.finish("y", one(2, author="b") | one(5, source="human"), failed=False)

    summary = tally.summary()

    assert {one.name: (one.n, one.n_missing) for one in summary.values()} == {
        "tone": (1, 1),
        "tone · b": (2, 0),
        "tone · people": (1, 0),
    }


def test_sums_that_do_not_say_who_gave_them_take_all() -> None:
    row = {"score": "tone", "type": "number", "example_id": "x", "n": 1, "sum": 4.0}
    tally = Tally()
    tally.resume([row | {"sum_squares": 16.0}], n_done=1, n_failed=0)
    tally.finish("y", one(2, author="b"), failed=False)

    assert [(one.n, one.mean) for one in tally.summary().values()] == [(2, 3)]
