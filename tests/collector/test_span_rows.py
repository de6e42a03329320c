"""What a span's attributes become in `spans`, by the engine and by Python."""

import json
from typing import Any

import otlp_requests
import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import START_NS, attributes, put, rows, span, trace_request

from collector.otlp.frames import bytes_field
from collector.storage.engine import Store


@pytest.fixture(params=[0, 1 << 30], ids=["engine", "python"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otlp_requests, "FEW_BYTES", request.param)


def stored(store: Store, project: str, one: Span, **resource: Any) -> dict[str, Any]:
    put(store, trace_request(one, project=project, **resource))
    (row,) = rows(store, project)
    return row


def test_attributes_keep_their_types(store: Store, project: str) -> None:
    row = stored(
        store,
        project,
        span({"t": "x", "i": 7, "d": 1.5, "b": False, "a": ["x", 1, 2.0], "y": b"\0"}),
    )
    assert row["attributes"] == {
        "t": "x",
        "i": "7",
        "d": "1.5",
        "b": "false",
        "a": '["x",1,2.0]',
        "y": "AA==",
    }
    assert row["attribute_types"] == {
        "i": "int",
        "d": "double",
        "b": "bool",
        "a": "array",
        "y": "bytes",
    }


def test_zero_false_and_empty_are_not_missing(store: Store, project: str) -> None:
    row = stored(store, project, span({"i": 0, "b": False, "t": "", "d": 0.0}))
    assert row["attributes"] == {"i": "0", "b": "false", "t": "", "d": "0"}


def test_nested_values_arrive_whole_as_json(store: Store, project: str) -> None:
    messages = [{"role": "user", "parts": [{"type": "text", "content": "환불"}]}]
    row = stored(
        store,
        project,
        span({"gen_ai.input.messages": messages, "deep": {"a": [{"b": [1, None]}]}}),
    )
    assert json.loads(row["input"]) == messages
    assert row["input_preview"] == "환불"
    assert json.loads(row["attributes"]["deep"]) == {"a": [{"b": [1, None]}]}
    assert row["attribute_types"]["deep"] == "json"


def test_empty_lists_maps_and_values_are_told_apart(store: Store, project: str) -> None:
    row = stored(store, project, span({"list": [], "map": {}, "none": None}))
    assert row["attributes"] == {"list": "[]", "map": "{}", "none": "null"}


def test_nested_values_in_events_links_and_resources_arrive_whole(
    store: Store, project: str
) -> None:
    event = Span.Event(
        name="e", time_unix_nano=5, attributes=attributes({"x": {"y": 1}})
    )
    link = Span.Link(
        trace_id=b"t" * 16, span_id=b"s" * 8, attributes=attributes({"l": []})
    )
    row = stored(store, project, span(events=[event], links=[link]), deep={"z": [[1]]})
    assert json.loads(row["events"]) == [
        {"name": "e", "time_ns": 5, "attributes": {"x": {"y": 1}}}
    ]
    assert json.loads(row["links"])[0]["attributes"] == {"l": []}
    assert json.loads(row["resource"]["deep"]) == {"z": [[1]]}


FLAT = {
    "tracer.metadata.n": 3,
    "tracer.tags": ["a", "b"],
    "tracer.input": '{"question":"q"}',
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "m",
    "gen_ai.usage.input_tokens": 10,
    "user.id": "u",
    "x.double": 0.1,
    "x.array": [1, 2.5, True, "s"],
}


def test_both_paths_write_the_same_row(store: Store, project: str) -> None:
    event = Span.Event(name="e", time_unix_nano=5, attributes=attributes({"k": 1}))
    fields = {"trace_id": b"t" * 16, "span_id": b"s" * 8, "events": [event]}
    put(store, trace_request(span(FLAT, **fields), project=project))
    nested = span(FLAT | {"nested": {"a": 1}}, **fields)
    put(store, trace_request(nested, project=f"{project}-nested"))
    (direct,), (rewritten,) = rows(store, project), rows(store, f"{project}-nested")
    del rewritten["attributes"]["nested"]
    del rewritten["attribute_types"]["nested"]
    of_requests = ("project", "digest", "received_at", "request_number", "resource")
    for changing in of_requests:
        del direct[changing], rewritten[changing]
    assert direct == rewritten


def test_our_own_fields_are_promoted(store: Store, project: str) -> None:
    row = stored(
        store,
        project,
        span(
            FLAT
            | {
                "tracer.kind": "chain",
                "tracer.output": '"done"',
                "tracer.expected": '"gold"',
                "tracer.evaluation.id": "run",
                "tracer.example.id": "ex",
                "tracer.trial": 2,
                "session.id": "s",
                "deployment.environment.name": "prod",
            }
        ),
        service__version="1.2",
        service__name="bot",
    )
    assert row["kind"] == "chain"
    assert (row["input"], row["output"]) == ('{"question":"q"}', '"done"')
    assert row["output_preview"] == "done"
    assert row["expected"] == '"gold"'
    assert (row["evaluation_id"], row["example_id"], row["trial"]) == ("run", "ex", 2)
    assert (row["user_id"], row["session_id"]) == ("u", "s")
    assert (row["environment"], row["release"], row["service"]) == (
        "prod",
        "1.2",
        "bot",
    )
    assert row["tags"] == ["a", "b"]
    assert row["metadata"] == {"n": "3"}
    assert row["attribute_types"]["tracer.metadata.n"] == "int"
    assert row["attribute_types"]["tracer.input"] == "input"
    assert "tracer.input" not in row["attributes"]


@pytest.mark.parametrize(
    ("sent", "kind", "counts"),
    [
        ({"gen_ai.operation.name": "chat"}, "llm", True),
        ({"gen_ai.operation.name": "invoke_agent"}, "agent", False),
        ({"openinference.span.kind": "LLM"}, "llm", True),
        ({"langfuse.observation.type": "generation"}, "llm", True),
        ({"traceloop.span.kind": "workflow"}, "chain", False),
        ({"ai.operationId": "ai.generateText"}, "chain", False),
        ({"ai.operationId": "ai.generateText.doGenerate"}, "llm", True),
        ({"mlflow.spanType": '"RETRIEVER"'}, "retriever", False),
        ({"gen_ai.tool.name": "search"}, "tool", False),
        ({"gen_ai.request.model": "m", "llm.token_count.prompt": 3}, "llm", True),
        (
            {"tracer.kind": "guardrail", "gen_ai.operation.name": "x"},
            "guardrail",
            False,
        ),
        ({}, "span", False),
    ],
)
def test_every_senders_kind_is_ours(
    store: Store, project: str, sent: dict[str, Any], kind: str, counts: bool
) -> None:
    row = stored(store, project, span(sent))
    assert (row["kind"], row["usage_counts"]) == (kind, counts)


def test_the_first_vendor_with_a_value_wins(store: Store, project: str) -> None:
    row = stored(
        store,
        project,
        span(
            {
                "llm.model_name": "old",
                "gen_ai.response.model": "new",
                "gen_ai.request.model": "",
                "input.value": "hello",
                "langfuse.trace.tags": "x, y",
                "langfuse.trace.metadata.k": "v",
            }
        ),
    )
    assert row["model"] == "new"
    assert row["input"] == "hello"
    assert row["tags"] == ["x", "y"]
    assert row["metadata"] == {"k": "v"}
    assert row["attributes"]["llm.model_name"] == "old"


def test_a_parent_elsewhere_makes_an_entry(store: Store, project: str) -> None:
    put(
        store,
        trace_request(
            span(name="root"),
            span(name="zero", parent_span_id=bytes(8)),
            span(name="child", parent_span_id=b"p" * 8, flags=0x100),
            span(name="remote", parent_span_id=b"p" * 8, flags=0x300),
            project=project,
        ),
    )
    entries = {row["name"]: row["is_entry"] for row in rows(store, project)}
    assert entries == {"root": True, "zero": True, "child": False, "remote": True}


def test_an_error_takes_its_text_from_the_exception_event(
    store: Store, project: str
) -> None:
    event = Span.Event(
        name="exception",
        attributes=attributes(
            {"exception.type": "ValueError", "exception.message": "bad"}
        ),
    )
    failed = Status(code=Status.StatusCode.STATUS_CODE_ERROR)
    row = stored(store, project, span(events=[event], status=failed))
    assert (row["status"], row["status_message"]) == ("error", "bad")
    assert row["error_type"] == "ValueError"


def test_previews_are_cut_by_characters(store: Store, project: str) -> None:
    row = stored(store, project, span({"tracer.input": json.dumps("가" * 1000)}))
    assert row["input_preview"] == "가" * 300


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"service__name": "svc"}, "svc"),
        ({"service__name": "unknown_service:python"}, "default"),
        ({}, "default"),
        ({"openinference__project__name": "px", "service__name": "svc"}, "px"),
    ],
)
def test_a_project_is_found_in_the_resource(
    store: Store, project: str, resource: dict[str, str], expected: str
) -> None:
    put(store, trace_request(span({"mark": project}), **resource))
    found = [r for r in rows(store, expected) if r["attributes"].get("mark") == project]
    assert len(found) == 1


