"""Which examples of a run are shown, in which order; and of two runs."""

from typing import Any

import pytest

from dashboard.shaping.runs import examples, pairs
from tracer.stats import summarize


def sums(score: str = "ok", **values: list[float]) -> list[dict[str, Any]]:
    return [
        {"score": score, "type": "bool", "example_id": id, "n": len(given)}
        | {"sum": sum(given), "sum_squares": sum(given), "values": given}
        | {"trials": list(range(len(given))), "n_errors": int(not given)}
        for id, given in values.items()
    ]


RUN = sums(flaky=[1.0, 0.0], sure=[1.0, 1.0], bad=[0.0, 0.0], broken=[])
TOOK = [
    {"example_id": "flaky", "latency_ms": [5.0, 7.0], "failed": [0, 0]},
    {"example_id": "sure", "latency_ms": [90.0, 90.0], "failed": [0, 0]},
    {"example_id": "bad", "latency_ms": [None], "failed": [0]},
    {"example_id": "broken", "latency_ms": [2.0], "failed": [1]},
]
FOUND = examples.examples(TOOK, RUN, "ok")


def ids(found: list[examples.Example]) -> list[str]:
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("all", ["flaky", "sure", "bad", "broken"]),
        ("failing", ["flaky", "bad"]),
        ("flaky", ["flaky"]),
        ("errors", ["broken"]),
    ],
)
def test_examples_can_be_narrowed_and_are_counted(show: str, shown: list[str]) -> None:
    assert ids(examples.narrowed(FOUND, show, is_yes_no=True)) == shown
    assert examples.counts(FOUND, is_yes_no=True)[show] == len(shown)


@pytest.mark.parametrize(
    ("order", "shown"),
    [
        ("run", ["flaky", "sure", "bad", "broken"]),
        ("worst", ["broken", "bad", "flaky", "sure"]),
        ("best", ["sure", "flaky", "bad", "broken"]),
        ("spread", ["flaky", "sure", "bad", "broken"]),
        ("slowest", ["sure", "flaky", "broken", "bad"]),
    ],
)
def test_examples_can_be_ordered(order: str, shown: list[str]) -> None:
    assert ids(examples.ordered(FOUND, order)) == shown


def test_the_highest_is_worst_where_lower_is_better() -> None:
    ordered = examples.ordered(FOUND, "worst", higher_is_better=False)

    assert ids(ordered) == ["broken", "sure", "flaky", "bad"]


def test_a_run_without_scores_still_has_its_examples() -> None:
    found = examples.examples(TOOK, [], None)

    assert ids(found) == ["flaky", "sure", "bad", "broken"]
    assert ids(examples.narrowed(found, "errors", is_yes_no=True)) == ["broken"]


def test_pairs_come_largest_loss_first_by_the_scores_direction() -> None:
    old = summarize(sums(a=[1.0], b=[0.0], c=[1.0], alone=[1.0]))["ok"]
    new = summarize(sums(a=[1.0], b=[1.0], c=[0.0]))["ok"]

    found = pairs.pairs(old, new)
    assert [(one.id, one.outcome) for one in found] == [
        ("c", "worse"),
        ("a", "equal"),
        ("b", "better"),
    ]
    back = pairs.pairs(old, new, higher_is_better=False)
    assert [one.id for one in back] == ["b", "a", "c"]
    assert [one.id for one in pairs.narrowed(found, "better")] == ["b"]

    shown = pairs.rows(found, kind="bool", most=1.0, old=[], new=[])
    said = [(row["cells"]["baseline"], row["cells"]["candidate"]) for row in shown]
    assert said[0] == ({"yes": True}, {"yes": False})
    tried = summarize(sums(a=[1.0, 0.0]))["ok"]
    [several] = pairs.rows(
        pairs.pairs(tried, tried), kind="bool", most=1, old=[], new=[]
    )
    assert several["cells"]["baseline"]["title"] == "50.0% · n 2"
