"""What a sender says in a way of its own is in the columns all the same."""

import json
import pkgutil
from importlib import import_module
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import START_NS, attributes, put, rows, span, trace_request

from collector import conventions
from collector.conventions import FIELDS, KIND_ORDER, VENDORS, keys_of
from collector.storage.engine import Store

USAGE = "langfuse.observation.usage_details"
COST = "langfuse.observation.cost_details"


def stored(store: Store, project: str, values: dict[str, Any]) -> dict[str, Any]:
    put(store, trace_request(span(values), project=project))
    (row,) = rows(store, project)
    return row


@pytest.mark.parametrize(
    ("key", "value", "counted"),
    [
        (
            USAGE,
            {
                "prompt_tokens": 120,
                "completion_tokens": 18,
                "total_tokens": 138,
                "completion_tokens_details": {"reasoning_tokens": 6},
                "prompt_tokens_details": {"cached_tokens": 40},
            },
            (120, 18, 40),
        ),
        # Langfuse's own names count each token once
        (USAGE, {"input": 10, "output": 4, "cache_read_input_tokens": 3}, (13, 4, 3)),
        (USAGE, {"input": 8}, (8, None, None)),
        (USAGE, {"input": 0, "output": 0}, (0, 0, None)),
        (USAGE, {}, (None, None, None)),
        (
            "mlflow.chat.tokenUsage",
            {"input_tokens": 9, "output_tokens": 2, "cache_read_input_tokens": 5},
            (9, 2, 5),
        ),
        (
            "langsmith.metadata.usage_metadata",
            {
                "input_tokens": 9,
                "output_tokens": 2,
                "input_token_details": {"cache_read": 5},
            },
            (9, 2, 5),
        ),
    ],
)
def test_usage_in_one_json_object_is_in_the_columns(
    store: Store,
    project: str,
    key: str,
    value: Any,
    counted: tuple[int | None, int | None, int | None],
) -> None:
    row = stored(store, project, {key: json.dumps(value)})
    found = (row["input_tokens"], row["output_tokens"], row["cache_read_tokens"])
    assert found == counted
    assert row["attributes"][key] == json.dumps(value)


def test_a_dict_as_python_prints_it_is_read(store: Store, project: str) -> None:
    row = stored(
        store,
        project,
        {
            "gen_ai.usage.input_tokens": 120,
            "gen_ai.usage.input_token_details": "{'cache_read': 40}",
        },
    )
    assert (row["input_tokens"], row["cache_read_tokens"]) == (120, 40)


@pytest.mark.parametrize(
    ("key", "value", "cost"),
    [
        (COST, {"input": 0.001, "output": 0.002, "total": 0.003}, 0.003),
        (COST, {"input": 0.001, "output": 0.002}, 0.003),
        (COST, {"total": 1e-7}, 1e-7),
        ("mlflow.llm.cost", {"input_cost": 1, "output_cost": 2, "total_cost": 3}, 3),
    ],
)
def test_a_cost_in_one_json_object_is_the_senders_cost(
    store: Store, project: str, key: str, value: Any, cost: float
) -> None:
    row = stored(store, project, {key: json.dumps(value)})
    assert row["sender_cost_usd"] == pytest.approx(cost)


def test_counts_of_their_own_go_before_those_of_an_object(
    store: Store, project: str
) -> None:
    row = stored(
        store, project, {"gen_ai.usage.input_tokens": 7, USAGE: '{"input": 1}'}
    )
    assert row["input_tokens"] == 7


def test_words_that_are_json_text_lose_their_quotes_once(
    store: Store, project: str
) -> None:
    row = stored(
        store,
        project,
        {
            "user.id": '"u-7"',
            "session.id": '"\\"s-7\\""',
            "mlflow.llm.model": '"gpt-4o-mini"',
            "langfuse.trace.metadata.department": '"회계"',
            "langfuse.trace.metadata.row": '{"n": "1"}',
        },
    )
    assert (row["user_id"], row["session_id"]) == ("u-7", '"s-7"')
    assert row["model"] == "gpt-4o-mini"
    assert row["metadata"] == {"department": "회계", "row": '{"n": "1"}'}
    assert row["attributes"]["user.id"] == '"u-7"'


