"""Routes of the read API under ``/api/v1``; docs/api.md is their contract."""

from starlette.routing import BaseRoute, Route

from collector.api_call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    lines_answer,
    rows_answer,
)
from collector.api_parameters import page_of, scope_of
from collector.api_scores import ROUTES as SCORE_ROUTES
from collector.refusals import bad_parameter, not_found
from collector.storage.reads.spans import list_spans
from collector.storage.reads.trace import read_trace
from collector.storage.reads.traces import list_traces


def projects(call: Call) -> Answer:
    """Answer which projects there are."""
    scope = scope_of(call, origin="all", windowed=False)
    lines = call.reader.lines("projects", scope.parameters, scope=scope.sql("spans"))
    return lines_answer(lines)


def traces(call: Call) -> Answer:
    """Answer one page of traces."""
    return rows_answer(*list_traces(call.reader, scope_of(call), page_of(call)))


def spans(call: Call) -> Answer:
    """Answer one page of spans."""
    return rows_answer(*list_spans(call.reader, scope_of(call), page_of(call)))


def trace(call: Call) -> Answer:
    """Answer one trace with its spans."""
    trace_id = call.path["trace_id"].lower()
    if len(trace_id) != 32 or any(
        digit not in "0123456789abcdef" for digit in trace_id
    ):
        raise bad_parameter("trace id", trace_id, hint="it has 32 hex digits")
    found = read_trace(call.reader, scope_of(call, windowed=False), trace_id)
    if found is None:
        raise not_found("trace", trace_id, hint="it may still be on its way")
    return json_answer(found)


ROUTES: list[BaseRoute] = [
    Route("/projects", endpoint(projects)),
    Route("/traces", endpoint(traces)),
    Route("/traces/{trace_id}", endpoint(trace)),
    Route("/spans", endpoint(spans)),
    *SCORE_ROUTES,
]
