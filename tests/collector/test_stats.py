"""What calls add up to by time and group."""

from math import isinf
from typing import Any

import orjson
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import ON_EITHER_SHARD, START_NS, put, span, trace_request
from reading import asked, of, page, read

from collector.api.refusals import Refusal
from collector.storage.conditions import Condition
from collector.storage.engine import Store
from collector.storage.reads.latency import ask_latency
from collector.storage.reads.reader import SETTINGS, Row
from collector.storage.reads.scope import Scope
from collector.storage.reads.sessions import list_sessions
from collector.storage.reads.stats import (
    Question,
    ask_errors,
    ask_stats,
    ask_values,
)
from tracer.stats import quantile_of

SECOND_NS = 10**9
HOUR_NS = 3600 * SECOND_NS
FAILED = Status(code=Status.STATUS_CODE_ERROR)


def call(
    second: int, *, seconds: int = 1, model: str = "m-1", failed: bool = False
) -> tuple[Span, Span]:
    """An entry span and the model call below it."""
    start = START_NS + second * SECOND_NS
    times: dict[str, Any] = {
        "start_time_unix_nano": start,
        "end_time_unix_nano": start + seconds * SECOND_NS,
    }
    who = {"user.id": f"u{second}", "session.id": "s1", "tracer.metadata.team": "가"}
    status = FAILED if failed else None
    root = span(who, name="answer", status=status, **times)
    usage = {
        "gen_ai.operation.name": "chat",
        "gen_ai.response.model": model,
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 2,
    }
    ids = {"trace_id": root.trace_id, "parent_span_id": root.span_id}
    return root, span(usage, name="chat", **ids, **times)


def stats(store: Store, scope: Scope, **wanted: Any) -> list[Row]:
    return asked(store, lambda r: ask_stats(r, scope, Question(**wanted)))


def of_production(store: Store, project: str, **wanted: Any) -> list[Row]:
    return stats(store, of(project, origin="production"), **wanted)


def values_of(store: Store, project: str, field: str) -> list[Row]:
    return asked(store, lambda _: ask_values(of(project), field, limit=10))


def fill(store: Store, project: str, *calls: tuple[Span, Span]) -> None:
    spans = [one for pair in calls for one in pair]
    put(store, trace_request(*spans, project=project, service__name="shop"))


def test_calls_are_entry_spans_and_usage_is_of_all_their_spans(
    store: Store, project: str
) -> None:
    fill(store, project, call(0), call(1, seconds=3, failed=True))
    (row,) = of_production(store, project)
    assert (row["n_calls"], row["n_errors"]) == (2, 1)
    assert (row["input_tokens"], row["output_tokens"]) == (20, 4)
    assert (row["bucket"], row["group"]) == (None, None)
    assert 1000 <= row["p50_ms"] <= 3000


@pytest.mark.parametrize("where", [(), [Condition("user_id", "=", "nobody")]])
def test_no_calls_are_one_row_of_none(
    store: Store, project: str, where: list[Condition]
) -> None:
    (row,) = of_production(store, project, where=where)
    assert (row["n_calls"], row["n_errors"], row["p50_ms"]) == (0, 0, None)
    assert row["input_tokens"] is None


def test_buckets_are_hours_oldest_first(store: Store, project: str) -> None:
    fill(store, project, call(0), call(1), call(3600))
    rows = of_production(store, project, interval="hour")
    assert [row["n_calls"] for row in rows] == [2, 1]
    assert rows[1]["bucket_ns"] - rows[0]["bucket_ns"] == HOUR_NS
    assert rows[0]["bucket_ns"] % HOUR_NS == 0


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("name", {"answer": (2, 20)}),
        ("user_id", {"u0": (1, 10), "u1": (1, 10)}),
        ("metadata.team", {"가": (2, 20)}),
        ("service", {"shop": (2, 20)}),
        ("model", {"m-1": (1, 10), "m-2": (1, 10)}),
        ("status", {"ok": (1, 10), "error": (1, 10)}),
    ],
)
def test_groups_have_the_usage_of_their_calls(
    store: Store, project: str, by: str, groups: dict[str, tuple[int, int]]
) -> None:
    fill(store, project, call(0), call(1, model="m-2", failed=True))
    rows = of_production(store, project, by=by)
    found = {row["group"]: (row["n_calls"], row["input_tokens"]) for row in rows}
    assert found == groups


