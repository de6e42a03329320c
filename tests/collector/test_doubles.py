"""A span that comes again in another body is shown and counted once."""

from dataclasses import replace

import pytest
from otlp_requests import (
    ON_EITHER_SHARD,
    START_NS,
    otlp_request,
    put,
    rows,
    span,
    trace_request,
)

from collector.housekeeping.doubles import EVERYWHERE, SOON, Doubles, Look
from collector.prepared import prepare
from collector.records import Outcome
from collector.storage.commit import store_group
from collector.storage.engine import Store
from collector.storage.nodes import change_rows
from collector.storage.walk import watermark

pytestmark = pytest.mark.usefixtures("few_rows")

DAY_NS = 86_400 * 10**9
CALL = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 7}


def put_later(store: Store, body: bytes, *, later_ms: int) -> None:
    """Store a request as if it had come later."""
    request = otlp_request(body)
    later = replace(request, received_ms=request.received_ms + later_ms)
    item = prepare(later, max_bytes=1 << 20)
    assert not isinstance(item, Outcome)
    with store.handle("write") as client:
        store_group(client, [item])


def counted(store: Store, project: str) -> tuple[int, int]:
    """What the roll-up counts: spans and tokens by the hour."""
    statement = (
        "SELECT sum(n), sum(tokens) FROM (SELECT toStartOfHour(ts) AS hour, count() "
        "AS n, sum(input_tokens) AS tokens FROM spans "
        "WHERE project = {project:String} GROUP BY hour) "
        "SETTINGS force_optimize_projection = 1, max_threads = 1"
    )
    with store.handle("read") as client:
        found = client.query(statement, parameters={"project": project})
    n, tokens = found.result_rows[0]
    return int(n), int(tokens)


@pytest.mark.every_store
@pytest.mark.parametrize("look", [SOON, EVERYWHERE], ids=lambda look: look.name)
def test_the_older_of_two_bodies_goes_and_every_sum_counts_once(
    store: Store, project: str, look: Look
) -> None:
    """Stats counted both."""
    spans = [
        span(CALL, name=f"n{i}", trace_id=ON_EITHER_SHARD[i % 2]) for i in range(4)
    ]
    put(store, trace_request(*spans[:3], project=project))
    put_later(store, trace_request(*spans[1:], project=project), later_ms=5000)
    assert counted(store, project) == (6, 42)
    Doubles(store).look(look)
    names = sorted(row["name"] for row in rows(store, project))
    assert names == ["n0", "n1", "n2", "n3"]
    assert counted(store, project) == (4, 28)


def test_the_copy_that_came_last_stays(store: Store, project: str) -> None:
    first = span(name="first")
    again = span(trace_id=first.trace_id, span_id=first.span_id, name="again")
    put(store, trace_request(first, project=project))
    put_later(store, trace_request(again, project=project), later_ms=5000)
    Doubles(store).look(SOON)
    assert [row["name"] for row in rows(store, project)] == ["again"]


def test_a_copy_of_another_day_that_comes_days_later_is_found(
    store: Store, project: str
) -> None:
    first = span()
    ids = {"trace_id": first.trace_id, "span_id": first.span_id}
    put(store, trace_request(first, project=project))
    doubles = Doubles(store)
    doubles.look(SOON)
    with store.handle("write") as client:  # the first body came long ago
        after_ms = watermark(client, SOON.name) + 120_000
        client.command(
            "INSERT INTO watermarks SELECT {name:String}, "
            "fromUnixTimestamp64Milli({at:Int64})",
            parameters={"name": SOON.name, "at": after_ms},
        )
    moved = span(name="moved", start_time_unix_nano=START_NS - 3 * DAY_NS, **ids)
    body = trace_request(moved, project=project)
    put_later(store, body, later_ms=2 * 86_400_000)
    doubles.look(SOON)
    assert len(rows(store, project)) == 2
    doubles.look(EVERYWHERE)
    assert [row["name"] for row in rows(store, project)] == ["moved"]
    change_rows(store, "TRUNCATE TABLE {table}", "watermarks", {})
    # the newest receipt tells other tests which rows were cut off, as those without one
    soon = "DELETE FROM {table} WHERE received_at > now() + INTERVAL 1 HOUR"
    for table in ("spans", "receipts"):
        change_rows(store, soon, table, {})


def test_another_project_cannot_remove_a_span_by_sending_its_ids(
    store: Store, project: str
) -> None:
    mine = span()
    put(store, trace_request(mine, project=project))
    put_later(store, trace_request(mine, project=f"{project}-2"), later_ms=5000)
    Doubles(store).look(EVERYWHERE)
    assert len(rows(store, project)) == len(rows(store, f"{project}-2")) == 1


def test_two_collectors_that_look_at_once_leave_one_copy(
    store: Store, project: str
) -> None:
    """Both find the same rows and delete the same ones."""
    spans = [span() for _ in range(20)]
    for order in (spans, spans[::-1], spans[5:]):
        put(store, trace_request(*order, project=project))
    first, second = Doubles(store), Doubles(store)
    first.look(SOON)
    again = replace(SOON, name="doubles of another")
    assert second.look(again) == 0
    assert len(rows(store, project)) == 20
