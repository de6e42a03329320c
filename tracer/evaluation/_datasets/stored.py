"""Spans of the collector, by a filter, with what was said in them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracer._client.asking import Time, Where
    from tracer.client import Client


def spans_with_content(
    client: "Client | None",
    *,
    where: "Where",
    project: str | None,
    since: "Time | None",
    limit: int | None,
) -> Iterator[Mapping[str, Any]]:
    """Yield the spans that a filter finds, newest first; the last trace is kept."""
    if client is None:
        from tracer.client import Client as Made

        client = Made()
    found = client.spans(project=project, where=where, since=since, limit=limit)
    traces: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in found:
        trace_id = row["trace_id"]
        if trace_id not in traces:
            spans = client.trace(trace_id, project=project).spans
            traces = {trace_id: {span["span_id"]: span for span in spans}}
        if (span := traces[trace_id].get(row["span_id"])) is not None:
            yield span