def test_a_filter_on_the_call_keeps_the_usage_below_it(
    store: Store, project: str
) -> None:
    fill(store, project, call(0), call(1))
    (row,) = of_production(store, project, where=[Condition("user_id", "=", "u1")])
    assert (row["n_calls"], row["input_tokens"]) == (1, 10)


def test_all_spans_can_be_counted(store: Store, project: str) -> None:
    fill(store, project, call(0))
    rows = of_production(store, project, unit="spans", by="name")
    assert {row["group"]: row["n_calls"] for row in rows} == {"answer": 1, "chat": 1}


def test_a_group_that_is_none_is_refused_with_a_hint(
    store: Store, project: str
) -> None:
    with pytest.raises(Refusal) as refused:
        of_production(store, project, by="modell")
    assert "did you mean model" in refused.value.hint


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("model", [("m-1", 2), ("m-2", 1)]),
        ("name", [("answer", 3), ("chat", 3)]),
        ("metadata", [("team", 3)]),
        ("metadata.team", [("가", 3)]),
        ("attributes.none", []),
    ],
)
def test_the_most_frequent_values_of_a_field_come_first(
    store: Store, project: str, field: str, values: list[tuple[str, int]]
) -> None:
    fill(store, project, call(0), call(1), call(2, model="m-2"))
    rows = values_of(store, project, field)
    assert [(row["value"], row["n"]) for row in rows] == values


@pytest.mark.parametrize("field", ["input", "trace_id", "start", "nmae"])
def test_a_field_without_choices_is_refused(
    store: Store, project: str, field: str
) -> None:
    with pytest.raises(Refusal, match="is not known"):
        values_of(store, project, field)


def test_a_session_is_made_of_whole_traces(store: Store, project: str) -> None:
    fill(store, project, call(0), call(5, seconds=2, failed=True))
    (row,) = read(store, list_sessions, of(project), page())[0]
    assert (row["session_id"], row["n_traces"], row["n_errors"]) == ("s1", 2, 1)
    assert (row["start_ns"], row["duration_ms"]) == (START_NS, 7000)
    assert row["input_tokens"] == 20


def test_sessions_come_newest_first_in_pages(store: Store, project: str) -> None:
    spans = [
        span({"session.id": f"s{i}"}, start_time_unix_nano=START_NS + i)
        for i in range(3)
    ]
    put(store, trace_request(*spans, project=project))
    first, cursor = read(store, list_sessions, of(project), page(limit=2))
    second, end = read(store, list_sessions, of(project), page(limit=2, cursor=cursor))
    assert [row["session_id"] for row in (*first, *second)] == ["s2", "s1", "s0"]
    assert end is None


