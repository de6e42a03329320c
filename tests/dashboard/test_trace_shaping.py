"""Rows of the list of traces, and one trace as a tree."""

import json
from typing import Any

import pytest

from dashboard.shaping import cells
from dashboard.shaping.conversation.previews import preview
from dashboard.shaping.traces import listing, score_words, steps
from dashboard.shaping.traces.waterfall import first_choice, first_speaking, waterfall
from dashboard.texts import section


def span(span_id: str, parent: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "span_id": span_id,
        "parent_span_id": parent,
        "name": f"step {span_id}",
        "kind": "span",
        "status": "ok",
        "start_ns": 0,
        "duration_ms": 1.0,
        "model": None,
        "input_tokens": None,
        "output_tokens": None,
        "cost_usd": None,
        "time_to_first_token_ms": None,
        "status_message": None,
        "usage_counts": True,
        "depth": 0,
        **fields,
    }


def tree(*spans: dict[str, Any]) -> dict[str, Any]:
    return waterfall("t", spans)


KOREAN = json.dumps({"context": "배송", "question": "환불은 어떻게"})
"""As senders write it that escape what is no ASCII."""


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('{"context":"long","k":3,"question":"환불은 어떻게', "환불은 어떻게"),
        (KOREAN, "환불은 어떻게"),
        (KOREAN[:-9], "환불은 어"),
        ('{"sources":["a","b"],"answer":"Yes."}', "Yes."),
        ('{"input":{"query":"nested"}}', "nested"),
        (
            '{"messages":[{"role":"user","content":"first"},{"role":"user",'
            '"content":[{"type":"text","text":"last"}]}],"n":1}',
            "last",
        ),
        ('{"question":"","text":"only this"}', "only this"),
        ('{"question":null,"answer":', '{"question":null,"answer":'),
        ('{"a":"first value","b":"second"}', "first value"),
        ('{"a":1,"b":"second"}', '{"a":1,"b":"second"}'),
        ("[INST] no JSON", "[INST] no JSON"),
        ("[" * 300, "[" * 300),
        ('{"question":"How \\"now\\"?","history":[]}', 'How "now"?'),
        ('{"question":"환불은 어떻게', "환불은 어떻게"),
        ('"one\\ntwo"', "one two"),
        ("no JSON at all", "no JSON at all"),
        ('{"k":5}', '{"k":5}'),
        (
            '[{"role":"assistant","parts":[{"type":"tool_call","id":"c1",'
            '"name":"order_status","arguments":{"order_id":"A-1042","n":2}}]}]',
            'order_status(order_id="A-1042", n=2)',
        ),
        (
            '{"tool_calls":[{"function":{"name":"a","arguments":"{\\"q\\":\\"환불\\"}"}},'
            '{"function":{"name":"b","arguments":""}}]}',
            'a(q="환불"), b()',
        ),
        (
            '[{"type":"function_call","name":"find","arguments":"{\\"id\\": \\"77',
            'find(id="77")',
        ),
        ("[1,2]", "[1,2]"),
        ("null", None),
        (None, None),
    ],
)
def test_a_preview_reads_as_words_even_when_its_json_was_cut(
    stored: str | None, shown: str | None
) -> None:
    assert preview(stored) == shown


@pytest.mark.parametrize("narrow", [True, False])
def test_a_status_is_called_by_a_word_of_the_language(narrow: bool) -> None:
    trace: dict[str, Any] = dict.fromkeys(
        ("input_preview", "output_preview", "total_tokens", "cost_usd", "user_id")
    )
    trace |= {"trace_id": "t", "name": "n", "status": "error", "start_ns": 0}
    trace |= {"duration_ms": 1.0, "scores": None}
    statuses = {"error": "오류"}
    [row] = (
        listing.narrow_rows([trace], statuses)
        if narrow
        else listing.list_rows([trace], statuses, ["status"])
    )
    status = row["cells"]["status"]
    shown = status["title"] if narrow else status["badge"]["text"]
    assert shown == "오류"
    tone = status["tone"] if narrow else status["badge"]["tone"]
    assert tone == "bad"


def test_a_call_that_failed_without_an_answer_says_why_in_its_place() -> None:
    failed = {"output_preview": None, "status": "error", "status_message": "no\nstock"}
    cell = listing._output(failed)
    answered = listing._output(failed | {"output_preview": '"in part"'})

    assert isinstance(cell, dict) and isinstance(answered, dict)
    assert (cell["text"], cell["tone"]) == ("no stock", "bad")
    assert (answered["text"], answered["tone"]) == ("in part", None)


def test_the_columns_of_a_list_read_back_as_they_are_written() -> None:
    odd = ["name", "score.a,b", "metadata.x%2C é", "user"]
    written = listing.written_columns(odd)

    assert listing.chosen_columns(written) == odd
    assert listing.chosen_columns("bogus,score.,name,name") == ["name"]
    assert listing.written_columns(listing.USUAL) is None
    assert listing.chosen_columns(None) == list(listing.USUAL)


def test_bars_begin_where_the_first_span_begins() -> None:
    late = span("b", "a", start_ns=5_000_000, duration_ms=10.0)
    drawn = tree(span("a", start_ns=2_000_000, duration_ms=4.0), late)

    assert drawn["offsets"] == [0.0, 3.0]
    assert drawn["total_ms"] == 13.0


