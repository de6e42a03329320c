"""What load balancers and monitoring ask: does it live, does it work, how much."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

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
from collector.storage.reads.health import read_health
from collector.storage.reads.reader import Reader
from collector.writer import Writer
from tracer._build import version

T = TypeVar("T")

READY_LIMIT_S = 3.0
"""A look at the store that takes longer is answered as its failure."""

LOOK_AGAIN_S = 30.0
"""A look that hangs is left alone after this time, for one that may get through."""


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok", "version": version()})


class Look(Generic[T]):
    """A look at the store that all who ask at a time share, and none waits for long.

    Nobody needs a key for some, and while a store hangs each would hold a thread.
    """

    def __init__(self, work: Callable[[State], T]) -> None:
        self._work = work
        self._looking: asyncio.Future[T] | None = None
        self.since_s = 0.0
        """When it began, by the monotonic clock."""

    async def found(self, state: State) -> asyncio.Future[T]:
        """Return the look, ended or still going on after the limit."""
        now_s, looking = time.monotonic(), self._looking
        if looking is None or looking.done() or now_s - self.since_s > LOOK_AGAIN_S:
            looking = asyncio.ensure_future(run_in_threadpool(self._work, state))
            self._looking, self.since_s = looking, now_s
        left_s = max(0.0, self.since_s + READY_LIMIT_S - now_s)
        await asyncio.wait({looking}, timeout=left_s)
        return looking


async def _ready(request: Request) -> JSONResponse:
    """Answer whether the store answers."""
    state = request.app.state
    look: Look[str] = state.ready_look
    found = await look.found(state)
    why = found.result() if found.done() else _hung(state.store, look.since_s)
    if why:
        return JSONResponse({"status": "failing", "message": why}, 503)
    return JSONResponse({"status": "ok"})


def _hung(store: Store, since_s: float) -> str:
    waited_s = round(time.monotonic() - since_s)
    return f"the store {store.url} has not answered for {waited_s} s; it hangs"


def why_not_ready(state: State) -> str:
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


def disk_of(state: State) -> dict[str, int]:
    """Return the bytes that rows take and that are free; nothing if unknown."""
    store: Store = state.store
    with suppress(CollectorServiceError), engine_errors():
        with store.handle("read") as client:
            reader = Reader(client, Reader.new_mark())
            health = read_health(reader, store.cluster)
        return {
            f"tracer_{name} gauge": int(health[name])
            for name in ("disk_bytes", "disk_free_bytes")
        }
    return {}


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
    disk_look: Look[dict[str, int]] = state.disk_look
    disk = await disk_look.found(state)
    lines |= disk.result() if disk.done() else {}
    text = "".join(
        f"# TYPE {name}\n{name.split()[0]} {value}\n" for name, value in lines.items()
    )
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")


ROUTES: list[BaseRoute] = [
    Route("/healthz", _alive),
    Route("/readyz", _ready),
    Route("/metrics", _metrics),
]
