"""Lists in pure functions: files of traces, what has just come, turns, saved views."""

import io
from datetime import UTC, datetime
from typing import Any

import pyarrow.csv
import pyarrow.parquet
import pytest

from dashboard.parts.traces.filter_builder import operators
from dashboard.shaping.traces import arrivals, saved, sessions, trace_files
from dashboard.shaping.windows import Window

TRACES: list[dict[str, Any]] = [
    {
        "trace_id": "a",
        "tags": ["가", "b"],
        "metadata": {"plan": "pro", "n": 1, "nested": {"x": [1]}},
        "scores": {"tone": {"mean": 0.5, "n": 2, "label": None}},
    },
    {
        "trace_id": "b",
        "tags": [],
        "metadata": {"n": "많음"},
        "scores": {"kind": {"mean": None, "n": 1, "label": "good"}},
    },
]


def test_a_file_of_traces_has_a_column_for_each_score_and_key() -> None:
    file = io.BytesIO(trace_files.as_parquet(TRACES))
    first, second = pyarrow.parquet.read_table(file).to_pylist()

    assert first["score.tone"] == 0.5
    assert (first["metadata.n"], second["metadata.n"]) == ("1", "많음")
    assert (first["metadata.nested"], first["tags"]) == ('{"x": [1]}', '["가", "b"]')
    assert (second["score.kind"], second["score.tone"]) == ("good", None)


def test_a_csv_of_traces_opens_in_spreadsheets_with_korean_intact() -> None:
    made = trace_files.as_csv(TRACES)
    table = pyarrow.csv.read_csv(io.BytesIO(made))

    assert made.startswith(b"\xef\xbb\xbf")
    assert table["metadata.n"].to_pylist() == ["1", "많음"]


def test_what_was_there_at_the_first_look_is_not_new() -> None:
    seen = arrivals.noted(None, ["a"], now_s=100.0)
    later = arrivals.noted(seen, ["b", "a"], now_s=102.0)

    assert arrivals.fresh(seen, now_s=100.0) == set()
    assert arrivals.fresh(later, now_s=102.0) == {"b"}
    assert arrivals.fresh(later, now_s=102.0 + arrivals.FRESH_S) == set()


def test_a_full_list_looks_only_where_a_new_row_would_be_shown() -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    window, rows = Window(days[0]), [{"start": days[2]}, {"start": days[1]}]

    assert arrivals.narrowed(window, rows, most=2) == Window(days[1])
    assert arrivals.narrowed(window, rows, most=3) == window
    assert arrivals.narrowed(Window(days[2]), rows, most=2) == Window(days[2])


@pytest.mark.parametrize(
    ("value", "start", "shown"),
    [
        ({"question": "환불?", "history": []}, None, "환불?"),
        ([{"role": "user", "content": "a"}, {"role": "user", "content": "b"}], "", "b"),
        ({"q": "only"}, None, "only"),
        ({"order": "1", "reason": "2"}, None, '{\n  "order": "1",\n  "reason": "2"\n}'),
        (None, '{"question": "cut of', "cut of"),
        (None, None, None),
        (3, None, "3"),
    ],
)
def test_a_turn_says_what_a_person_would_read(
    value: object, start: str | None, shown: str | None
) -> None:
    assert sessions.spoken(value, start) == shown


def test_a_view_differs_only_by_what_makes_the_page_what_it_is() -> None:
    view = {"q": "", "filter": ["a = b"], "project": "p", "bogus": "x"}

    assert not saved.differs(view, {"filter": ["a = b"], "project": "p", "q": None})
    assert saved.differs(view, {"filter": [], "project": "p"})
    assert saved.known(None) == {}


def test_operators_fit_the_field() -> None:
    assert operators("status") == ["=", "!="]
    assert operators("duration_ms")[0] == ">"
    assert operators("text")[0] == "contains"
    assert "starts_with" in operators("metadata.plan")
