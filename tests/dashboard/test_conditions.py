"""The filter language: what people type, and what the collector is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.shaping import conditions
from dashboard.shaping.conditions import OPERATORS, parse, write


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("status = error", ("status", "=", "error")),
        ("duration_ms > 2000", ("duration_ms", ">", 2000)),
        ("latency>=1.5", ("duration_ms", ">=", 1.5)),
        (
            "metadata.department = accounting",
            ("metadata.department", "=", "accounting"),
        ),
        ("metadata.retries = 3", ("metadata.retries", "=", 3)),
        ('metadata.zip = "0123"', ("metadata.zip", "=", "0123")),
        ("score.helpful = true", ("score.helpful", "=", True)),
        ("user = 42", ("user_id", "=", "42")),
        ("tags = beta", ("tags", "contains", "beta")),
        ("model in gpt-4o, qwen3", ("model", "in", ["gpt-4o", "qwen3"])),
        ("session exists", ("session_id", "exists", None)),
        ("input contains 환불", ("input", "contains", "환불")),
        ("duration > 2s", ("duration_ms", ">", 2000)),
        ("latency => 1.5 min", ("duration_ms", ">=", 90_000)),
        ("cost > $0.01", ("cost_usd", ">", 0.01)),
        ("tokens >= 1.5k", ("total_tokens", ">=", 1500)),
        ("Model == gpt-4o", ("model", "=", "gpt-4o")),
        ("user: u1", ("user_id", "=", "u1")),
        ("name ~ bot", ("name", "contains", "bot")),
        ("Metadata.Plan = pro", ("metadata.Plan", "=", "pro")),
        ("https://host/x", ("text", "contains", "https://host/x")),
        ("where is my parcel", ("text", "contains", "where is my parcel")),
        ("a = b", ("text", "contains", "a = b")),
    ],
)
def test_what_is_typed_is_understood(typed: str, meant: conditions.Condition) -> None:
    assert parse(typed) == meant


@given(
    field=st.sampled_from(["name", "duration_ms", "metadata.plan", "score.tone"]),
    op=st.sampled_from(
        [op for op in OPERATORS if op not in {"in", "exists", "missing"}]
    ),
    value=st.from_regex(r"\A[a-z0-9가-힣]([a-z0-9가-힣 .]*[a-z0-9가-힣])?\Z")
    | st.integers(-9999, 9999)
    | st.booleans(),
)
def test_what_is_written_reads_back(
    field: str, op: str, value: str | int | bool
) -> None:
    field_is_text, is_ordered = field == "name", op in {"<", "<=", ">", ">="}
    if not isinstance(value, str) and (
        op in {"contains", "starts_with"} or (field_is_text and not is_ordered)
    ):
        value = str(value).lower()

    assert parse(write((field, op, value))) == (field, op, value)


@pytest.mark.parametrize("value", ["", " ", "a ", '"a"', '"', "42", "true", "a\nb "])
def test_a_value_that_is_odd_as_text_reads_back(value: str) -> None:
    """The traces of a user `"a"`, or of a model without a name, were not found."""
    for field in ("user_id", "metadata.plan"):
        assert parse(write((field, "=", value))) == (field, "=", value)


def test_kind_and_model_of_a_trace_mean_some_span_of_it() -> None:
    where = conditions.trace_conditions(
        ["model = gpt-4o", "user = u1"], search=" 환불 ", status="error"
    )

    assert where == [
        ("span.model", "=", "gpt-4o"),
        ("user_id", "=", "u1"),
        ("text", "contains", "환불"),
        ("status", "=", "error"),
    ]


def test_a_slip_of_the_pen_is_told_apart_from_a_condition() -> None:
    typed = ["bogus ~~ 3", "model = gpt-4o", "text contains refund", "modle = x"]

    assert conditions.searched(typed) == ["bogus ~~ 3", "modle = x"]


def test_calls_that_went_well_over_a_failed_step_are_found() -> None:
    assert conditions.trace_conditions([], status="step_failed") == [
        ("status", "!=", "error"),
        ("n_errors", ">", 0),
    ]
