"""What a window holds, and whether it differs from the one before by more than luck."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tracer.alerts.readings import read_rule, reading_of
from tracer.alerts.rules import Reading, Rule
from tracer.client import Client

Row = dict[str, Any]


def rule(**fields: object) -> Rule:
    return Rule.of({"id": "r", "project": "p", "test": "change"} | fields)


def calls(n: int, failed: int = 0, **more: object) -> Row:
    return {"n_calls": n, "n_errors": failed, "p95_ms": 1.0, "cost_usd": None, **more}


def scores(*values: float, type: str = "number", **more: object) -> Row:
    """A row of a trend in which every value is of a trace of its own."""
    n, total = len(values), sum(values)
    squares = sum(value * value for value in values)
    return {
        "type": type,
        "n": n,
        "n_clusters": n,
        "sum": total,
        "sum_squares": squares,
        "cluster_sum_squares": squares,
        "cluster_sum_counts": total,
        "cluster_count_squares": n,
        **more,
    }


def test_a_change_of_the_last_hour_is_held_against_the_hour_before(
    client: Client, project: str, call: Callable[..., None]
) -> None:
    call(40, failed=2, ago_s=5400)
    call(40, failed=20, ago_s=30)
    found = read_rule(client, rule(project=project), now_ns=time.time_ns())
    assert found == Reading(0.5, 40, 0.05, 40, is_shown=True)


def test_a_share_of_errors_that_may_have_risen_by_luck_is_told_so() -> None:
    risen = reading_of(rule(), calls(40, 4), calls(40, 2))
    assert (risen.value, risen.baseline, risen.is_shown) == (0.1, 0.05, False)
    assert risen.change == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("row", "before", "is_shown"),
    [
        (scores(5, 4, 5, 4), scores(2, 1, 2, 1), True),
        (scores(1, 2, 1, 2), scores(4, 5, 4, 5), True),
        (scores(1, 5, 1, 5), scores(1, 4, 1, 5), False),
        (scores(1, 0, 1, type="bool"), scores(0, 0, 1, type="bool"), False),
        (scores(*[1] * 9, type="bool"), scores(*[0] * 9, type="bool"), True),
        (scores(5.0), scores(1.0), None),
        (scores(2, 2, 2) | {"sum_squares": None}, scores(1, 2, 3), None),
    ],
)
def test_a_mean_differs_by_more_than_luck_or_that_cannot_be_told(
    row: Row, before: Row, is_shown: bool | None
) -> None:
    found = reading_of(rule(measure="score", score="tone"), row, before)
    assert found.value == row["sum"] / row["n"]
    assert found.is_shown is is_shown


def test_scores_that_are_all_alike_are_told_apart_by_their_scale() -> None:
    watched = rule(measure="score", score="tone")
    row, before = scores(*[5] * 40), scores(*[1] * 40)
    assert reading_of(watched, row, before).is_shown is None
    scale = {"scale_low": 1.0, "scale_high": 5.0}
    assert reading_of(watched, row | scale, before | scale).is_shown is True


@pytest.mark.parametrize(
    ("measure", "value"), [("latency_p95_ms", 9.0), ("cost_usd", 0.0), ("calls", 5.0)]
)
def test_what_has_no_mean_is_compared_without_a_word_about_luck(
    measure: str, value: float
) -> None:
    found = reading_of(rule(measure=measure), calls(5, p95_ms=9.0), calls(50))
    assert (found.value, found.n, found.is_shown) == (value, 5, None)


def test_a_window_without_anything_has_no_value_but_a_number_of_calls() -> None:
    assert reading_of(rule(), None, calls(9)) == Reading(None, 0, 0.0, 9)
    assert reading_of(rule(measure="calls"), None, None) == Reading(0.0, 0, 0.0, 0)
    watched = rule(measure="score", score="tone")
    assert reading_of(watched, None, scores(1.0)) == Reading(None, 0, 1.0, 1)
    without_sum = scores(1.0) | {"sum": None}
    assert reading_of(watched, without_sum, None) == Reading(None, 0, None, 0)