@pytest.mark.parametrize("by", [None, "model", "service"])
def test_long_windows_are_answered_by_the_hourly_roll_up_alone(
    store: Store, project: str, by: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = call(0), call(3600)
    for pair, trace_id in zip(calls, ON_EITHER_SHARD, strict=True):
        for one in pair:
            one.trace_id = trace_id
    fill(store, project, *calls)
    monkeypatch.setitem(SETTINGS, "force_optimize_projection", "1")
    scope = of(project, since_ns=0, origin="production")
    assert stats(store, scope, interval="day", by=by)[0]["n_calls"] == 2


@pytest.mark.parametrize(
    ("hours", "n_calls"), [(1, 1), (47, 1), (48, 2)], ids=["1 h", "47 h", "48 h"]
)
def test_only_windows_of_two_days_are_counted_in_whole_hours(
    store: Store, project: str, hours: int, n_calls: int
) -> None:
    hour = START_NS // HOUR_NS * HOUR_NS
    early, late = (hour - START_NS) // SECOND_NS + 60, 0
    assert early < late
    fill(store, project, call(early), call(late))
    window = of(project, since_ns=START_NS, until_ns=START_NS + hours * HOUR_NS)
    assert [row["n_calls"] for row in stats(store, window)] == [n_calls]


def test_what_has_two_tags_counts_in_both_groups(store: Store, project: str) -> None:
    tagged = span({"tracer.tags": ["beta", "한국어"]}, start_time_unix_nano=START_NS)
    plain = span(start_time_unix_nano=START_NS)
    put(store, trace_request(tagged, plain, project=project))
    rows = of_production(store, project, by="tags")
    groups = {row["group"]: row["n_calls"] for row in rows}
    assert groups == {"beta": 1, "한국어": 1, None: 1}
    of_spans = of_production(store, project, by="tags", unit="spans")
    assert {row["group"]: row["n_calls"] for row in of_spans} == groups


def test_streams_have_the_percentiles_of_their_first_tokens(
    store: Store, project: str
) -> None:
    timed = {"gen_ai.response.time_to_first_chunk": 0.25}
    times = {"start_time_unix_nano": START_NS, "end_time_unix_nano": START_NS + 10**9}
    put(store, trace_request(span(timed, **times), span(**times), project=project))
    (row,) = of_production(store, project, unit="streams")
    assert (row["n_calls"], row["p50_ms"], row["p95_ms"]) == (1, 250, 250)


@pytest.mark.parametrize(
    ("interval", "length_ns"),
    [("quarter", HOUR_NS // 4), ("day", 24 * HOUR_NS), ("week", 7 * 24 * HOUR_NS)],
)
def test_buckets_begin_at_quarters_days_and_mondays(
    store: Store, project: str, interval: str, length_ns: int
) -> None:
    fill(store, project, call(0), call(length_ns // SECOND_NS))
    first, second = of_production(store, project, interval=interval)
    assert second["bucket_ns"] - first["bucket_ns"] == length_ns
    monday_ns = 4 * 24 * HOUR_NS  # 1970 began on a Thursday
    assert (first["bucket_ns"] - monday_ns) % length_ns == 0


def test_values_say_when_they_were_seen_first_and_last(
    store: Store, project: str
) -> None:
    fill(store, project, call(0), call(9), call(2, model="m-2"))
    rows = {row["value"]: row for row in values_of(store, project, "model")}
    assert rows["m-1"]["first_ns"] == START_NS
    assert rows["m-1"]["last_ns"] == START_NS + 9 * SECOND_NS
    assert rows["m-2"]["first_ns"] == START_NS + 2 * SECOND_NS


def test_a_prompt_is_its_name_with_its_version(store: Store, project: str) -> None:
    named = {"gen_ai.prompt.name": "faq", "gen_ai.prompt.version": "v2"}
    put(store, trace_request(span(named), span(), project=project))
    assert [row["value"] for row in values_of(store, project, "prompt")] == ["faq v2"]


@pytest.mark.parametrize("n", [5, 60, 400])
def test_intervals_of_percentiles_are_those_of_the_statistics(
    store: Store, project: str, n: int
) -> None:
    took_ms = [float(10 + number) for number in range(n)]
    spans = [
        span(
            start_time_unix_nano=START_NS,
            end_time_unix_nano=START_NS + round(ms * 1e6),
        )
        for ms in took_ms
    ]
    put(store, trace_request(*spans, project=project))
    scope = of(project, origin="production")
    asked = read(store, lambda r: r.lines_of(ask_latency(r, scope, Question())))
    row = orjson.loads(asked[0])
    assert row["n"] == n
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        by_example = {str(ms): [ms] for ms in took_ms}
        estimate = quantile_of(by_example, share)
        assert estimate is not None
        low, high = estimate.interval() or (0.0, 0.0)
        slack = 2 + n / 100
        assert row[f"{name}_ms"] == pytest.approx(estimate.value, abs=slack)
        for end, exact in (("low", low), ("high", high)):
            found = row[f"{name}_{end}_ms"]
            expected = None if isinf(exact) else pytest.approx(exact, abs=slack)
            assert found == expected


def test_failures_for_alike_reasons_are_one_reason_with_their_number(
    store: Store, project: str
) -> None:
    messages = ["order 17 is not there", "order 9 is not there", "no answer"]
    spans = [
        span(
            status=Status(code=Status.STATUS_CODE_ERROR, message=message),
            start_time_unix_nano=START_NS + second * SECOND_NS,
        )
        for second, message in enumerate(messages)
    ]
    put(store, trace_request(*spans, span(), project=project))
    scope = of(project, origin="production")
    rows = read(store, lambda r: r.lines_of(ask_errors(r, scope, (), limit=9)))
    rows = [orjson.loads(line) for line in rows]
    assert [(row["pattern"], row["message"], row["n"]) for row in rows] == [
        ("no answer", "no answer", 1),
        ("order # is not there", "order 9 is not there", 2),
    ]
    assert rows[1]["trace_id"] == spans[1].trace_id.hex()
    assert rows[1]["last_ns"] - rows[1]["first_ns"] == SECOND_NS
