"""Which rows a filter lets through, and what it refuses."""

import json
from typing import Any

import pytest
from otlp_requests import log_request, put, record, span, trace_request
from reading import span_names, trace_names

from collector.api.refusals import Refusal
from collector.storage.conditions import parse_where, time_ns
from collector.storage.engine import Store


@pytest.fixture(scope="module")
def filled(store: Store) -> str:
    """A project with three spans: 환불 (short), Shipping (long) and bare."""
    project = "filters"
    refund = {
        "gen_ai.operation.name": "chat",
        "gen_ai.response.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 9,
        "tracer.input": '"환불은 언제 되나요?"',
        "tracer.tags": ["beta", "한국어"],
        "tracer.metadata.department": "회계",
        "tracer.metadata.n": 9,
        "tracer.metadata.ok": True,
        "user.id": "u1",
        "http.status": 200,
    }
    shipping = {
        "tracer.output": '"It SHIPS tomorrow"',
        "tracer.metadata.department": "sales",
        "tracer.metadata.n": 10,
        "tracer.metadata.ok": False,
        "http.status": 404,
    }
    put(
        store,
        trace_request(
            span(refund, name="환불"),
            span(shipping, name="Shipping", end_time_unix_nano=1_790_000_005 * 10**9),
            span(name="bare"),
            project=project,
            service__name="shop",
        ),
    )
    return project


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (("name", "=", "환불"), ["환불"]),
        (("name", "!=", "환불"), ["Shipping", "bare"]),
        (("name", "in", ["환불", "bare"]), ["bare", "환불"]),
        (("name", "starts_with", "Ship"), ["Shipping"]),
        (("name", "contains", "SHIP"), ["Shipping"]),
        (("model", "exists", None), ["환불"]),
        (("model", "missing", None), ["Shipping", "bare"]),
        (("duration_ms", ">", 4000), ["Shipping"]),
        (("duration_ms", "<=", 1000), ["bare", "환불"]),
        (("input_tokens", "=", 9), ["환불"]),
        (("input_tokens", "!=", 9), ["Shipping", "bare"]),
        (("input_tokens", "missing", None), ["Shipping", "bare"]),
        (("tags", "contains", "한국어"), ["환불"]),
        (("tags", "!=", "beta"), ["Shipping", "bare"]),
        (("tags", "in", ["x", "beta"]), ["환불"]),
        (("tags", "missing", None), ["Shipping", "bare"]),
        (("metadata.department", "=", "회계"), ["환불"]),
        (("metadata.department", "!=", "회계"), ["Shipping", "bare"]),
        (("metadata.department", "exists", None), ["Shipping", "환불"]),
        (("metadata.n", ">", 9), ["Shipping"]),
        (("metadata.n", ">=", 9), ["Shipping", "환불"]),
        (("metadata.n", "in", [9, 11]), ["환불"]),
        (("metadata.ok", "=", True), ["환불"]),
        (("attributes.http.status", "=", 404), ["Shipping"]),
        (("resource.service.name", "=", "shop"), ["Shipping", "bare", "환불"]),
        (("text", "contains", "언제"), ["환불"]),
        (("text", "contains", "ships"), ["Shipping"]),
        (("input", "contains", "없는"), []),
        (("user_id", "=", "u1"), ["환불"]),
        (("start", ">=", "2026-09-21T00:00:00Z"), ["Shipping", "bare", "환불"]),
        (("start", "<", "2026-09-21T00:00:00Z"), []),
        (("trace_id", "starts_with", ""), ["Shipping", "bare", "환불"]),
        (("parent_span_id", "missing", None), ["Shipping", "bare", "환불"]),
    ],
)
def test_a_condition_lets_the_right_spans_through(
    store: Store, filled: str, condition: tuple[Any, ...], names: list[str]
) -> None:
    assert span_names(store, filled, condition) == names


def test_all_conditions_must_hold(store: Store, filled: str) -> None:
    where = [("metadata.n", ">", 1), ("metadata.department", "=", "sales")]
    assert span_names(store, filled, *where) == ["Shipping"]


def test_an_id_finds_its_span_in_either_case(store: Store, project: str) -> None:
    one = span(name="one")
    put(store, trace_request(one, span(name="other"), project=project))
    for digits in (one.trace_id.hex(), one.trace_id.hex().upper()):
        assert span_names(store, project, ("trace_id", "=", digits)) == ["one"]
        assert span_names(store, project, ("trace_id", "in", [digits])) == ["one"]


