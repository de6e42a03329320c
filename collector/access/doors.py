"""What each route asks of a key; one without a line here asks for ``admin``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collector.access.auth import refuse_denied
from collector.access.rights import Access, Denied
from collector.audit import audit

OPEN: Final = "open"
"""No key: what a load balancer asks; tells only whether the service works."""

PERSON_HEADER: Final = b"x-tracer-person"
MOST_PERSON_CHARS: Final = 200
_LINES: Final = """
open    *       /healthz
open    *       /readyz
read    *       /metrics
ingest  *       /v1/traces
ingest  *       /v1/traces/
ingest  *       /v1/logs
ingest  *       /v1/logs/
ingest  *       /v1/metrics
ingest  *       /v1/metrics/
ingest  *       /api/public/otel/v1/traces
ingest  *       /api/public/otel/v1/traces/
ingest  *       /api/public/otel/v1/logs
ingest  *       /api/public/otel/v1/logs/
ingest  *       /api/public/otel/v1/metrics
ingest  *       /api/public/otel/v1/metrics/
ingest  *       /api/public/projects
open    *       /api/public/health
read    GET     /api/v1/projects
read    GET     /api/v1/traces
read    GET     /api/v1/traces/{trace_id}
read    GET     /api/v1/traces/{trace_id}/spans/{span_id}
read    GET     /api/v1/spans
read    GET     /api/v1/entry-spans
read    GET     /api/v1/sessions
read    GET     /api/v1/sessions/{session_id}
read    GET     /api/v1/stats
read    GET     /api/v1/stats/latency
read    GET     /api/v1/errors
read    GET     /api/v1/values
read    GET     /api/v1/scores
edit    POST    /api/v1/scores
read    GET     /api/v1/scores/trend
read    GET     /api/v1/evaluations
read    GET     /api/v1/evaluations/{evaluation_id}
read    GET     /api/v1/evaluations/{evaluation_id}/predictions
read    GET     /api/v1/evaluations/{evaluation_id}/scores
read    GET     /api/v1/evaluations/{evaluation_id}/measures
read    GET     /api/v1/evaluations/{evaluation_id}/views
read    GET     /api/v1/datasets
read    GET     /api/v1/datasets/{name}
edit    PUT     /api/v1/datasets/{name}
edit    DELETE  /api/v1/datasets/{name}
read    GET     /api/v1/datasets/{name}/versions
read    GET     /api/v1/datasets/{name}/versions/{version}/changes
read    GET     /api/v1/datasets/{name}/versions/{version}/splits
edit    PATCH   /api/v1/datasets/{name}
edit    POST    /api/v1/datasets/{name}/rename
edit    POST    /api/v1/datasets/{name}/describe
read    GET     /api/v1/views
edit    PUT     /api/v1/views/{id}
edit    DELETE  /api/v1/views/{id}
read    GET     /api/v1/judges
read    GET     /api/v1/judges/{id}
edit    PUT     /api/v1/judges/{id}
edit    DELETE  /api/v1/judges/{id}
read    GET     /api/v1/prices
read    GET     /api/v1/jobs
edit    POST    /api/v1/jobs/lease
read    GET     /api/v1/jobs/{id}
edit    PUT     /api/v1/jobs/{id}
edit    POST    /api/v1/jobs/{id}/cancel
edit    POST    /api/v1/jobs/{id}/retry
read    GET     /api/v1/workers
edit    PUT     /api/v1/workers/{name}
edit    DELETE  /api/v1/workers/{name}
read    GET     /api/v1/online-rules
edit    PUT     /api/v1/online-rules/{id}
edit    DELETE  /api/v1/online-rules/{id}
read    GET     /api/v1/alert-rules
edit    PUT     /api/v1/alert-rules/{id}
edit    DELETE  /api/v1/alert-rules/{id}
read    GET     /api/v1/queues
read    GET     /api/v1/queues/{id}
edit    PUT     /api/v1/queues/{id}
edit    DELETE  /api/v1/queues/{id}
read    GET     /api/v1/queues/{id}/items
edit    POST    /api/v1/queues/{id}/items
edit    POST    /api/v1/queues/{id}/lease
edit    POST    /api/v1/queues/{id}/answers
edit    POST    /api/v1/queues/{id}/skip
edit    POST    /api/v1/queues/{id}/undo
read    GET     /api/v1/ledger
read    GET     /api/v1/disk
read    GET     /api/v1/price-lists
read    POST    /api/v1/sql
read    GET     /api/v1/access
read    GET     /api/v1/health
read    GET     /api/v1/openapi.json
admin   DELETE  /api/v1/traces/{trace_id}
admin   DELETE  /api/v1/users/{user_id}
admin   DELETE  /api/v1/projects/{project}
admin   GET     /api/v1/retention
admin   PUT     /api/v1/retention/{project}
admin   DELETE  /api/v1/retention/{project}
admin   POST    /api/v1/backups/{name}
admin   POST    /api/v1/reprice
admin   GET     /api/v1/chores/{id}
admin   GET     /api/v1/keys
admin   POST    /api/v1/keys
admin   DELETE  /api/v1/keys/{id}
"""

SCOPE_OF: Final = {
    (method, path): scope
    for scope, method, path in map(str.split, _LINES.strip().splitlines())
}
"""(method or ``*``, path as routes write it without ``:path``) → scope."""


PASSING: Final = frozenset({"/api/v1/workers/{name}"})
"""Paths of what is kept in memory alone: workers come and go without a line."""


def guarded(routes: Sequence[BaseRoute]) -> list[BaseRoute]:
    """Let every route ask for its scope before it does anything; return them."""
    for path, route in walk(routes):
        scopes = {
            method: scope
            for (method, of_path), scope in SCOPE_OF.items()
            if of_path == path
        }
        route.app = _Guarded(route.app, scopes, is_noted=path not in PASSING)
    return list(routes)


def walk(routes: Sequence[BaseRoute], prefix: str = "") -> Iterator[tuple[str, Route]]:
    """Return every route with its whole path, as `SCOPE_OF` writes it."""
    for route in routes:
        if isinstance(route, Mount):
            yield from walk(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            yield prefix + route.path.replace(":path}", "}"), route
        else:
            raise TypeError(f"{route!r} cannot be guarded")


class _Guarded:
    """ASGI application of a route, behind its scopes."""

    def __init__(
        self, app: ASGIApp, scopes: Mapping[str, str], *, is_noted: bool
    ) -> None:
        self._app = app
        self._scopes = scopes
        self._is_noted = is_noted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the scope; write a line of what is destroyed, or done as admin.

        Also of every change for which a person is named.
        """
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        needed = self._scopes.get(method) or self._scopes.get("*") or "admin"
        if needed == OPEN:
            await self._app(scope, receive, send)
            return
        access: Access = scope["state"]["access"]
        try:
            access.require(needed)
        except Denied as denied:
            await refuse_denied(send, denied)
            return
        changes = method not in ("GET", "OPTIONS") and needed != "read"
        person = person_of(scope)
        is_grave = method == "DELETE" or needed == "admin" or person
        if changes and is_grave and self._is_noted:
            send = _audited(scope, access, send, person=person)
        await self._app(scope, receive, send)


def person_of(scope: Scope) -> str:
    """Return who the holder of a key says that it acts for; empty if it does not.

    The dashboard names who is signed in. The key is proof, the name is the word of the
    key's holder.
    """
    for name, value in scope["headers"]:
        if name == PERSON_HEADER:
            return unquote(value.decode("latin-1"))[:MOST_PERSON_CHARS]
    return ""


def _audited(scope: Scope, access: Access, send: Send, *, person: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            audit(
                "call",
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode("latin-1") or None,
                status=message["status"],
                key=access.key_id or None,
                person=person or None,
                peer=(scope.get("client") or (None,))[0],
            )
        await send(message)

    return sent
