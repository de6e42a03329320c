"""A window read piece by piece is read whole, once, and in order."""

from hypothesis import given
from hypothesis import strategies as st
from otlp_requests import START_NS, put, span, trace_request
from reading import of, page, read

from collector.storage.conditions import Condition
from collector.storage.engine import Store
from collector.storage.reads.scope import Page, Scope, encode_cursor
from collector.storage.reads.slices import slices
from collector.storage.reads.spans import list_spans
from collector.storage.reads.traces import list_traces

HOUR_NS = 3600 * 10**9
MOMENTS = st.none() | st.integers(0, 2**62)


@given(since_ns=MOMENTS, until_ns=MOMENTS, after=MOMENTS)
def test_pieces_touch_and_make_up_the_window(
    since_ns: int | None, until_ns: int | None, after: int | None
) -> None:
    cursor = None if after is None else encode_cursor("-start", after, "00")
    asked = Scope(since_ns=since_ns, until_ns=until_ns)
    pieces = list(slices(asked, Page(cursor=cursor)))
    ends = [until_ns] + ([] if after is None else [after + 1])
    known = [end for end in ends if end is not None]
    assert pieces[0].until_ns == (min(known) if known else None)
    assert pieces[-1].since_ns == since_ns
    for newer, older in zip(pieces, pieces[1:], strict=False):
        assert newer.since_ns == older.until_ns


def test_other_orders_are_read_at_once() -> None:
    asked = Scope(since_ns=0, until_ns=HOUR_NS)
    assert list(slices(asked, Page(order="-duration_ms"))) == [asked]


def test_pages_over_all_pieces_hold_every_row_once(store: Store, project: str) -> None:
    hours = [0, 1, 30, 55, 56, 60, 62, 63, 63, 63]
    spans = [
        span(name=f"{hour}", start_time_unix_nano=START_NS + hour * HOUR_NS)
        for hour in hours
    ]
    put(store, trace_request(*spans, project=project))
    window = of(project, since_ns=START_NS, until_ns=START_NS + 64 * HOUR_NS)
    for listed in (list_traces, list_spans):
        found, cursor = [], None
        for _ in hours:
            rows, cursor = read(store, listed, window, page(limit=4, cursor=cursor))
            found += [int(row["name"]) for row in rows]
            if cursor is None:
                break
        assert found == sorted(hours, reverse=True)


def test_values_that_few_rows_may_have_are_looked_for_in_two_pieces() -> None:
    sought = Page(where=[Condition("metadata.ticket", "=", "500001")])
    frequent = Page(where=[Condition("model", "=", "gpt-4o")])
    whole = Scope(since_ns=0, until_ns=640)
    assert [(p.since_ns, p.until_ns) for p in slices(whole, sought)] == [
        (630, 640),
        (0, 630),
    ]
    assert [(p.since_ns, p.until_ns) for p in slices(whole, frequent)] == [
        (630, 640),
        (560, 630),
        (0, 560),
    ]