def test_times_that_no_clock_shows_are_stored_within_bounds(
    store: Store, project: str
) -> None:
    ends_before = span(name="backwards", end_time_unix_nano=START_NS - 5)
    put(
        store,
        trace_request(
            ends_before,
            span(name="endless", end_time_unix_nano=0),
            span(name="no start", start_time_unix_nano=0),
            span(name="nothing", start_time_unix_nano=0, end_time_unix_nano=0),
            span(name="first", start_time_unix_nano=1),
            span(name="last", start_time_unix_nano=2**64 - 1, end_time_unix_nano=5),
            project=project,
        ),
    )
    found = {row["name"]: row for row in rows(store, project)}
    assert len(found) == 6
    assert found["backwards"]["duration_ns"] == found["endless"]["duration_ns"] == 0
    assert found["no start"]["duration_ns"] == 0
    assert found["nothing"]["ts"].year >= 2024
    assert (found["first"]["ts"].year, found["last"]["ts"].year) == (1970, 2100)


def test_values_of_ten_megabytes_keys_twice_and_nan_are_stored(
    store: Store, project: str
) -> None:
    big = "가" * (10 * 1024 * 1024 // 3)
    one = span({"tracer.input": json.dumps(big), "nan": float("nan")})
    one.attributes.extend(attributes({"twice": "a"}))
    one.attributes.extend(attributes({"twice": "b"}))
    row = stored(store, project, one)
    assert json.loads(row["input"]) == big
    assert row["attributes"]["nan"] == "nan"
    assert row["attributes"]["twice"] in ("a", "b")


def test_text_that_is_no_utf8_is_mended_and_its_neighbours_are_whole(
    store: Store, project: str
) -> None:
    body = trace_request(span({"k": "XXXX"}, name="YYYY"), span(), project=project)
    put(store, body.replace(b"XXXX", b"a\xff\xfeb").replace(b"YYYY", b"\xc3(ok"))
    names = {row["name"]: row["attributes"] for row in rows(store, project)}
    assert names == {"\ufffd(ok": {"k": "a\ufffdb"}, "work": {}}


def test_a_nested_span_with_text_that_is_no_utf8_rejects_only_itself(
    store: Store, project: str
) -> None:
    """One bad text lost all nested spans of its request."""
    nested = {"map": {"a": 1}}
    spans = [span(nested, name=name) for name in ("good", "BAD!", "fine")]
    no_ids = span(nested, span_id=b"")
    body = trace_request(*spans, no_ids, span(name="flat"), project=project)
    outcome = put(store, body.replace(b"BAD!", b"\xff\xfe\xfd\xfc"))
    assert (outcome.n_items, outcome.n_rejected) == (5, 2)
    assert "UTF-8" in outcome.message
    assert {row["name"] for row in rows(store, project)} == {"good", "fine", "flat"}


def test_metadata_sent_as_one_json_object_is_metadata_by_key(
    store: Store, project: str
) -> None:
    sent = {"department": "회계", "n": 2, "ratio": 0.5, "on": True, "deep": {"a": [1]}}
    row = stored(store, project, span({"metadata": json.dumps(sent)}))
    assert row["metadata"]["department"] == "회계"
    types = {key: row["attribute_types"].get(f"tracer.metadata.{key}") for key in sent}
    assert types == {
        "department": None,
        "n": "int",
        "ratio": "double",
        "on": "bool",
        "deep": "json",
    }
    assert json.loads(row["metadata"]["deep"]) == {"a": [1]}
    assert json.loads(row["attributes"]["metadata"]) == sent


def test_metadata_that_is_no_object_stays_an_attribute(
    store: Store, project: str
) -> None:
    row = stored(store, project, span({"metadata": "[1]", "tracer.metadata.a": "x"}))
    assert row["metadata"] == {"a": "x"}
    assert row["attributes"]["metadata"] == "[1]"


def test_the_first_token_may_be_told_by_an_event(store: Store, project: str) -> None:
    first = Span.Event(name="First Token Stream Event", time_unix_nano=START_NS + 7)
    row = stored(store, project, span(events=[Span.Event(name="x"), first]))
    assert row["time_to_first_token_ns"] == 7


def test_a_model_may_stand_among_the_parameters_alone(
    store: Store, project: str
) -> None:
    parameters = json.dumps({"temperature": 0, "model": "m-2"})
    sent = {"openinference.span.kind": "LLM", "llm.invocation_parameters": parameters}
    assert stored(store, project, span(sent))["model"] == "m-2"


def test_content_written_with_escapes_is_stored_as_the_letters_it_means(
    store: Store, project: str
) -> None:
    """A search for Korean words found nothing in what Python's json had written."""
    said = [{"role": "user", "parts": [{"type": "text", "content": "환불 📦"}]}]
    sent = {
        "gen_ai.input.messages": json.dumps(said),
        "gen_ai.output.messages": "C:\\users is no JSON",
    }
    row = stored(store, project, span(sent))
    assert "환불 📦" in row["input"]
    assert json.loads(row["input"]) == said
    assert row["input_preview"] == "환불 📦"
    assert row["output"] == "C:\\users is no JSON"


def test_what_a_sender_puts_into_our_own_field_is_not_taken_for_json(
    store: Store, project: str
) -> None:
    """It stood in the events as it was, and the trace could not be shown."""
    forged = AnyValue.FromString(bytes_field(1000, b"}]}"))
    event = Span.Event(name="e", attributes=attributes({"k": forged}))
    row = stored(store, project, span({"k": forged}, events=[event]))
    assert row["attributes"]["k"] == "null"
    assert json.loads(row["events"])[0]["attributes"] == {"k": None}


@pytest.mark.parametrize("sent", [2**32, 2**63 - 1, "9" * 30, 1e300])
def test_more_tokens_than_a_call_can_have_are_no_number(
    store: Store, project: str, sent: int | str | float
) -> None:
    """Two of them were a sum that no answer could hold: the list of traces failed."""
    row = stored(store, project, span({"gen_ai.usage.input_tokens": sent}))
    assert row["input_tokens"] is None
