"""One trace as it is shown: order of spans, content, messages from anywhere."""

import json
from typing import Any

import orjson
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import (
    START_NS,
    any_value,
    attributes,
    log_request,
    put,
    record,
    span,
)
from otlp_requests import trace_request as request
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.reader import Row
from collector.storage.reads.shaping import parsed, total_of
from collector.storage.reads.trace import (
    parents_first,
    read_span,
    read_steps,
    read_trace,
)
from collector.storage.reads.traces import list_traces


def bare(span_id: str, parent: str | None, start_ns: int) -> Row:
    return {"span_id": span_id, "parent_span_id": parent, "start_ns": start_ns}


def order(*spans: Row) -> list[tuple[str, int]]:
    return [(one["span_id"], one["depth"]) for one in parents_first(spans)]


def test_parents_come_before_children_and_siblings_by_start() -> None:
    shown = order(
        bare("d", "b", 3), bare("c", "a", 2), bare("b", "a", 1), bare("a", None, 0)
    )
    assert shown == [("a", 0), ("b", 1), ("d", 2), ("c", 1)]


def test_a_span_whose_parent_is_not_there_is_kept_as_a_root() -> None:
    assert order(bare("a", None, 0), bare("x", "gone", 1), bare("y", "x", 2)) == [
        ("a", 0),
        ("x", 0),
        ("y", 1),
    ]


def test_spans_that_are_each_others_parents_are_all_shown_once() -> None:
    assert order(bare("a", "c", 0), bare("b", "a", 1), bare("c", "b", 2)) == [
        ("a", 0),
        ("b", 1),
        ("c", 2),
    ]
    assert order(bare("s", "s", 0)) == [("s", 0)]


def test_a_chain_of_ten_thousand_spans_needs_no_recursion() -> None:
    spans = [bare("0", None, 0)]
    spans += [bare(str(i), str(i - 1), i) for i in range(1, 10_000)]
    assert parents_first(spans)[-1]["depth"] == 9_999


def shown(store: Store, project: str, *spans: Span) -> list[Row]:
    put(store, request(*spans, project=project, service__name="shop"))
    found = read(store, read_trace, of(project), spans[0].trace_id.hex())
    assert found is not None
    spans_shown: list[Row] = found["spans"]
    return spans_shown


def test_a_trace_shows_the_same_row_as_lists_do(store: Store, project: str) -> None:
    top = span({"tracer.metadata.n": 5, "tracer.input": '"가"'}, name="top")
    of_trace = {"trace_id": top.trace_id, "parent_span_id": top.span_id}
    usage = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "m-1"}
    tokens = {"gen_ai.usage.input_tokens": 8, "gen_ai.usage.output_tokens": 2}
    failed = Status(code=Status.STATUS_CODE_ERROR, message="boom")
    calls = [span(usage | tokens, **of_trace) for _ in range(2)]
    broken = span(usage | {"gen_ai.response.model": "m-0"}, status=failed, **of_trace)
    put(store, request(broken, *calls, top, calls[0], project=project))
    for i, said in enumerate([{"value": 1}, {"value": 0}, {"label": "음"}, {}]):
        keys = {f"gen_ai.evaluation.score.{k}": v for k, v in said.items()}
        keys |= {"gen_ai.evaluation.name": "good", "tracer.score.author": f"a{i}"}
        judged = record(
            keys,
            event_name="gen_ai.evaluation.result",
            trace_id=top.trace_id,
            time_unix_nano=START_NS + i,
        )
        put(store, log_request(judged, project=project), signal="logs")
    found = read(store, read_trace, of(project), top.trace_id.hex())
    listed, _ = read(store, list_traces, of(project), page())
    assert found is not None
    assert found["trace"] == listed[0]
    summary = {"mean": 0.5, "n": 2, "label": None, "type": "number"}
    assert found["trace"]["scores"]["good"] == summary
    assert found["trace"]["models"] == ["m-0", "m-1"]


