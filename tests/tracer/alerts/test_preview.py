"""What a rule would have said of the past."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tracer.alerts import readings
from tracer.alerts.preview import preview
from tracer.client import Client

HOUR_S = 3600.0


def test_a_preview_counts_the_times_that_a_limit_was_passed(
    client: Client, project: str, call: Callable[..., None]
) -> None:
    for hours_ago, failed in ((30, 0), (20, 5), (19, 5), (18, 0), (9, 5), (8, 0)):
        call(10, failed=failed, ago_s=hours_ago * HOUR_S)
    rule = {"id": "new", "project": project, "threshold": 0.1, "min_n": 5}
    found = client.preview_alert_rule(rule, days=3)
    assert len(found.firings) == 2
    first, second = found.firings
    assert first.recovered_ns is not None
    assert (first.recovered_ns - first.fired_ns) == 2 * HOUR_S * 10**9
    assert second.reading.value == 0.5
    assert len(found.readings) in (71, 72)
    assert found.n_too_few == len(found.readings) - 6
    assert client.alert_rules(project=project) == []


def test_a_preview_of_calls_sees_hours_without_any(
    client: Client, project: str, call: Callable[..., None]
) -> None:
    call(10, ago_s=10 * HOUR_S)
    rule = {"id": "new", "project": project, "measure": "calls", "test": "below"}
    found = client.preview_alert_rule(rule | {"threshold": 1}, days=1)
    assert len(found.firings) == 2  # before, and after


def test_a_preview_compares_windows_with_those_before(
    client: Client, project: str, call: Callable[..., None]
) -> None:
    call(40, ago_s=28 * HOUR_S)
    call(40, ago_s=4 * HOUR_S)
    call(10, ago_s=3 * HOUR_S)
    rule = {"id": "new", "project": project, "measure": "calls", "test": "change"}
    asked = rule | {"threshold": 0.5, "direction": "down", "against": "before"}
    found = client.preview_alert_rule(asked, days=2)
    ends = [one.fired_ns for one in found.firings]
    assert len(ends) >= 1
    assert all(one.reading.baseline == 40 for one in found.firings)


def test_a_preview_of_more_windows_than_one_read_gives_is_the_same(
    client: Client,
    project: str,
    call: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for hours_ago, failed in ((30, 0), (20, 5), (9, 5), (8, 0)):
        call(10, failed=failed, ago_s=hours_ago * HOUR_S)
    rule = {"id": "new", "project": project, "test": "change"}
    asked = rule | {"threshold": 0.1, "against": "before", "min_n": 5}
    whole = client.preview_alert_rule(asked, days=2)
    monkeypatch.setattr(readings, "WINDOWS_AT_ONCE", 7)
    assert client.preview_alert_rule(asked, days=2) == whole
    assert whole.firings


def test_a_preview_ends_with_the_last_whole_window(
    client: Client, project: str, call: Callable[..., None]
) -> None:
    call(10, ago_s=60)
    rule = {"id": "new", "project": project, "threshold": 0.1}
    for window_s in (900, 3600, 86_400, 604_800):
        found = client.preview_alert_rule(rule | {"window_s": window_s})
        ends = list(found.readings)
        assert ends == sorted(ends)
        assert ends[-1] <= time.time_ns()
        assert time.time_ns() - ends[-1] < window_s * 10**9


def test_a_preview_of_a_month_in_quarters_is_one_read(
    client: Client, project: str, call: Callable[..., None]
) -> None:
    call(10, failed=5, ago_s=HOUR_S)
    reads: list[dict[str, Any]] = []

    class Counting:
        """The client, whose reads are counted."""

        def stats(self, **asked: Any) -> Any:
            reads.append(asked)
            return client.stats(**asked)

    rule = {"id": "new", "project": project, "window_s": 900, "threshold": 0.1}
    found = preview(Counting(), rule | {"test": "change", "against": "week"})
    assert len(reads) == 1
    assert len(found.readings) in (2879, 2880)
