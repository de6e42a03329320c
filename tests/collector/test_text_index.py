"""Searching in inputs and outputs with the index that a setting keeps."""

from collections.abc import Iterator

import pytest
from otlp_requests import put, span, trace_request
from processes import wait_until
from reading import of

from collector.config import from_environment
from collector.errors import SettingsError
from collector.storage.conditions import Condition
from collector.storage.engine import Store
from collector.storage.nodes import on_shards
from collector.storage.reads.reader import Reader
from collector.storage.reads.scope import Page
from collector.storage.reads.spans import list_spans
from collector.storage.reads.traces import list_traces
from collector.storage.text_index import set_text_index, text_index_state

PROJECT = "text-index"


def state(store: Store) -> str:
    with store.handle("read") as client:
        return str(text_index_state(Reader(client, ""), store)["state"])


def fill(store: Store, when: str) -> None:
    root = span({"http.route": "/ask"}, name=f"root {when}")
    inner = {"trace_id": root.trace_id, "parent_span_id": root.span_id}
    refund = {
        "tracer.input": '"환불은 언제 되나요?"',
        "tracer.output": '"100% Sure_Thing"',
    }
    long = {"tracer.input": f'"{"x" * 5000} 멀리"'}
    put(
        store,
        trace_request(
            root,
            span(refund, name=f"refund {when}", **inner),
            span(long, name=f"long {when}", **inner),
            project=PROJECT,
        ),
    )


@pytest.fixture(scope="module")
def indexed(store: Store, few_rows: None) -> Iterator[Store]:
    """A store with spans of before the index was made, and of after."""
    fill(store, "before")
    set_text_index(store, wanted=True)
    fill(store, "after")
    wait_until(lambda: state(store) == "on")
    yield store
    set_text_index(store, wanted=False)
    wait_until(lambda: state(store) == "off")


def found(store: Store, field: str, word: str) -> list[str]:
    page = Page(where=[Condition(field, "contains", word)])
    with store.handle("read") as client:
        reader = Reader(client, "", text_indexed=store.text_indexed)
        return sorted(row["name"] for row in list_spans(reader, of(PROJECT), page)[0])


REFUNDS = ["refund after", "refund before"]


@pytest.mark.parametrize(
    ("field", "word", "names"),
    [
        ("text", "환불", REFUNDS),
        ("text", "불", REFUNDS),
        ("input", "언제 되", REFUNDS),
        ("text", "sure_thing", REFUNDS),
        ("text", "100% sure", REFUNDS),
        ("text", "0%s", []),
        ("text", "sure-thing", []),
        ("text", "e_h", []),
        ("output", "환불", []),
        ("text", "\\", []),
        ("text", "멀리", []),
    ],
)
def test_parts_of_words_are_found_in_the_first_four_kilobytes(
    indexed: Store, field: str, word: str, names: list[str]
) -> None:
    assert found(indexed, field, word) == names


def test_a_trace_is_found_by_the_text_of_any_of_its_spans(indexed: Store) -> None:
    page = Page(where=[Condition("text", "contains", "환불은")])
    with indexed.handle("read") as client:
        reader = Reader(client, "", text_indexed=True)
        rows, _ = list_traces(reader, of(PROJECT), page)
    assert sorted(row["name"] for row in rows) == ["root after", "root before"]


def test_the_engine_looks_into_the_index(indexed: Store) -> None:
    asked = (
        f"EXPLAIN indexes = 1 SELECT count() FROM {indexed.holder('spans')} "
        "WHERE lowerUTF8(left(input, 4096)) LIKE '%환불%'"
    )
    plans = on_shards(indexed, lambda client: client.query(asked).result_rows)
    assert any("input_text" in line for plan in plans for (line,) in plan)


def test_a_setting_that_is_neither_on_nor_off_is_refused() -> None:
    assert from_environment({"TRACER_TEXT_INDEX": "on"}).text_index == "on"
    with pytest.raises(SettingsError, match="on or off"):
        from_environment({"TRACER_TEXT_INDEX": "yes"})
