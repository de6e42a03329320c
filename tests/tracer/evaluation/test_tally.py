"""Whatever is replaced or taken back, the sums are those of what stands in the end."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tracer.evaluation._outcomes import MISSING, Outcome
from tracer.evaluation._tally import ScoreKey, Tally

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
        ("s", "model", "j", 0),
        ("s", "model", "j", 1),
        ("t", "code", "", 0),
        ("라벨", "code", "", 0),
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
