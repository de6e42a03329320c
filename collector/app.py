"""Puts the parts together: store, writer, routes, login."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from collector import health, ingest, langfuse
from collector.access.auth import Door
from collector.access.cross_origin import CrossOrigin
from collector.access.doors import guarded
from collector.access.keyring import KeyRing
from collector.access.origins import OwnOrigin
from collector.access.rights import Doorkeeper
from collector.api import routes as api
from collector.api.call import http_error
from collector.chores.queue import Chores
from collector.chores.workers import Workers
from collector.config import Settings
from collector.errors import CollectorServiceError, SettingsError
from collector.grpc.listener import GrpcListener
from collector.housekeeping.doubles import Doubles
from collector.housekeeping.presence import Presence
from collector.housekeeping.price_file import read_price_file
from collector.housekeeping.pricing import Pricing
from collector.housekeeping.repeats import Repeats
from collector.housekeeping.retention import Retention
from collector.otlp_errors import OtlpErrors
from collector.receiving import Discarded, InFlight
from collector.request_body import BodiesHeld
from collector.storage import refused
from collector.storage.collectors import make_table
from collector.storage.copying.target import check_complete
from collector.storage.engine import Store, open_store
from collector.storage.intake.views import install_views
from collector.storage.location import parse_store_url
from collector.storage.migrate import migrate
from collector.storage.text_index import set_text_index
from collector.writer import Writer


def create_app(settings: Settings) -> Starlette:
    """Open the store, bring it up to date and return the ASGI application.

    The store is closed when the application's lifespan ends.

    Raises:
        SettingsError: the prices cannot be read, or nobody could come in.
        StorageError: the store cannot be opened or brought up to date.
    """
    own_prices = _own_prices(settings)
    store = open_store(settings.store, sql_url=settings.sql_store)
    keys = KeyRing(store)
    schema_version = _bring_up_to_date(store, settings, keys)
    doorkeeper = Doorkeeper(
        api_key=settings.api_key, keys=keys, needs_key=settings.needs_key
    )
    app = Starlette(
        routes=guarded(_routes()),
        middleware=_middleware(settings, doorkeeper),
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
    app.state.prices_file = own_prices
    app.state.chores = Chores()
    app.state.workers = Workers()
    app.state.ready_look = health.Look(health.why_not_ready)
    app.state.disk_look = health.Look(health.disk_of)
    turn = app.state.presence.leads
    app.state.doubles = Doubles(store, turn=turn)
    app.state.repeats = Repeats(store, turn=turn)
    app.state.retention = Retention(store, settings, turn=turn)
    return app


def _bring_up_to_date(store: Store, settings: Settings, keys: KeyRing) -> int:
    """Make a store ready for this version; return the schema's version.

    What keeps it from being ready is left beside it, for `tracer doctor`.
    """
    try:
        schema_version = _make_schema(store, settings)
        keys.refresh()
        _check_keys(settings, keys)
    except CollectorServiceError as error:
        refused.note(store.url, str(error))
        store.close()
        raise
    refused.forget(store.url)
    return schema_version


def _make_schema(store: Store, settings: Settings) -> int:
    """Make the tables and views of this version; return the schema's version.

    Raises:
        StorageError: a restore into the store is not finished, or the engine refuses.
    """
    with store.handle("read") as client:
        check_complete(client)
    schema_version = migrate(store)
    make_table(store)
    install_views(store, otel_exporter=settings.otel_exporter)
    set_text_index(store, wanted=settings.text_index == "on")
    return schema_version


def _middleware(settings: Settings, doorkeeper: Doorkeeper) -> list[Middleware]:
    shared = settings.cors_origins
    found = [Middleware(CrossOrigin, origins=shared), Middleware(OtlpErrors)]
    if not settings.needs_key:
        found.append(Middleware(OwnOrigin, host=settings.host, shared=shared))
    return [*found, Middleware(Door, doorkeeper=doorkeeper)]


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


def _own_prices(settings: Settings) -> Path | None:
    """Return where the user's prices are, after a look whether they can be read."""
    if not settings.prices_file:
        return None
    # absolute, as an embedded store's collector leaves its directory
    path = Path(settings.prices_file).absolute()
    read_price_file(path)
    return path


def _routes() -> list[BaseRoute]:
    return [
        *ingest.ROUTES,
        *langfuse.ROUTES,
        *health.ROUTES,
        Mount("/api/v1", routes=api.ROUTES),
    ]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    store: Store = app.state.store
    writer: Writer = app.state.writer
    settings: Settings = app.state.settings
    presence: Presence = app.state.presence
    beside: list[KeyRing | Retention | Pricing | Doubles | Repeats] = [
        app.state.keys,
        app.state.retention,
        app.state.doubles,
        app.state.repeats,
    ]
    if settings.prices:
        beside.append(
            Pricing(store, own_file=app.state.prices_file, turn=presence.leads)
        )
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
