"""What is older than the settings say goes, and nothing else."""

import datetime
import os
from dataclasses import replace
from typing import Any

import pytest
from otlp_requests import log_request, otlp_request, put, record, rows, span
from otlp_requests import trace_request as traces

from collector.config import Settings, from_environment
from collector.errors import SettingsError, StoreFull
from collector.housekeeping.retention import Retention
from collector.prepared import prepare
from collector.records import Outcome
from collector.storage import writes
from collector.storage.commit import store_group
from collector.storage.deleting import removals
from collector.storage.deleting.by_age import Ages, Policy, drop_older
from collector.storage.deleting.by_size import used_bytes
from collector.storage.engine import Store

pytestmark = pytest.mark.usefixtures("few_rows")

# years before all other tests' rows, which share the store
OLD, KEPT = datetime.date(2021, 3, 1), datetime.date(2021, 3, 2)
TODAY = datetime.date(2021, 3, 12)
SCORE = {"gen_ai.evaluation.name": "s", "gen_ai.evaluation.score.value": 1}


def ns(day: datetime.date, hour: int = 23) -> int:
    time = datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC)
    return int(time.timestamp()) * 1_000_000_000


def fill(store: Store, project: str) -> None:
    for day in (OLD, KEPT):
        name = str(day)
        body = traces(span(name=name, start_time_unix_nano=ns(day)), project=project)
        put(store, body)
        event = record({}, event_name=name, time_unix_nano=ns(day))
        score = record(
            SCORE,
            event_name="gen_ai.evaluation.result",
            time_unix_nano=ns(day),
            observed_time_unix_nano=ns(day),
        )
        put(store, log_request(event, score, project=project), signal="logs")


def days(store: Store, project: str, table: str) -> set[datetime.date]:
    return {row["ts"].date() for row in rows(store, project, table)}


@pytest.mark.every_store
@pytest.mark.parametrize("table", ["spans", "events", "scores"])
def test_what_happened_before_the_days_to_keep_is_deleted(
    store: Store, project: str, table: str
) -> None:
    """Nothing bounded the store."""
    fill(store, project)
    Retention(store, Settings()).apply(TODAY)
    assert days(store, project, table) == {OLD, KEPT}
    Retention(store, Settings(retention_days=10)).apply(TODAY)
    assert days(store, project, table) == {KEPT}


