"""Statements on their way to the engine."""

import threading

import pytest
from processes import wait_until

from collector.storage.engine import Store
from collector.storage.reads.health import read_health
from collector.storage.reads.reader import EngineError, Reader, kill, statement

ENDLESS = "SELECT count() FROM numbers(1000000000000)"


def test_a_statement_is_ended_by_its_mark_from_another_thread(store: Store) -> None:
    mark = Reader.new_mark()
    errors: list[Exception] = []

    def run() -> None:
        try:
            with store.handle("read") as client:
                client.query(f"/* {mark} */ {ENDLESS}")
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    with store.handle("read") as client:
        asked = {"mark": mark}
        running = (
            "SELECT count() FROM system.processes"
            " WHERE position(query, {mark:String}) > 0"
            " AND query LIKE '%numbers%' AND query NOT LIKE '%system.processes%'"
        )
        wait_until(lambda: client.query(running, parameters=asked).result_rows[0][0])
        kill(client, mark)
    thread.join()
    assert "QUERY_WAS_CANCELLED" in str(errors[0])


def test_a_statement_of_another_mark_is_left_alone(store: Store) -> None:
    with store.handle("read") as client:
        kill(client, Reader.new_mark())
        assert read_health(Reader(client, Reader.new_mark()), store.cluster)


def test_an_engine_error_names_the_statement(store: Store) -> None:
    with pytest.raises(EngineError, match="spans: "), store.handle("read") as client:
        reader = Reader(client, Reader.new_mark())
        nothing = {"value": "1", "where": "no_such_column", "behind": "1"}
        reader.rows("spans", {"limit": 1}, scope="1", order="1", **nothing)


def test_parts_are_put_into_statements_and_comments_left_out() -> None:
    text = statement("spans").template
    assert "span_columns" not in text
    assert "AS metadata" in text
    assert "--" not in text


def test_what_a_writing_handle_reads_comes_in_large_blocks(store: Store) -> None:
    """Blocks of eight rows, as OTLP is read in, had a project's delete take minutes."""
    with store.handle("write") as client:
        asked = "SELECT max(blockSize()) FROM numbers(10000)"
        assert client.query(asked).result_rows[0][0] > 1000
