"""The overview's tables, and the lists of traces that they lead to."""

from typing import Any

import pytest

from dashboard.shaping.conditions import parse
from dashboard.shaping.traffic import groups, means, reasons


def row(group: str | None, n: int, *, failed: int = 0, **fields: Any) -> dict[str, Any]:
    given = {"group": group, "n_calls": n, "n_errors": failed, "bucket_ns": 0}
    usage = {"input_tokens": n, "output_tokens": 0, "cost_usd": n / 10}
    return given | usage | {"p50_ms": 5.0, "p95_ms": 9.0, "p99_ms": 9.5} | fields


@pytest.mark.parametrize(
    ("by", "opened", "link"),
    [
        ("model", "m-1", {"filter": "model = m-1"}),
        ("tags", "한국어", {"filter": "tags contains 한국어"}),
        ("user_id", "", {"filter": "user_id missing"}),
        ("model", "failed:m-1", {"filter": "model = m-1", "status": "error"}),
        ("user_id", "0123", {"filter": "user_id = 0123"}),
    ],
)
def test_a_group_leads_to_its_traces(
    by: str, opened: str, link: dict[str, str]
) -> None:
    assert groups.link(by, opened) == link
    assert parse(link["filter"])[0] == by


def test_groups_come_with_their_change_and_failures() -> None:
    shown = groups.table(
        [row("a", 3), row(None, 12, failed=3)], [row(None, 6)], nameless="(none)"
    )
    first, second = (one["cells"] for one in shown)
    assert (first["group"]["text"], first["change"]["text"]) == ("(none)", "+100%")
    assert (first["errors"]["score"], first["errors"]["open"]) == ("25.0%", "failed:")
    assert (second["errors"], second["change"]) == ("0%", None)


def test_groups_have_the_time_to_their_first_token_where_one_was_timed() -> None:
    streams = [row("a", 2) | {"p50_ms": 120.0, "p95_ms": 480.0}]
    shown = groups.table([row("a", 3), row("b", 1)], [], streams, nameless="(none)")
    timed, other = (one["cells"] for one in shown)
    assert timed["first_p50"]["text"] == "120 ms"
    assert timed["first_p95"] | {"title": "n 2"} == timed["first_p95"]
    assert "first_p50" not in other


def test_columns_of_groups_are_those_asked_for_in_their_order() -> None:
    assert groups.chosen(["cost", "p99", "unknown"]) == ["p99", "cost"]
    assert groups.chosen([]) == list(groups.USUAL)


def test_what_is_not_named_adds_up_as_other_but_percentiles_do_not() -> None:
    rows = [row("a", 3), row("b", 2), row("c", 1), row(None, 4)]
    named = groups.largest(rows, "calls", nameless="-")[:2]
    asked = {"named": named, "nameless": "-", "other": "rest"}
    assert {
        one["series"]: one["value"] for one in groups.course(rows, "calls", **asked)
    } == {"-": 4, "a": 3, "rest": 3}
    drawn = groups.course(rows, "p95", **asked)
    assert [one["series"] for one in drawn] == ["-", "a"]


@pytest.mark.parametrize(
    ("pattern", "condition"),
    [
        ("order # is not there", "status_message contains is not there"),
        ("line one\nlonger line # two", "status_message contains longer line"),
        ("# #", None),
    ],
)
def test_a_reason_leads_to_all_that_failed_for_it(
    pattern: str, condition: str | None
) -> None:
    link = reasons.reason_link({"pattern": pattern, "message": "m"})
    assert link["status"] == "error"
    assert link.get("filter") == condition
    if condition:
        assert parse(condition)[:2] == ("status_message", "contains")


def sums(name: str, kind: str, values: list[float]) -> dict[str, Any]:
    squares = sum(value * value for value in values)
    total, n = sum(values), len(values)
    clusters = {"cluster_sum_squares": squares, "cluster_sum_counts": total}
    counts = {"n": n, "n_clusters": n, "cluster_count_squares": n}
    of_all = {"sum": total, "sum_squares": squares}
    return {"name": name, "type": kind} | counts | of_all | clusters


def test_a_score_says_by_how_much_it_changed_and_whether_that_may_be_luck() -> None:
    now = [sums("good", "bool", [1.0] * 90 + [0.0] * 10)]
    before = [sums("good", "bool", [1.0] * 50 + [0.0] * 50)]
    [tile] = means.tiles(now, before, points="pp")
    assert (tile.value, tile.n, tile.tone) == ("90.0%", 100, "info")
    assert tile.change is not None
    assert tile.change.startswith("+40.0 pp [+27")
    [alike] = means.tiles(now, now, points="pp")
    assert (alike.tone, alike.change) == ("none", "+0.0 pp [−8.7, +8.7]")


def test_a_score_that_no_filter_can_name_leads_to_no_list() -> None:
    numbers = sums("right language", "number", [1.0, 2.0, 4.0])
    [tile] = means.tiles([numbers, sums("l", "label", [])], [], points="pp")
    assert (tile.link, tile.change, tile.value) == (None, None, "2.333")
