"""Puts the parts together: store, writer, routes, login."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from collector import api, ingest, langfuse
from collector.access import Access, Denied, Doorkeeper
from collector.api_call import error_response, http_error
from collector.auth import Door
from collector.config import Settings
from collector.cross_origin import CrossOrigin
from collector.doors import guarded
from collector.errors import CollectorServiceError, SettingsError
from collector.grpc_listener import GrpcListener
from collector.keyring import KeyRing
from collector.origins import OwnOrigin
from collector.otlp_errors import OtlpErrors
from collector.presence import Presence
from collector.pricing import Pricing
from collector.receiving import Discarded, InFlight
from collector.request_body import BodiesHeld
from collector.retention import Retention
from collector.storage.collectors import make_table
from collector.storage.engine import Store, engine_errors, open_store
from collector.storage.intake.views import install_views
from collector.storage.location import parse_store_url
from collector.storage.migrate import migrate
from collector.writer import Writer


def create_app(settings: Settings) -> Starlette:
    """Open the store, bring it up to date and return the ASGI application.

    The store is closed when the application's lifespan ends.

    Raises:
        SettingsError: the settings contradict each other.
        StorageError: the store cannot be opened or brought up to date.
    """
    settings.check()
    store = open_store(settings.store, sql_url=settings.sql_store)
    try:
        schema_version = migrate(store)
        make_table(store)
        install_views(store, otel_exporter=settings.otel_exporter)
        keys = KeyRing(store)
        keys.refresh()
        _check_keys(settings, keys)
    except CollectorServiceError:
        store.close()
        raise
    doorkeeper = Doorkeeper(
        api_key=settings.api_key, keys=keys, needs_key=settings.needs_key
    )
    shared = settings.cors_origins
    middleware = [Middleware(CrossOrigin, origins=shared), Middleware(OtlpErrors)]
    if not settings.needs_key:
        middleware.append(Middleware(OwnOrigin, host=settings.host, shared=shared))
    middleware.append(Middleware(Door, doorkeeper=doorkeeper))
    app = Starlette(
        routes=guarded(_routes()),
        middleware=middleware,
        exception_handlers={HTTPException: http_error},
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.doorkeeper = doorkeeper
    app.state.keys = keys
    app.state.store = store
    app.state.presence = Presence(store)
    app.state.writer = Writer(store, settings, app.state.presence)
    app.state.in_flight = InFlight()
    app.state.discarded = Discarded()
    app.state.bodies_held = BodiesHeld()
    app.state.schema_version = schema_version
    return app


def _check_keys(settings: Settings, keys: KeyRing) -> None:
    """Refuse to listen where nobody could come in.

    Raises:
        SettingsError: a key is needed and there is none.
    """
    now = datetime.now(UTC)
    is_open = not settings.needs_key or bool(settings.api_key)
    if is_open or any(key.state(now) == "active" for key in keys.all()):
        return
    why = "TRACER_REQUIRE_KEY is set"
    if not settings.is_loopback:
        why = f"host {settings.host!r} is open to other machines"
    raise SettingsError(
        f"{why} and there is no key; make one with 'tracer keys create --name first "
        f"--scope admin --store {parse_store_url(settings.store)}', or set "
        "TRACER_API_KEY to a long random text, or listen on 127.0.0.1"
    )


def _routes() -> list[BaseRoute]:
    return [
        *ingest.ROUTES,
        *langfuse.ROUTES,
        Route("/healthz", _alive),
        Route("/readyz", _ready),
        Route("/metrics", _metrics),
        Mount("/api/v1", routes=api.ROUTES),
    ]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    store: Store = app.state.store
    writer: Writer = app.state.writer
    settings: Settings = app.state.settings
    keys: KeyRing = app.state.keys
    presence: Presence = app.state.presence
    turn = presence.leads
    retention = Retention(store, days=settings.retention_days, turn=turn)
    beside: list[KeyRing | Retention | Pricing] = [keys, retention]
    if settings.prices:
        beside.append(Pricing(store, turn=turn))
    grpc = GrpcListener(app.state)
    try:
        await run_in_threadpool(presence.start)
        await run_in_threadpool(writer.start)
        for rounds in beside:
            rounds.start()
        await grpc.start()
        yield
    finally:
        await grpc.close()
        for rounds in beside:
            await run_in_threadpool(rounds.close)
        await run_in_threadpool(writer.close)
        await run_in_threadpool(presence.close)
        store.close()


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> JSONResponse:
    store: Store = request.app.state.store
    writer: Writer = request.app.state.writer

    def check() -> None:
        with store.handle("read") as client:
            client.command("SELECT 1")
        writer.check_room()

    try:
        with engine_errors():
            await run_in_threadpool(check)
    except CollectorServiceError as error:
        return JSONResponse({"status": "failing", "message": str(error)}, 503)
    return JSONResponse({"status": "ok"})


async def _metrics(request: Request) -> Response:
    access: Access = request.state.access
    try:
        access.require_all_projects()
    except Denied as denied:
        return error_response(denied)
    writer: Writer = request.app.state.writer
    counts = writer.counts
    discarded: Discarded = request.app.state.discarded
    lines = {
        "tracer_requests_total counter": counts.requests,
        "tracer_items_stored_total counter": counts.items,
        "tracer_items_rejected_total counter": counts.rejected,
        "tracer_requests_refused_total counter": counts.refused,
        "tracer_metrics_points_discarded_total counter": discarded.n_points,
        "tracer_requests_waiting gauge": writer.n_waiting,
    }
    text = "".join(
        f"# TYPE {name}\n{name.split()[0]} {value}\n" for name, value in lines.items()
    )
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4")
