"""Routes of the read API under ``/api/v1``; docs/api.md is their contract."""

import functools

from starlette.routing import BaseRoute, Route

from collector.api.admin import ROUTES as ADMIN_ROUTES
from collector.api.alerts import ROUTES as ALERT_ROUTES
from collector.api.arrow import asked_answer, page_answer
from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    rows_answer,
    stream_answer,
)
from collector.api.datasets import ROUTES as DATASET_ROUTES
from collector.api.documents import ROUTES as DOCUMENT_ROUTES
from collector.api.evaluations import ROUTES as EVALUATION_ROUTES
from collector.api.holdings import ROUTES as HOLDING_ROUTES
from collector.api.judges import ROUTES as JUDGE_ROUTES
from collector.api.keys import ROUTES as KEY_ROUTES
from collector.api.ledger import ROUTES as LEDGER_ROUTES
from collector.api.online import ROUTES as ONLINE_ROUTES
from collector.api.parameters import (
    choice_of,
    flag_of,
    limit_of,
    page_of,
    projects_of,
    scope_of,
    span_id_in_path,
    trace_id_in_path,
)
from collector.api.queues import ROUTES as QUEUE_ROUTES
from collector.api.refusals import bad_parameter, not_found
from collector.api.scores import ROUTES as SCORE_ROUTES
from collector.api.sql import ROUTES as SQL_ROUTES
from collector.chores.api import ROUTES as CHORE_ROUTES
from collector.chores.workers import ROUTES as WORKER_ROUTES
from collector.errors import CollectorServiceError
from collector.openapi.document import openapi_document
from collector.storage.reads.entries import list_entry_spans
from collector.storage.reads.health import read_health
from collector.storage.reads.latency import ask_latency
from collector.storage.reads.reader import Asked
from collector.storage.reads.sessions import list_sessions, read_session
from collector.storage.reads.spans import list_spans
from collector.storage.reads.stats import (
    INTERVALS,
    MAX_ROWS,
    UNITS,
    Question,
    ask_errors,
    ask_stats,
    ask_values,
)
from collector.storage.reads.trace import read_span, read_steps, read_trace
from collector.storage.reads.traces import list_traces
from collector.storage.text_index import text_index_state
from tracer._build import commit, version


def projects(call: Call) -> Answer:
    """Answer which projects there are."""
    scope = scope_of(call, origin="all", windowed=False)
    found = scope.projects_sql("found")
    return asked_answer(call, Asked("projects", scope.parameters, {"scope": found}))


def traces(call: Call) -> Answer:
    """Answer one page of traces."""
    scope, page = scope_of(call), page_of(call)
    if call.wants_arrow:
        from collector.storage.reads.arrow import traces_stream

        return stream_answer(*traces_stream(call.reader, scope, page))
    return rows_answer(*list_traces(call.reader, scope, page))


def entry_spans(call: Call) -> Answer:
    """Answer the entry spans of one page of traces, with their content."""
    scope, page = scope_of(call), page_of(call)
    return page_answer(call, *list_entry_spans(call.reader, scope, page))


def spans(call: Call) -> Answer:
    """Answer one page of spans."""
    scope, page = scope_of(call), page_of(call)
    if call.wants_arrow:
        from collector.storage.reads.arrow import spans_stream

        return stream_answer(*spans_stream(call.reader, scope, page))
    return rows_answer(*list_spans(call.reader, scope, page))


def trace(call: Call) -> Answer:
    """Answer one trace with its spans."""
    trace_id = trace_id_in_path(call)
    read = read_trace if flag_of(call, "content", default=True) else read_steps
    found = read(call.reader, scope_of(call, windowed=False), trace_id)
    if found is None:
        raise not_found("trace", trace_id, hint="it may still be on its way")
    return json_answer(found)


def span(call: Call) -> Answer:
    """Answer one span with its content."""
    trace_id, span_id = trace_id_in_path(call), span_id_in_path(call)
    scope = scope_of(call, windowed=False)
    found = read_span(call.reader, scope, trace_id, span_id)
    if found is None:
        hint = f"trace {trace_id} may have others, or it is still on its way"
        raise not_found("span", span_id, hint=hint)
    return json_answer(found)


def sessions(call: Call) -> Answer:
    """Answer one page of sessions."""
    return page_answer(call, *list_sessions(call.reader, scope_of(call), page_of(call)))


def session(call: Call) -> Answer:
    """Answer one session with a page of its turns, the first ones first."""
    session_id = call.path["session_id"]
    scope = scope_of(call, origin="all", windowed=False)
    found = read_session(call.reader, scope, session_id, page_of(call, order="start"))
    if found is None:
        raise not_found("session", session_id, hint="GET /sessions lists them")
    row, turns, cursor = found
    return json_answer({"session": row, "rows": turns, "next": cursor})


