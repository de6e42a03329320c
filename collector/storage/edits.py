"""Storing what arrives through the API instead of OTLP."""

from dataclasses import replace

from clickhouse_connect.driver.client import Client

from collector.identity import next_number
from collector.records import OtlpRequest, Outcome, ScoreRow
from collector.storage.engine import engine_errors
from collector.storage.writes import insert_receipts, insert_rows


def store_score(client: Client, row: ScoreRow) -> None:
    """Store a score as if a request of its own had brought it.

    The receipt comes last: rows without one are taken for torn and deleted at a start.
    """
    request = OtlpRequest(
        number=next_number(),
        signal="logs",
        body=b"",
        is_json=True,
        encoding="identity",
        digest=row.digest,
        key_project="",
        received_ms=row.received_at,
    )
    with engine_errors():
        insert_rows(client, [replace(row, request_number=request.number)])
        insert_receipts(client, [(request, Outcome(200, n_items=1))])
