"""Short pages and long ones, of any order and filter, are made of the same traces.

Of a full page the engine looks at less than of one that is not, and of conditions on
whole traces in another way: both must find what a look at everything finds.
"""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import START_NS, put, span, trace_request
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.traces import list_traces

SECOND_NS = 10**9
REMOTE_PARENT = 0x300
LOST = b"lost-one"


def made(second: int, seconds: int, values: dict[str, Any], **fields: Any) -> Span:
    start = START_NS + second * SECOND_NS
    times = {"start_time_unix_nano": start}
    times["end_time_unix_nano"] = start + seconds * SECOND_NS
    return span(values, **times, **fields)


def trace(number: int) -> list[Span]:
    """A trace with an entry span, without one, or with two; most with a user."""
    user = {"user.id": f"u{number % 3}"} if number % 4 else {}
    usage = {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": number}
    parent = {"parent_span_id": LOST} if number % 5 == 2 else {}
    first = made(number, number % 7 + 1, {}, name=f"t{number}", **parent)
    ids = {"trace_id": first.trace_id, "parent_span_id": first.span_id}
    spans = [first, made(number + 1, number % 6 + 1, user | usage, name="call", **ids)]
    if number % 5 == 3:
        remote = {"name": "remote", "flags": REMOTE_PARENT, **ids}
        spans.append(made(number + 2, 9, {}, **remote))
    return spans


@pytest.fixture(scope="module")
def project(store: Store) -> str:
    project = "trace-keys"
    spans = [one for number in range(20) for one in trace(number)]
    put(store, trace_request(*spans, project=project))
    return project


def listed(store: Store, project: str, limit: int, **asked: Any) -> list[str]:
    found: list[str] = []
    cursor = None
    for _ in range(40):
        wanted = page(*asked["where"], order=asked["order"], limit=limit, cursor=cursor)
        rows, cursor = read(store, list_traces, of(project), wanted)
        found += [row["name"] for row in rows]
        if cursor is None:
            break
    return found


@pytest.mark.every_store
@pytest.mark.parametrize("order", ["-start", "-duration_ms", "-total_tokens"])
@pytest.mark.parametrize(
    ("where", "n"),
    [
        ([], 20),
        ([("user_id", "=", "u1")], 5),
        ([("user_id", "missing"), ("n_spans", ">", 1)], 5),
        ([("status", "=", "ok")], 20),
    ],
)
def test_pages_of_any_length_hold_the_same_traces(
    store: Store, project: str, order: str, where: list[tuple[Any, ...]], n: int
) -> None:
    everything = listed(store, project, 100, order=order, where=where)
    assert len(everything) == len(set(everything))
    # by a total, traces without an entry span are not listed
    assert len(everything) == n or order == "-total_tokens"
    assert listed(store, project, 3, order=order, where=where) == everything


def test_conditions_on_whole_traces_find_the_same_in_either_direction(
    store: Store, project: str
) -> None:
    where = [("user_id", "in", ["u1", "u2"]), ("n_errors", "=", 0)]
    newest = listed(store, project, 4, order="-start", where=where)
    assert newest == listed(store, project, 4, order="start", where=where)[::-1]
    assert len(newest) == 10


@pytest.mark.every_store
@pytest.mark.parametrize("order", ["-start", "-duration_ms"])
@pytest.mark.parametrize("where", [[], [("n_spans", ">", 1)]])
def test_a_call_of_another_service_long_after_its_trace_began_is_no_second_trace(
    store: Store, order: str, where: list[tuple[Any, ...]]
) -> None:
    """A page on which it was the oldest listed the trace by it, the next one again."""
    project = f"two-services-{order}-{len(where)}"
    root = made(0, 300, {}, name="root")
    ids = {"trace_id": root.trace_id, "parent_span_id": root.span_id}
    remote = made(120, 301, {}, name="remote", flags=REMOTE_PARENT, **ids)
    put(store, trace_request(root, remote, project=project))
    assert listed(store, project, 1, order=order, where=where) == ["root"]