def test_a_trace_tells_what_its_judges_used_apart(store: Store, project: str) -> None:
    call = {"gen_ai.operation.name": "chat"}
    top = span({"tracer.kind": "prediction"})
    of_trace = {"trace_id": top.trace_id}
    judge = span({"tracer.kind": "evaluator"}, parent_span_id=top.span_id, **of_trace)
    asked = span({}, parent_span_id=judge.span_id, **of_trace)
    used = [
        span(
            call | {"gen_ai.usage.input_tokens": n},
            parent_span_id=above.span_id,
            **of_trace,
        )
        for n, above in ((5, top), (70, asked))
    ]
    put(store, request(*used, asked, judge, top, project=project))
    found = read(store, read_trace, of(project), top.trace_id.hex())
    assert found is not None
    assert found["trace"]["input_tokens"] == 75
    assert found["judge_usage"]["input_tokens"] == 70
    alone = span(call | {"gen_ai.usage.input_tokens": 5})
    put(store, request(alone, project=project))
    found = read(store, read_trace, of(project), alone.trace_id.hex())
    assert found is not None and found["judge_usage"]["input_tokens"] is None


def test_content_comes_back_as_the_values_that_were_sent(
    store: Store, project: str
) -> None:
    sent = {"question": "환불 되나요? 🙏", "k": [1, 2.5, None, True]}
    values = {
        "tracer.input": json.dumps(sent),
        "tracer.output": json.dumps("네"),
        "tracer.expected": "not json",
        "temperature": 0.5,
        "list": ["a", 1],
        "count": 3,
    }
    event = Span.Event(
        name="seen", time_unix_nano=START_NS, attributes=attributes({"n": 1})
    )
    link = Span.Link(trace_id=b"t" * 16, span_id=b"s" * 8)
    (row,) = shown(store, project, span(values, events=[event], links=[link]))
    assert (row["input"], row["output"], row["expected"]) == (sent, "네", "not json")
    assert row["attributes"] == {"temperature": 0.5, "list": ["a", 1], "count": 3}
    assert row["resource"]["service.name"] == "shop"
    assert row["events"] == [
        {"name": "seen", "time_ns": START_NS, "attributes": {"n": 1}}
    ]
    assert row["links"] == [
        {"trace_id": (b"t" * 16).hex(), "span_id": (b"s" * 8).hex(), "attributes": {}}
    ]


def test_an_unknown_trace_is_none(store: Store, project: str) -> None:
    assert read(store, read_trace, of(project), "0" * 31 + "1") is None


def test_a_span_of_another_project_is_not_shown_in_this_one(
    store: Store, project: str
) -> None:
    one = span(name="mine")
    other = span(name="theirs", trace_id=one.trace_id, parent_span_id=one.span_id)
    put(store, request(one, project=project))
    put(store, request(other, project=f"{project}-other"))
    found = read(store, read_trace, of(project), one.trace_id.hex())
    assert found is not None
    assert [row["name"] for row in found["spans"]] == ["mine"]


def test_the_steps_of_a_trace_are_its_spans_without_what_they_say(
    store: Store, project: str
) -> None:
    values = {"tracer.input": '"asked"', "gen_ai.usage.input_tokens": 7}
    one = span(values, name="call", status=Status(code=2, message="no"))
    below = span(name="tool", trace_id=one.trace_id, parent_span_id=one.span_id)
    put(store, request(one, below, project=project))
    found = read(store, read_steps, of(project), one.trace_id.hex())
    whole = read(store, read_trace, of(project), one.trace_id.hex())
    assert found is not None and whole is not None
    assert found["trace"] == whole["trace"]
    call, tool = found["spans"]
    assert (call["name"], call["input_tokens"], call["depth"]) == ("call", 7, 0)
    assert (call["status_message"], tool["depth"]) == ("no", 1)
    for step, shown in zip(found["spans"], whole["spans"], strict=True):
        assert step == {name: shown[name] for name in step}
        assert not step.keys() & {"input", "attributes", "messages", "metadata"}


