"""Two answers are compared in both orders, and the judge's biases are counted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import Wire

from tracer.errors import ConfigurationError
from tracer.judges import PairwiseJudge, Rubric, pairwise_bias

RUBRIC = Rubric.ready("answer_correctness", "ko")
ROW = {"question": "수도는 어디인가요?", "reference": "대한민국의 수도는 서울입니다."}
GOOD, BAD = "대한민국의 수도는 서울입니다.", "부산"


def compared(wire: Wire, output: str, baseline: str, scenario: str = "") -> Any:
    judge = PairwiseJudge(wire.model(scenario), RUBRIC)
    return judge.judge(output, baseline_model_response=baseline, **ROW)


@pytest.mark.parametrize(
    ("output", "baseline", "label", "value"),
    [
        (GOOD, BAD, "candidate", 1.0),
        (BAD, GOOD, "baseline", 0.0),
        (GOOD, GOOD, "tie", 0.5),
    ],
)
def test_the_better_answer_wins_in_both_orders(
    wire: Wire, output: str, baseline: str, label: str, value: float
) -> None:
    scored = compared(wire, output, baseline)
    assert (scored.label, scored.value) == (label, value)
    assert scored.metadata == {
        "candidate_first": label,
        "baseline_first": label,
        "candidate_length": len(output),
        "baseline_length": len(baseline),
    }
    first, second = (body["messages"][1]["content"] for body in wire.bodies)
    assert (first.find(output) < first.rfind(baseline)) or output == baseline
    assert (second.find(baseline) < second.rfind(output)) or output == baseline


def test_a_judge_that_follows_the_place_gives_a_tie(wire: Wire) -> None:
    scored = compared(wire, GOOD, BAD, "judge-first")
    assert (scored.label, scored.value) == ("tie", 0.5)
    assert scored.metadata["candidate_first"] == "candidate"
    assert scored.metadata["baseline_first"] == "baseline"


def test_the_judge_does_not_learn_which_answer_is_whose(wire: Wire) -> None:
    compared(wire, GOOD, BAD)
    for body in wire.bodies:
        said = "".join(each["content"] for each in body["messages"])
        assert "candidate" not in said and "baseline" not in said


def rows_of(wire: Wire, scenario: str, pairs: list[tuple[str, str]]) -> list[Any]:
    judge = PairwiseJudge(wire.model(scenario), RUBRIC)
    found = [
        judge.judge(output, baseline_model_response=baseline, **ROW)
        for output, baseline in pairs
    ]
    return [
        {"example_id": str(i), "label": one.label, "metadata": one.metadata}
        for i, one in enumerate(found)
    ]


PAIRS = [(GOOD, BAD), (BAD, GOOD), ("서울", "부산 또는 대구"), (GOOD, "서울입니다")]


def test_a_bias_for_the_place_shows(wire: Wire) -> None:
    bias = pairwise_bias(rows_of(wire, "judge-first", PAIRS))
    assert (bias.n_pairs, bias.consistent.mean) == (4, 0.0)
    assert (bias.first.mean, bias.first.n) == (1.0, 8)
    assert bias.longer.n == 0 and bias.longer.mean is None
    fair = pairwise_bias(rows_of(wire, "", PAIRS))
    assert (fair.consistent.mean, fair.first.mean) == (1.0, 0.5)
    assert fair.first.ci95 is not None


def test_a_bias_for_length_shows_beside_what_others_say(wire: Wire) -> None:
    others = {"0": "candidate", "1": "baseline", "2": "candidate", "3": "tie"}
    bias = pairwise_bias(rows_of(wire, "judge-longer", PAIRS), others=others)
    assert (bias.longer.mean, bias.longer.n) == (1.0, 4)
    assert (bias.longer_by_others.mean, bias.longer_by_others.n) == (
        pytest.approx(2 / 3),
        3,
    )


def test_a_preference_for_its_own_answers_shows_against_others(wire: Wire) -> None:
    rows = rows_of(wire, "judge-longer", PAIRS)
    others = dict.fromkeys("0123", "tie")
    own = pairwise_bias(rows, own="candidate", others=others).self_preference
    other = pairwise_bias(rows, own="baseline", others=others).self_preference
    values = {"candidate": 1.0, "tie": 0.5, "baseline": 0.0}
    wanted = sum(values[row["label"]] - 0.5 for row in rows) / 4
    assert (own.mean, own.n) == (pytest.approx(wanted), 4)
    assert other.mean == pytest.approx(-wanted)
    assert pairwise_bias(rows, own="candidate").self_preference.mean is None


def test_sides_and_verdicts_that_there_are_not_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="own='me'"):
        pairwise_bias([], own="me")
    with pytest.raises(ConfigurationError, match="better"):
        pairwise_bias([], others={"0": "better"})


ORDERS = st.sampled_from(["candidate", "tie", "baseline"])
LENGTHS = st.integers(0, 3)


@given(st.lists(st.tuples(ORDERS, ORDERS, LENGTHS, LENGTHS), max_size=12))
def test_bias_is_counted_whatever_the_judge_said(said: list[Any]) -> None:
    rows = [
        {
            "example_id": str(i),
            "label": one if one == other else "tie",
            "metadata": {
                "candidate_first": one,
                "baseline_first": other,
                "candidate_length": str(long),  # as the store gives metadata back
                "baseline_length": str(short),
            },
        }
        for i, (one, other, long, short) in enumerate(said)
    ]
    bias = pairwise_bias(rows)
    choices = [one == "candidate" for one, *_ in said if one != "tie"]
    choices += [other == "baseline" for _, other, *_ in said if other != "tie"]
    assert bias.first.n == len(choices)
    wanted = sum(choices) / len(choices) if choices else None
    assert bias.first.mean == (None if wanted is None else pytest.approx(wanted))
    swapped = [
        row
        | {
            "label": {"candidate": "baseline", "baseline": "candidate"}.get(
                row["label"], "tie"
            )
        }
        for row in rows
    ]
    assert pairwise_bias(swapped).longer.n == bias.longer.n
