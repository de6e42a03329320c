"""What the list of traces shows, and in which pages."""

from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import START_NS, put, span, trace_request
from reading import of, page, read

from collector.api.refusals import Refusal
from collector.storage.engine import Store
from collector.storage.reads.reader import Row
from collector.storage.reads.traces import list_traces

SECOND_NS = 1_000_000_000
REMOTE_PARENT = 0x300


def at(second: float, **fields: Any) -> dict[str, Any]:
    start = START_NS + int(second * SECOND_NS)
    times = {"start_time_unix_nano": start, "end_time_unix_nano": start + SECOND_NS}
    return times | fields


def listed(
    store: Store, project: str, *where: tuple[Any, ...], **asked: Any
) -> list[Row]:
    return read(store, list_traces, of(project), page(*where, **asked))[0]


def traces(n: int, *, start: int = 0) -> list[Span]:
    return [span(**at(start + i), name=f"t{start + i}") for i in range(n)]


@pytest.mark.every_store
def test_a_trace_shows_its_entry_span_and_sums_over_all(
    store: Store, project: str
) -> None:
    root = span(**at(0), name="answer")
    inner = {"trace_id": root.trace_id, "parent_span_id": root.span_id}
    usage = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5}
    call = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "m-1", **usage}
    agent = {"gen_ai.operation.name": "invoke_agent", **usage}
    failed = Status(code=Status.STATUS_CODE_ERROR, message="no")
    put(
        store,
        trace_request(
            root,
            span(agent, **inner, name="agent"),
            span(call, **inner, name="chat"),
            span(call, **inner, name="chat", status=failed),
            project=project,
        ),
    )
    (row,) = listed(store, project)
    assert (row["name"], row["n_spans"], row["n_errors"]) == ("answer", 4, 1)
    assert row["models"] == ["m-1"]
    assert (row["input_tokens"], row["output_tokens"], row["total_tokens"]) == (
        20,
        10,
        30,
    )


def test_a_trace_without_a_root_is_listed_by_its_earliest_span(
    store: Store, project: str
) -> None:
    parent = b"parent01"
    first = span(**at(1), name="first", parent_span_id=parent)
    later = span(**at(2), name="later", parent_span_id=parent, trace_id=first.trace_id)
    put(store, trace_request(later, first, project=project))
    put(store, trace_request(*traces(3), project=project))
    names = [row["name"] for row in listed(store, project)]
    assert names == ["t2", "first", "t1", "t0"] or names == ["t2", "t1", "first", "t0"]


def test_a_late_root_takes_the_place_of_the_earliest_span(
    store: Store, project: str
) -> None:
    child = span(**at(1), name="child", parent_span_id=b"parent01")
    put(store, trace_request(child, project=project))
    root = span(**at(0), name="root", trace_id=child.trace_id, span_id=b"parent01")
    put(store, trace_request(root, project=project))
    assert [row["name"] for row in listed(store, project)] == ["root"]


def test_a_trace_over_two_services_is_listed_once_by_its_root(
    store: Store, project: str
) -> None:
    root = span(**at(0), name="front")
    remote = span(
        **at(0.1),
        name="back",
        trace_id=root.trace_id,
        parent_span_id=root.span_id,
        flags=REMOTE_PARENT,
    )
    put(store, trace_request(remote, root, project=project))
    assert [row["name"] for row in listed(store, project)] == ["front"]
    assert [row["name"] for row in listed(store, project, limit=1)] == ["front"]


def test_a_span_with_a_remote_parent_is_an_entry_where_the_root_is_elsewhere(
    store: Store, project: str
) -> None:
    entry = span(name="mine", parent_span_id=b"elsewher", flags=REMOTE_PARENT)
    put(store, trace_request(entry, project=project))
    assert [row["name"] for row in listed(store, project)] == ["mine"]


@pytest.mark.every_store
def test_a_span_that_was_stored_twice_counts_once(store: Store, project: str) -> None:
    one = span(name="once")
    put(store, trace_request(one, project=project))
    put(store, trace_request(one, project=project, note="again"))
    (row,) = listed(store, project)
    assert row["n_spans"] == 1


@pytest.mark.every_store
@pytest.mark.parametrize("order", ["-start", "start", "-duration_ms", "-cost_usd"])
def test_pages_follow_each_other_without_gap_or_repeat(
    store: Store, project: str, order: str
) -> None:
    put(store, trace_request(*traces(7), project=project))
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        asked = page(order=order, limit=2, cursor=cursor)
        rows, cursor = read(store, list_traces, of(project), asked)
        seen += [row["name"] for row in rows]
    assert cursor is None
    assert sorted(seen) == sorted(f"t{i}" for i in range(7))
    if order.endswith("start"):
        assert seen == sorted(seen, reverse=order == "-start")


def test_what_arrives_between_two_pages_moves_neither(
    store: Store, project: str
) -> None:
    put(store, trace_request(*traces(4), project=project))
    first, cursor = read(store, list_traces, of(project), page(limit=2))
    put(store, trace_request(*traces(3, start=4), project=project))
    second, _ = read(store, list_traces, of(project), page(limit=2, cursor=cursor))
    names = [row["name"] for row in (*first, *second)]
    assert names == ["t3", "t2", "t1", "t0"]


def test_traces_of_the_same_nanosecond_are_all_shown(
    store: Store, project: str
) -> None:
    put(store, trace_request(*(span(name=f"s{i}") for i in range(5)), project=project))
    seen: set[str] = set()
    cursor = None
    for _ in range(3):
        asked = page(limit=2, cursor=cursor)
        rows, cursor = read(store, list_traces, of(project), asked)
        seen |= {row["name"] for row in rows}
    assert seen == {f"s{i}" for i in range(5)}


def test_the_window_begins_with_since_and_ends_before_until(
    store: Store, project: str
) -> None:
    put(store, trace_request(*traces(4), project=project))
    window = of(
        project, since_ns=START_NS + SECOND_NS, until_ns=START_NS + 3 * SECOND_NS
    )
    rows, _ = read(store, list_traces, window, page())
    assert [row["name"] for row in rows] == ["t2", "t1"]


def test_runs_of_evaluations_stay_out_of_production(store: Store, project: str) -> None:
    put(
        store,
        trace_request(
            span(name="real"),
            span({"tracer.evaluation.id": "e1"}, name="tried"),
            project=project,
        ),
    )
    for origin, names in {
        "production": ["real"],
        "evaluation": ["tried"],
        "all": ["real", "tried"],
    }.items():
        rows, _ = read(store, list_traces, of(project, origin=origin), page())
        assert sorted(row["name"] for row in rows) == names


def test_a_cursor_of_another_order_is_refused(store: Store, project: str) -> None:
    put(store, trace_request(*traces(3), project=project))
    _, cursor = read(store, list_traces, of(project), page(limit=1))
    other = page(order="start", limit=1, cursor=cursor)
    with pytest.raises(Refusal, match="does not belong to order 'start'"):
        read(store, list_traces, of(project), other)


def test_an_unknown_order_names_the_known_ones(store: Store, project: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(store, list_traces, of(project), page(order="-name"))
    assert "-start" in refused.value.hint


def test_metadata_comes_back_in_its_own_types(store: Store, project: str) -> None:
    sent = {"n": 5, "ratio": 0.5, "ok": True, "부서": "회계", "deep": '{"a":[1]}'}
    values = {f"tracer.metadata.{key}": value for key, value in sent.items()}
    put(store, trace_request(span(values), project=project))
    (row,) = listed(store, project)
    assert row["metadata"] == sent | {"deep": {"a": [1]}}