def test_one_span_is_read_as_its_trace_shows_it(store: Store, project: str) -> None:
    asked = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "?"}]}])
    one = span({"gen_ai.input.messages": asked, "gen_ai.operation.name": "chat"})
    other = span(name="other", trace_id=one.trace_id)
    put(store, request(one, other, project=project))
    log = record(
        {"event.name": "gen_ai.choice"},
        body=any_value({"index": 0, "message": {"content": "네"}}),
        trace_id=one.trace_id,
        span_id=one.span_id,
        time_unix_nano=START_NS,
    )
    put(store, log_request(log, project=project), signal="logs")
    trace_id, span_id = one.trace_id.hex(), one.span_id.hex()
    whole = read(store, read_trace, of(project), trace_id)
    alone = read(store, read_span, of(project), trace_id, span_id)
    assert whole is not None and alone is not None
    [shown] = [each for each in whole["spans"] if each["span_id"] == span_id]
    without = ("depth", "output_preview")  # the one of the trace comes from its row
    expected = {name: shown[name] for name in shown if name not in without}
    assert {name: alone[name] for name in alone if name not in without} == expected
    assert said(alone) == [("user", "?"), ("assistant", "네")]
    assert alone["n_input_messages"] == 1
    assert read(store, read_span, of(project), trace_id, "0" * 16) is None


def said(row: Row) -> list[tuple[str, Any]]:
    """Role and first part's content of each message."""
    return [
        (one["role"], next(iter(one["parts"]), {}).get("content"))
        for one in row["messages"]
    ]


def test_messages_of_the_conventions_are_put_together(
    store: Store, project: str
) -> None:
    values = {
        "gen_ai.operation.name": "chat",
        "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "짧게"}]),
        "gen_ai.input.messages": json.dumps(
            [{"role": "user", "parts": [{"type": "text", "content": "환불?"}]}]
        ),
        "gen_ai.output.messages": json.dumps(
            [
                {
                    "role": "assistant",
                    "parts": [{"type": "text", "content": "네"}],
                    "finish_reason": "stop",
                }
            ]
        ),
        "gen_ai.tool.definitions": json.dumps([{"type": "function", "name": "f"}]),
    }
    (row,) = shown(store, project, span(values))
    assert said(row) == [("system", "짧게"), ("user", "환불?"), ("assistant", "네")]
    assert row["messages"][-1]["finish_reason"] == "stop"
    assert row["tool_definitions"] == [{"type": "function", "name": "f"}]


def test_content_that_is_only_in_log_records_is_joined_to_its_span(
    store: Store, project: str
) -> None:
    one = span({"gen_ai.operation.name": "chat"})
    where = {"trace_id": one.trace_id, "span_id": one.span_id}

    def log(name: str, body: dict[str, Any], after: int) -> Any:
        time_ns = START_NS + after
        return record(
            {"event.name": name}, body=any_value(body), time_unix_nano=time_ns, **where
        )

    answer = {"index": 0, "finish_reason": "stop", "message": {"content": "네"}}
    logs = [
        log("gen_ai.choice", answer, 3),
        log("gen_ai.system.message", {"content": "짧게"}, 1),
        log("gen_ai.user.message", {"content": "환불?"}, 2),
    ]
    put(store, log_request(*logs, project=project), signal="logs")
    (row,) = shown(store, project, one)
    assert said(row) == [("system", "짧게"), ("user", "환불?"), ("assistant", "네")]
    assert row["messages"][-1]["finish_reason"] == "stop"


@pytest.mark.parametrize("levels", [260, 600, 1100])
def test_text_that_nests_too_deep_stays_text(levels: int) -> None:
    """A trace that held one could not be answered at all."""
    text = "[" * levels + "]" * levels
    assert parsed(text) == text
    assert parsed("[[1], [2]]" + " " * 300) == [[1], [2]]


def test_a_sum_that_no_json_integer_holds_is_rounded() -> None:
    assert orjson.loads(orjson.dumps(total_of([2**63, 2**63]))) == 2.0**64
    assert total_of([1, 2]) == 3
    assert total_of([]) is None