def test_a_span_whose_parent_is_not_there_stands_at_the_top() -> None:
    drawn = tree(span("a", "remote"), span("b", "b"), span("c", "a"))

    assert drawn["parents"] == [-1, -1, 0]


def test_spans_that_are_each_others_parents_stand_somewhere() -> None:
    drawn = tree(span("a", "c"), span("b", "a"), span("c", "b"))

    assert drawn["parents"] == [-1, 0, 1]


def test_a_step_without_tokens_of_its_own_shows_the_sum_of_those_below_it() -> None:
    used = {"input_tokens": 900, "output_tokens": 100, "cost_usd": 0.002}
    drawn = tree(
        span("a"),
        span("b", "a", **used, usage_counts=False),
        span("c", "b", **used),
        span("d", "b", **used),
        span("e"),
    )

    assert drawn["tokens"] == ["Σ 2k", "1k", "1k", "1k", ""]
    assert drawn["costs"] == ["Σ $0.0040", "$0.0020", "$0.0020", "$0.0020", ""]


def test_each_failed_step_says_why_in_few_words() -> None:
    failed = {"status": "error", "status_message": "x" * 5000}
    drawn = tree(span("a"), span("b", "a", **failed), span("c", "a", status="error"))

    assert drawn["errors"] == {"1": "x" * 200, "2": ""}


def test_the_deepest_failure_is_shown_first() -> None:
    spans = [
        span("a", status="error"),
        span("b", "a", status="error", depth=1),
        span("c", "a", depth=1),
    ]

    assert first_choice(spans, None) == "b"
    assert first_choice(spans, "c") == "c"
    assert first_choice(spans[2:], "gone") is None


def test_the_first_step_that_speaks_is_shown_where_the_entry_says_nothing() -> None:
    spans = [span("a"), span("b", "a"), span("c", "b", kind="llm"), span("d", "b")]

    assert first_speaking(spans, "d") == "d"
    # content in log records alone is no column to look for
    assert first_speaking(spans, None) == "c"
    assert first_speaking(spans[:2], None) == "a"


def test_unknown_facts_are_left_out() -> None:
    fields = ("prompt_name", "prompt_version", "cost_source", "sender_cost_usd")
    empty = span("a", error_type=None) | dict.fromkeys(fields)
    texts = {
        name: name
        for name in (
            *("duration", "model", "tokens", "cost", "first_token", "prompt"),
            *("error_type", "price_by", "sender_cost"),
        )
    }

    assert steps.span_facts(empty, texts) == [("duration", "1.0 ms")]


def test_scores_beyond_two_are_counted_in_the_list_and_named_when_pointed_at() -> None:
    one = {"label": None, "mean": 1.0, "n": 1, "type": "number"}
    shown = score_words.chips(dict.fromkeys("abcd", one), most=2)

    assert isinstance(shown, dict)
    assert [chip["text"] for chip in shown["chips"]] == ["a 1", "b 1", "+2"]
    assert shown["title"] == "a 1 · b 1 · c 1 · d 1"


def test_what_judging_cost_is_told_apart_from_the_whole_cost_of_a_trace() -> None:
    texts = {name: name for name in section("trace.facts")}
    row = dict.fromkeys(
        ("user_id", "session_id", "evaluation_id", "example_id", "environment"), None
    )
    row |= dict.fromkeys(("release", "tags", "scores", "metadata", "models"), None)
    trace = span("a", start_ns=0, n_spans=2, trial=None) | row | {"cost_usd": 0.03}
    shown = dict(steps.facts(trace, texts, ways={}, judges_cost_usd=0.01))
    assert (shown["cost"], shown["judges_cost"]) == ("$0.030", "$0.010")
    assert "judges_cost" not in dict(steps.facts(trace, texts, ways={}))


def test_a_single_yes_or_no_is_a_sign_and_several_are_a_share() -> None:
    def score(mean: float, n: int = 1, type: str = "bool") -> dict[str, Any]:
        return {"mean": mean, "n": n, "label": None, "type": type}

    given = {"helpful": score(1.0), "rude": score(0.0), "safe": score(0.8, 5)}
    shown = score_words.chips(given | {"tone": score(1.0, 1, "number")}, with_n=True)

    assert isinstance(shown, dict)
    assert shown["title"] == (
        "helpful ✓ (n 1) · rude ✗ (n 1) · safe 80.0% (n 5) · tone 1 (n 1)"
    )
    assert [chip.get("yes") for chip in shown["chips"]] == [True, False, None, None]
    assert score_words.cell(score(0.0)) == {"yes": False}
    assert score_words.cell({"value": 1.0, "label": None, "type": "bool"}) == {
        "yes": True
    }


@pytest.mark.parametrize(
    ("status", "n_errors", "shown", "tone"),
    [
        ("ok", 0, "ok", "good"),
        ("ok", 2, "step failed", "warn"),
        ("error", 2, "error", "bad"),
    ],
)
def test_a_call_that_went_well_over_a_failed_step_does_not_look_all_well(
    status: str, n_errors: int, shown: str, tone: str
) -> None:
    """A streamed answer breaks after its request was answered with 200."""
    told = cells.status_of({"status": status, "n_errors": n_errors})
    badge = cells.status_badge(told, section("statuses"))
    assert (badge["text"], badge["tone"]) == (shown, tone)
