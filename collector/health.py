"""What load balancers and monitoring ask: does it live, does it work, how much."""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from collector.access.rights import Access, Denied
from collector.api.call import error_response, turns_of
from collector.errors import CollectorServiceError
from collector.receiving import Discarded
from collector.storage.engine import Store, engine_errors
from collector.writer import Writer
from tracer._build import version


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": version()})


async def _ready(request: Request) -> JSONResponse:
    """Answer whether the store answers; whoever asks meanwhile gets the same answer.

    Nobody needs a key for it, and while a store hangs each look would hold a thread.
    """
    state = request.app.state
    looking: asyncio.Future[str] | None = getattr(state, "looking", None)
    if looking is None or looking.done():
        looking = asyncio.ensure_future(run_in_threadpool(_why_not_ready, state))
        state.looking = looking
    if why := await asyncio.shield(looking):
        return JSONResponse({"status": "failing", "message": why}, 503)
    return JSONResponse({"status": "ok"})


def _why_not_ready(state: State) -> str:
    """Return why nothing can be stored or read now; empty if all is well."""
    store: Store = state.store
    writer: Writer = state.writer
    try:
        with engine_errors():
            with store.handle("read") as client:
                client.command("SELECT 1")
            writer.check_ready()
    except CollectorServiceError as error:
        return str(error) or repr(error)
    return ""


async def _metrics(request: Request) -> Response:
    access: Access = request.state.access
    try:
        access.require_all_projects()
    except Denied as denied:
        return error_response(denied)
    writer: Writer = request.app.state.writer
    counts, heavy = writer.counts, turns_of(request.app.state)["heavy"]
    discarded: Discarded = request.app.state.discarded
    state = request.app.state
    lines = {
        "tracer_requests_total counter": counts.requests,
        "tracer_items_stored_total counter": counts.items,
        "tracer_items_rejected_total counter": counts.rejected,
        "tracer_requests_refused_total counter": counts.refused,
        "tracer_metrics_points_discarded_total counter": discarded.n_points,
        "tracer_requests_waiting gauge": writer.n_waiting,
        "tracer_reads_at_work gauge": heavy.n_at_work,
        "tracer_reads_waiting gauge": heavy.n_waiting,
        "tracer_doubles_removed_total counter": state.doubles.n_removed,
        "tracer_usage_repeats_total counter": state.repeats.n_discounted,
        "tracer_days_dropped_total counter": state.retention.n_days_dropped,
    }
    text = "".join(
        f"# TYPE {name}\n{name.split()[0]} {value}\n" for name, value in lines.items()
    )
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


ROUTES: list[BaseRoute] = [
    Route("/healthz", _alive),
    Route("/readyz", _ready),
    Route("/metrics", _metrics),
]
