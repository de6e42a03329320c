"""A call that two instrumentations recorded counts once: what it used, and its cost."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import ON_EITHER_SHARD, put, rows, span, trace_request
from vendors.readable import write
from vendors.reading_back import of_project
from vendors.tables import load, names, recorded_requests

from collector.housekeeping.repeats import Repeats
from collector.storage.engine import Store

RECORDED = [name for name in names() if not load(name).unrecorded]
MODEL = {"gen_ai.request.model": "gpt-4o-mini", "gen_ai.provider.name": "openai"}


def call(
    used: tuple[int, int],
    *,
    below: Span | None = None,
    operation: str = "chat",
    trace_id: bytes = b"",
) -> Span:
    """A model call with tokens in and out, perhaps below another one."""
    values = MODEL | {"gen_ai.operation.name": operation}
    tokens = {
        f"gen_ai.usage.{name}_tokens": n
        for name, n in zip(("input", "output"), used, strict=True)
    }
    where = {"trace_id": below.trace_id if below else trace_id or os.urandom(16)}
    if below:
        where["parent_span_id"] = below.span_id
    return span(values | tokens, **where)


def counting(store: Store, project: str) -> list[tuple[int, int]]:
    """What the spans used that count."""
    return sorted(
        (row["input_tokens"] or 0, row["output_tokens"] or 0)
        for row in rows(store, project)
        if row["usage_counts"]
    )


def summed(store: Store, project: str) -> tuple[int, float]:
    """What the roll-up adds up: tokens in, and cost."""
    statement = (
        "SELECT sum(tokens), sum(usd) FROM (SELECT toStartOfHour(ts) AS hour, "
        "sumIf(input_tokens, usage_counts) AS tokens, sumIf(cost_usd, usage_counts) "
        "AS usd FROM spans WHERE project = {project:String} GROUP BY hour) "
        "SETTINGS force_optimize_projection = 1, max_threads = 1"
    )
    with store.handle("read") as client:
        found = client.query(statement, parameters={"project": project})
    tokens, usd = found.result_rows[0]
    return int(tokens), float(usd or 0)


@pytest.mark.every_store
@pytest.mark.parametrize("together", [True, False])
def test_a_call_around_the_same_call_is_shown_and_not_added(
    store: Store, project: str, together: bool
) -> None:
    here, there = ON_EITHER_SHARD
    outer = call((70, 9), trace_id=here)
    inner = call((70, 9), below=outer)
    alone = call((5, 1), trace_id=there)
    if together:
        put(store, trace_request(inner, outer, alone, project=project))
    else:  # as an SDK does whose batch ended between the two
        put(store, trace_request(inner, project=project))
        Repeats(store).look()
        put(store, trace_request(outer, alone, project=project))
    assert Repeats(store).look() == 1
    assert counting(store, project) == [(5, 1), (70, 9)]
    assert summed(store, project)[0] == 75
    shown = {row["span_id"]: row for row in rows(store, project)}
    row = shown[outer.span_id]
    assert (row["input_tokens"], row["usage_counts"]) == (70, False)
    assert shown[inner.span_id]["usage_counts"]
    assert Repeats(store).look() == 0, "the same call was found again"


def test_the_engine_s_way_and_python_s_end_alike(store: Store, project: str) -> None:
    """Which of the two wrote the rows is decided by the size of the request."""
    for way, few_bytes in (("python", 1 << 20), ("engine", 0)):
        outer = call((70, 9))
        pair = [call((70, 9), below=outer), outer]
        body = trace_request(*pair, project=f"{project}-{way}")
        put(store, body, few_bytes=few_bytes)
    assert Repeats(store).look() == 2
    ways = [counting(store, f"{project}-{way}") for way in ("python", "engine")]
    assert ways == [[(70, 9)], [(70, 9)]]


def test_a_call_that_was_made_of_several_counts_by_them(
    store: Store, project: str
) -> None:
    outer = call((70, 9))
    parts = [call((50, 5), below=outer), call((20, 4), below=outer)]
    put(store, trace_request(*parts, outer, project=project))
    Repeats(store).look()
    assert counting(store, project) == [(20, 4), (50, 5)]


def test_of_three_calls_in_each_other_the_innermost_counts(
    store: Store, project: str
) -> None:
    outer = call((70, 9))
    middle = call((70, 9), below=outer)
    put(store, trace_request(call((70, 9), below=middle), middle, project=project))
    Repeats(store).look()
    put(store, trace_request(outer, project=project))
    Repeats(store).look()
    assert counting(store, project) == [(70, 9)]


def test_calls_that_used_other_tokens_or_are_of_another_kind_all_count(
    store: Store, project: str
) -> None:
    outer = call((70, 9))
    below = [
        call((60, 9), below=outer),
        call((70, 9), below=outer, operation="embeddings"),
    ]
    put(store, trace_request(outer, *below, project=project))
    assert Repeats(store).look() == 0
    assert len(counting(store, project)) == 3


def test_the_callers_span_counts_where_a_servers_own_is_below_it(
    store: Store, project: str
) -> None:
    outer = call((70, 9))
    server = call((70, 9), below=outer)
    server.kind = Span.SPAN_KIND_SERVER
    put(store, trace_request(outer, server, project=project))
    assert Repeats(store).look() == 0
    assert counting(store, project) == [(70, 9)]


def test_another_project_cannot_have_a_call_count_no_more(
    store: Store, project: str
) -> None:
    outer = call((70, 9))
    put(store, trace_request(outer, project=project))
    inner = call((70, 9), below=outer)
    put(store, trace_request(inner, project=f"{project}-2"))
    assert Repeats(store).look() == 0


def put_recorded(
    store: Store,
    project: str,
    name: str,
    few_bytes: int,
    below: Mapping[str, tuple[str, str]] | None = None,
) -> None:
    """Store what a sender sent, or only the spans named, below others.

    Args:
        store: receives them.
        project: in which.
        name: the sender.
        few_bytes: requests up to this become rows in Python, others in the engine.
        below: span id → trace id and span id of its new parent, in hex.
    """
    for request in recorded_requests(name):
        if request["signal"] != "traces":
            continue
        told = of_project(request["body"], project)
        if below is not None:
            for scope in _scopes(told):
                scope["spans"] = [
                    sent
                    | dict(zip(("traceId", "parentSpanId"), found, strict=True))
                    | {"spanId": "f" + sent["spanId"][1:]}  # recordings count from 1
                    for sent in scope["spans"]
                    if (found := below.get(sent["spanId"]))
                ]
        body = write(told, {"content-type": "application/x-protobuf"}, "traces")
        put(store, body, few_bytes=few_bytes)


def _scopes(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for sent in body["resourceSpans"]:
        yield from sent["scopeSpans"]


def model_calls(store: Store, project: str) -> dict[tuple[int, int], tuple[str, str]]:
    """The calls that count by what they used: trace and span id in hex."""
    return {
        used: (row["trace_id"].hex(), row["span_id"].hex())
        for row in rows(store, project)
        if row["usage_counts"]
        and any(used := (row["input_tokens"] or 0, row["output_tokens"] or 0))
    }


WAYS = pytest.mark.parametrize("few_bytes", [0, 1 << 20], ids=["engine", "python"])


@WAYS
@pytest.mark.parametrize("name", RECORDED)
def test_no_recorded_sender_loses_usage(
    store: Store, project: str, name: str, few_bytes: int
) -> None:
    """Each records a call once, so there is nothing to take back."""
    put_recorded(store, project, name, few_bytes)
    before = counting(store, project)
    assert before
    Repeats(store).look()
    assert counting(store, project) == before


@pytest.mark.parametrize(
    ("inner", "few_bytes"),
    [("openinference-openai", 1 << 20), ("opentelemetry-genai-openai", 0)],
    ids=["python", "engine"],
)
@pytest.mark.parametrize("outer", RECORDED)
def test_another_instrumentation_below_a_recorded_senders_calls_adds_nothing(
    store: Store, project: str, outer: str, inner: str, few_bytes: int
) -> None:
    """Both recorded the same story; the model said the same numbers to both."""
    put_recorded(store, project, outer, few_bytes)
    alone = f"{project}-alone"
    put_recorded(store, alone, inner, few_bytes)
    calls, others = model_calls(store, project), model_calls(store, alone)
    both = calls.keys() & others.keys()
    assert len(both) >= 2
    before = counting(store, project)
    below = {others[used][1]: calls[used] for used in both}
    put_recorded(store, project, inner, few_bytes, below)
    assert len(counting(store, project)) == len(before) + len(both)
    Repeats(store).look()
    assert counting(store, project) == before