def test_a_trace_is_found_by_what_some_span_of_it_has(
    store: Store, project: str
) -> None:
    root = span(name="root")
    inner = {"trace_id": root.trace_id, "parent_span_id": root.span_id}
    call = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "m-2"}
    usage = {"gen_ai.usage.input_tokens": 7}
    put(
        store,
        trace_request(
            root, span(call | usage, **inner), span(name="other"), project=project
        ),
    )
    for condition in (
        ("span.model", "=", "m-2"),
        ("models", "contains", "m-2"),
        ("n_spans", "=", 2),
        ("input_tokens", ">", 6),
        ("total_tokens", "=", 7),
    ):
        assert trace_names(store, project, condition) == ["root"]
    assert trace_names(store, project, ("entry.model", "=", "m-2")) == []


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (("score.good", "=", True), ["a"]),
        (("score.good", "<", 1), ["b"]),
        (("score.good", "exists"), ["a", "b"]),
        (("score.good", "missing"), ["c"]),
        (("score.tone", "=", "polite"), ["a"]),
    ],
)
def test_the_newest_value_of_a_score_decides(
    store: Store, project: str, condition: tuple[Any, ...], names: list[str]
) -> None:
    spans = {name: span(name=name) for name in "abc"}
    put(store, trace_request(*spans.values(), project=project))

    def score(name: str, of: str, second: int, **values: Any) -> Any:
        keys = {f"gen_ai.evaluation.{key}": value for key, value in values.items()}
        return record(
            {"gen_ai.evaluation.name": name, **keys},
            event_name="gen_ai.evaluation.result",
            trace_id=spans[of].trace_id,
            span_id=spans[of].span_id,
            time_unix_nano=1_790_000_000_000_000_000 + second,
            observed_time_unix_nano=1_790_000_000_000_000_000 + second,
        )

    kinds = {"score.value": 0.0}
    records = [
        score("good", "a", 1, **kinds),
        score("good", "a", 2, **{"score.value": 1.0}),
        score("good", "b", 1, **kinds),
        score("tone", "a", 1, **{"score.label": "polite"}),
    ]
    put(store, log_request(*records, project=project), signal="logs")
    assert trace_names(store, project, condition) == names
    assert span_names(store, project, condition) == names


HOSTILE = [
    "'; DROP TABLE spans; --",
    "{x:String}",
    "\\'",
    "$where",
    "' OR 1=1 --",
    "\0",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(store: Store, filled: str, text: str) -> None:
    assert span_names(store, filled, ("name", "=", text)) == []
    assert span_names(store, filled, ("name", "in", [text, "bare"])) == ["bare"]
    assert span_names(store, filled, (f"metadata.{text}", "exists")) == []
    assert trace_names(store, filled, (f"score.{text}", "exists")) == []
    assert len(span_names(store, filled)) == 3


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        (("modle", "=", "x"), "did you mean model"),
        (("1=1; --", "=", "x"), "known are"),
        (("duration_ms", ">", "long"), "duration_ms is a number"),
        (("trace_id", "=", "xyz"), "32 hex digits"),
        (("start", ">", "yesterday"), "ISO 8601"),
        (("name", "in", "x"), "list of values"),
        (("name", "=", {"a": 1}), "give text"),
        (("tags", "<", "x"), "lists know"),
        (("duration_ms", "contains", "1"), "works on text"),
        (("score.good", "in", [True, "yes"]), "score.good is a number"),
        (("score.good", "in", [True, None]), "score.good is a number"),
    ],
)
def test_a_condition_that_cannot_be_is_refused_with_advice(
    store: Store, project: str, condition: tuple[Any, ...], hint: str
) -> None:
    with pytest.raises(Refusal) as refused:
        span_names(store, project, condition)
    assert (refused.value.status, refused.value.code) == (400, "bad_filter")
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "{}",
        '["a"]',
        '[["a"]]',
        '[["a","~","b"]]',
        "[[1,2,3]]",
        json.dumps([["a", "=", 1]] * 51),
    ],
)
def test_where_that_is_no_list_of_conditions_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_where(text)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22T00:00:00Z", 1_795_305_600_000_000_000),
        ("2026-11-22T09:00:00+09:00", 1_795_305_600_000_000_000),
        ("2026-11-22", 1_795_305_600_000_000_000),
        ("2026-11-22T00:00:00.000001", 1_795_305_600_000_001_000),
        ("1795305600000000001", 1_795_305_600_000_000_001),
        (17, 17),
    ],
)
def test_times_are_read_to_the_nanosecond(text: str | int, expected: int) -> None:
    assert time_ns(text) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "9" * 30, "-5", -1, "1969-12-31", True, None, 1.5]
)
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(ValueError):
        time_ns(text)
