"""What is wrong in the filter box, and what ids people paste into the search box."""

import pytest

from dashboard.shaping.traces.ids import span_id_in, trace_id_in
from dashboard.shaping.traces.mistakes import CLOSED, mistakes

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    ("written", "kind", "near"),
    [
        ("modle = gpt-4o", "field", ("model",)),
        ("qqqqq = 1", "field", ()),
        ("duration_ms > soon", "number", ()),
        ("cost = much", "number", ()),
        ("status = failed", "choice", CLOSED["status"]),
        ("kind != bot", "choice", CLOSED["kind"]),
    ],
)
def test_a_mistake_is_told_with_what_may_be_meant(
    written: str, kind: str, near: tuple[str, ...]
) -> None:
    [found] = mistakes([f" {written} "])

    assert (found.text, found.kind, found.near) == (written, kind, near)
    assert found.stops == (kind != "field")


def test_conditions_and_sentences_are_no_mistakes() -> None:
    fine = [
        *("duration > 2s", "status != error", "kind in llm, tool", "model exists"),
        *("where is my parcel", "note: call back", "https://host/x", "he is in debt"),
        *("metadata.zip = 1", "score.tone < 3", "tags = beta", "cost missing"),
    ]

    assert mistakes(fine) == []


@pytest.mark.parametrize(
    "pasted",
    [
        TRACE,
        f"  {TRACE.upper()} ",
        f"00-{TRACE}-b7ad6b7169203331-01",
        f"https://host/traces?project=p&trace={TRACE}&span=b7ad6b7169203331",
        f"http://host/?x={'f' * 32}&trace={TRACE}",
        "0af76519-16cd-43dd-8448-eb211c80319c",
    ],
)
def test_a_trace_id_is_found_in_what_people_paste(pasted: str) -> None:
    assert trace_id_in(pasted) == TRACE


@pytest.mark.parametrize("words", ["", "where is it", TRACE[:-1], f"{TRACE}0", "환불"])
def test_other_words_hold_no_trace_id(words: str) -> None:
    assert trace_id_in(words) is None


def test_sixteen_digits_may_be_a_span() -> None:
    assert span_id_in(" B7AD6B7169203331 ") == "b7ad6b7169203331"
    assert span_id_in("b7ad") is None