@pytest.mark.every_store
def test_times_that_no_clock_shows_are_kept_by_the_day_they_came(
    store: Store, project: str
) -> None:
    for day in (OLD, KEPT):
        body = traces(span(name=str(day), start_time_unix_nano=1), project=project)
        request = replace(otlp_request(body), received_ms=ns(day) // 1_000_000)
        item = prepare(request, max_bytes=1 << 20)
        assert not isinstance(item, Outcome)
        with store.handle("write") as client:
            store_group(client, [item])
    Retention(store, Settings(retention_days=10)).apply(TODAY)
    assert [row["name"] for row in rows(store, project)] == [str(KEPT)]


def test_old_receipts_go_and_no_row_is_taken_for_unfinished(
    store: Store, project: str
) -> None:
    """Receipts near the newest stay, for they tell what was cut off at the end."""
    request = otlp_request(traces(span(), span(), project=project))
    put(store, request.body)
    digests = {age_days: os.urandom(16) for age_days in (7, 30)}
    with store.handle("write") as client:
        for age_days, digest in digests.items():
            received_ms = request.received_ms - age_days * 86_400_000
            old = replace(request, digest=digest, received_ms=received_ms)
            writes.insert_receipts(client, [(old, Outcome(200))])
        Retention(store, Settings()).apply(TODAY)
        known = writes.known_receipts(client, [request.digest, *digests.values()])
        assert set(known) == {request.digest, digests[7]}
    writes.delete_unfinished(store)
    assert len(rows(store, project)) == 2


@pytest.mark.parametrize("days", [-1, 36_501])
def test_a_retention_that_is_no_number_of_days_is_refused(days: int) -> None:
    """One longer than the calendar had nothing deleted at all, whatever its age."""
    with pytest.raises(SettingsError, match="TRACER_RETENTION_DAYS"):
        Settings(retention_days=days)


def test_a_project_may_keep_its_rows_for_longer_or_shorter_than_the_others(
    store: Store, project: str
) -> None:
    longer, shorter, others = f"{project}-long", f"{project}-short", project
    for each in (longer, shorter, others):
        fill(store, each)
    kept = Policy(Ages(10), {longer: Ages(0), shorter: Ages(5)})
    drop_older(store, kept, TODAY)
    for table in ("spans", "events", "scores"):
        assert days(store, longer, table) == {OLD, KEPT}
        assert days(store, shorter, table) == set()
        assert days(store, others, table) == {KEPT}


@pytest.mark.every_store
def test_what_evaluations_brought_stays_until_its_own_age(
    store: Store, project: str
) -> None:
    """Production ages out; runs that are still compared do not."""
    fill(store, project)
    values = {"tracer.evaluation.id": "run-1"}
    judged = span(values, name="judged", start_time_unix_nano=ns(OLD))
    message = record({}, time_unix_nano=ns(OLD), trace_id=judged.trace_id)
    score = record(
        SCORE | values | {"tracer.example.id": "e"},
        event_name="gen_ai.evaluation.result",
        time_unix_nano=ns(OLD),
        observed_time_unix_nano=ns(OLD),
    )
    put(store, traces(judged, project=project))
    put(store, log_request(message, score, project=project), signal="logs")
    drop_older(store, Policy(Ages(5)), TODAY)
    assert [row["name"] for row in rows(store, project)] == ["judged"]
    assert len(rows(store, project, "events")) == 1
    assert [r["evaluation_id"] for r in rows(store, project, "scores")] == ["run-1"]
    drop_older(store, Policy(Ages(5, 5)), TODAY)
    for table in ("spans", "events", "scores"):
        assert rows(store, project, table) == []


@pytest.mark.every_store
def test_what_comes_late_while_a_day_is_dropped_stays_if_its_project_keeps_it(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole day went, with what had come since its rows were counted."""
    fill(store, project)
    late = span(name="late", start_time_unix_nano=ns(OLD))
    look = removals.whole_parts

    def then_comes(*asked: Any) -> list[str]:
        found = look(*asked)
        put(store, traces(late, project=f"{project}-long"))
        return found

    monkeypatch.setattr(removals, "whole_parts", then_comes)
    drop_older(store, Policy(Ages(10), {f"{project}-long": Ages(0)}), TODAY)
    assert days(store, project, "spans") == {KEPT}
    assert {row["name"] for row in rows(store, f"{project}-long")} == {"late"}


@pytest.mark.every_store
def test_over_the_disk_budget_the_oldest_day_goes_first(
    store: Store, project: str, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, project)
    drop_older(store, Policy(Ages(11)), OLD)  # nothing older than these tests'
    budget = used_bytes(store) - 1
    Retention(store, Settings(disk_budget=budget)).apply_budget(TODAY)
    for table in ("spans", "events", "scores"):
        assert days(store, project, table) == {KEPT}
    assert "dropped 20210301" in caplog.text


def test_the_budget_is_kept_also_where_deleting_by_age_fails(
    store: Store, project: str
) -> None:
    """On a full disk each round ended before it came to the days that could go."""

    class OnFullDisk(Retention):
        def apply(self, today: datetime.date) -> None:
            raise StoreFull(f"no room to delete before {today}")

    fill(store, project)
    retention = OnFullDisk(store, Settings(disk_budget=used_bytes(store) - 1))
    with pytest.raises(StoreFull):
        retention._round()
    assert [row["name"] for row in rows(store, project)] == [str(KEPT)]


def test_todays_rows_stay_over_budget_and_it_is_said_once(
    store: Store, project: str, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, project)
    retention = Retention(store, Settings(disk_budget=1))
    for _ in range(2):
        retention.apply_budget(OLD)
    assert days(store, project, "spans") == {OLD, KEPT}
    assert caplog.text.count("over its budget") == 1


@pytest.mark.parametrize(
    ("text", "size"),
    [("50GB", 50 * 10**9), ("1.5 MiB", 3 << 19), ("1000", 1000), ("2k", 2000)],
)
def test_a_disk_budget_is_written_with_a_unit(text: str, size: int) -> None:
    assert from_environment({"TRACER_DISK_BUDGET": text}).disk_budget == size


@pytest.mark.parametrize("text", ["much", "-1", "5 parsecs", "1.2.3GB", "GB", "1e400"])
def test_a_disk_budget_that_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="TRACER_DISK_BUDGET.*50GB"):
        from_environment({"TRACER_DISK_BUDGET": text})