def test_a_word_that_only_begins_like_json_stays(store: Store, project: str) -> None:
    row = stored(store, project, {"user.id": '"kim', "session.id": '"a" "b"'})
    assert (row["user_id"], row["session_id"]) == ('"kim', '"a" "b"')


def test_what_a_sender_took_away_does_not_hide_what_it_sent(
    store: Store, project: str
) -> None:
    row = stored(
        store,
        project,
        {"session.id": "[Scrubbed due to 'session']", "gen_ai.conversation.id": "c"},
    )
    assert row["session_id"] == "c"
    assert row["attributes"]["session.id"] == "[Scrubbed due to 'session']"


def test_an_unfinished_span_is_accepted_and_not_kept(
    store: Store, project: str
) -> None:
    pending = span({"logfire.span_type": "pending_span"}, name="pending")
    whole = span({"logfire.span_type": "span"}, name="whole")
    outcome = put(store, trace_request(pending, whole, project=project))
    assert (outcome.n_items, outcome.n_rejected, outcome.message) == (2, 0, "")
    assert [row["name"] for row in rows(store, project)] == ["whole"]


@pytest.mark.parametrize(("scope", "status"), [("langsmith", "error"), ("app", "ok")])
def test_an_exception_is_a_failure_where_the_sender_says_no_other(
    store: Store, project: str, scope: str, status: str
) -> None:
    told = {"exception.type": "NotFoundError", "exception.message": "no model"}
    event = Span.Event(name="exception", attributes=attributes(told))
    ok = Status(code=Status.StatusCode.STATUS_CODE_OK)
    put(store, _of_scope(scope, span(events=[event], status=ok), project))
    (row,) = rows(store, project)
    assert row["status"] == status
    assert row["status_message"] == ("no model" if status == "error" else "")


def _of_scope(name: str, one: Span, project: str) -> bytes:
    message = ExportTraceServiceRequest.FromString(trace_request(one, project=project))
    message.resource_spans[0].scope_spans[0].scope.name = name
    return bytes(message.SerializeToString())


def test_the_time_of_the_first_token_becomes_a_duration(
    store: Store, project: str
) -> None:
    at = "2026-09-21T14:13:20.250Z"
    assert START_NS == 1_790_000_000_000_000_000  # 2026-09-21T14:13:20Z
    key = "langfuse.observation.completion_start_time"
    row = stored(store, project, {key: json.dumps(at)})
    assert row["time_to_first_token_ns"] == 250_000_000


@pytest.mark.parametrize(
    ("sent", "provider"),
    [
        ({"ai.model.provider": "openai.chat"}, "openai"),
        ({"gen_ai.system": "google.generative-ai"}, "gcp.gemini"),
        ({"gen_ai.system": "langchain"}, ""),
        (
            {"gen_ai.system": "langchain", "langsmith.metadata.ls_provider": "openai"},
            "openai",
        ),
        ({"gen_ai.provider.name": "house"}, "house"),
    ],
)
def test_a_provider_has_one_name(
    store: Store, project: str, sent: dict[str, str], provider: str
) -> None:
    assert stored(store, project, sent)["provider"] == provider


def test_parents_that_repeat_their_childrens_usage_are_shown_not_counted(
    store: Store, project: str
) -> None:
    row = stored(
        store,
        project,
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.aggregated_usage.input_tokens": 240,
        },
    )
    assert (row["input_tokens"], row["usage_counts"]) == (240, False)


def test_a_key_carries_one_field() -> None:
    """The engine notes one field a key: of two, one was never filled."""
    keys = [key for field in FIELDS for key in keys_of(field)]
    assert sorted(keys) == sorted(set(keys))


def test_every_table_of_the_room_is_listed() -> None:
    """A table that nobody lists is a file that does nothing, and nobody is told."""
    names = [one.name for one in pkgutil.iter_modules(conventions.__path__)]
    modules = [import_module(f"{conventions.__name__}.{name}") for name in names]
    tables = [module.VENDOR for module in modules if hasattr(module, "VENDOR")]
    assert [one.name for one in tables if one not in VENDORS] == []
    assert [one.name for one in tables if one.kinds and one not in KIND_ORDER] == []
