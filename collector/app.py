"""Puts the parts together: store, writer, routes, login."""

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from collector.auth import KeyRequired
from collector.config import Settings
from collector.errors import CollectorServiceError
from collector.storage.engine import Store, open_store
from collector.storage.migrate import migrate


def create_app(settings: Settings) -> Starlette:
    """Open the store, bring it up to date and return the ASGI application.

    The store is closed when the application's lifespan ends.

    Raises:
        SettingsError: the settings contradict each other.
        StorageError: the store cannot be opened or brought up to date.
    """
    settings.check()
    store = open_store(settings.store)
    try:
        schema_version = migrate(store)
    except CollectorServiceError:
        store.close()
        raise
    middleware = []
    if settings.api_key:
        middleware.append(Middleware(KeyRequired, api_key=settings.api_key))
    app = Starlette(routes=_routes(), middleware=middleware, lifespan=_lifespan)
    app.state.settings = settings
    app.state.store = store
    app.state.schema_version = schema_version
    return app


def _routes() -> list[BaseRoute]:
    routes: list[BaseRoute] = [
        Route("/healthz", _alive),
        Route("/readyz", _ready),
    ]
    if importlib.util.find_spec("collector.api") is not None:
        api = importlib.import_module("collector.api")
        routes.append(Mount("/api/v1", routes=api.ROUTES))
    return routes


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    store: Store = app.state.store
    try:
        yield
    finally:
        store.close()


async def _alive(_: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> JSONResponse:
    try:
        await run_in_threadpool(request.app.state.store.describe)
    except CollectorServiceError as error:
        return JSONResponse({"status": "failing", "message": str(error)}, 503)
    return JSONResponse({"status": "ok"})