def stats(call: Call) -> Answer:
    """Answer counts, latency and usage by time and group."""
    question = _question(call)
    asked = ask_stats(call.reader, scope_of(call), question)
    return asked_answer(call, asked, at_most=question.limit)


def latency(call: Call) -> Answer:
    """Answer percentiles of latency with their intervals, by time and group."""
    question = _question(call)
    asked = ask_latency(call.reader, scope_of(call), question)
    return asked_answer(call, asked, at_most=question.limit)


def _question(call: Call) -> Question:
    return Question(
        interval=choice_of(call, "interval", INTERVALS),
        by=call.query.get("by") or None,
        unit=choice_of(call, "unit", UNITS),
        where=page_of(call).where,
        limit=limit_of(call) if call.query.get("limit") else MAX_ROWS,
    )


def errors(call: Call) -> Answer:
    """Answer why calls failed, alike reasons together, the newest first."""
    page = page_of(call)
    asked = ask_errors(call.reader, scope_of(call), page.where, limit=page.limit)
    return asked_answer(call, asked)


def values(call: Call) -> Answer:
    """Answer the most frequent values of a field."""
    field = call.query.get("field")
    if not field:
        raise bad_parameter("field", field, hint="name a field, as field=model")
    scope, limit = scope_of(call), limit_of(call)
    return asked_answer(call, ask_values(scope, field, limit=limit))


TOLD_TO_ANY_KEY = frozenset(
    {
        *("status", "version", "commit", "engine", "engine_version", "schema_version"),
        "dashboard_url",
    }
)
"""What of the health a key of one project is told; the rest is of all projects."""


def access(call: Call) -> Answer:
    """Answer what the key at hand is and may do, for programs that offer choices."""
    projects_of(call)  # nobody asks with another project than the key's
    own = call.access
    key = call.state.keys.find(own.key_id)
    return json_answer(
        {
            "key": own.key_id or None,
            "name": key.name if key else None,
            "project": own.project,
            "scopes": own.listed,
            "expires": key.expires.isoformat() if key and key.expires else None,
        }
    )


def health(call: Call) -> Answer:
    """Answer versions, sizes and queue, for people and for `tracer doctor`."""
    counts = call.state.writer.counts
    found = {
        "status": "ok",
        "not_ready": _not_ready(call),
        "version": version(),
        "commit": commit(),
        "dashboard_url": call.state.settings.dashboard_url or None,
        **call.store.describe(),
        "schema_version": call.state.schema_version,
        **read_health(call.reader, call.store.cluster),
        "text_index": text_index_state(call.reader, call.store),
        "queue_requests": call.state.writer.n_waiting,
        "requests_stored": counts.requests,
        "items_stored": counts.items,
        "items_rejected": counts.rejected,
        "requests_refused": counts.refused,
    }
    if call.access.project is not None:
        found |= dict.fromkeys(found.keys() - TOLD_TO_ANY_KEY)
    return json_answer(found)


def _not_ready(call: Call) -> str:
    """Return why nothing can be stored; empty while all is well."""
    try:
        call.state.writer.check_room()
    except CollectorServiceError as error:
        return str(error)
    return ""


def openapi(_: Call) -> Answer:
    """Answer this description of the API, in OpenAPI 3.1."""
    return _openapi_answer()


@functools.cache
def _openapi_answer() -> Answer:
    return json_answer(openapi_document(ROUTES))


ROUTES: list[BaseRoute] = [
    Route("/projects", endpoint(projects)),
    Route("/traces", endpoint(traces)),
    Route("/traces/{trace_id}", endpoint(trace)),
    Route("/traces/{trace_id}/spans/{span_id}", endpoint(span, is_light=True)),
    Route("/entry-spans", endpoint(entry_spans)),
    Route("/spans", endpoint(spans)),
    Route("/sessions", endpoint(sessions)),
    Route("/sessions/{session_id:path}", endpoint(session)),
    Route("/stats", endpoint(stats)),
    Route("/stats/latency", endpoint(latency)),
    Route("/errors", endpoint(errors)),
    Route("/values", endpoint(values)),
    *SCORE_ROUTES,
    *EVALUATION_ROUTES,
    *DATASET_ROUTES,
    *DOCUMENT_ROUTES,
    *JUDGE_ROUTES,
    *ONLINE_ROUTES,
    *ALERT_ROUTES,
    *QUEUE_ROUTES,
    *KEY_ROUTES,
    *LEDGER_ROUTES,
    *HOLDING_ROUTES,
    *SQL_ROUTES,
    *ADMIN_ROUTES,
    *CHORE_ROUTES,
    *WORKER_ROUTES,
    Route("/access", endpoint(access, is_light=True)),
    Route("/health", endpoint(health, is_light=True)),
    Route("/openapi.json", endpoint(openapi, is_light=True)),
]
