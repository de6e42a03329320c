"""Every route has a scope, and lets in only keys that have it."""

import pytest

from collector import app
from collector.access.doors import OPEN, SCOPE_OF, walk
from collector.access.keys import SCOPES

ROUTES = list(walk(app._routes()))
CALLS = [
    (method, path)
    for path, route in ROUTES
    for method in sorted((route.methods or {"POST"}) - {"HEAD"})
]


def scope_of(method: str, path: str) -> str | None:
    return SCOPE_OF.get((method, path)) or SCOPE_OF.get(("*", path))


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_route_has_a_scope(method: str, path: str) -> None:
    assert scope_of(method, path) in (*SCOPES, OPEN)


def test_no_scope_is_for_a_route_that_is_not_there() -> None:
    known = {(method, path) for method, path in CALLS}
    known |= {("*", path) for _, path in CALLS}
    assert set(SCOPE_OF) <= known


def test_what_writes_asks_for_more_than_reading() -> None:
    writes = {call for call in CALLS if call[0] in ("PUT", "POST", "DELETE", "PATCH")}
    reading = {call for call in writes if scope_of(*call) in ("read", OPEN)}
    assert reading == {("POST", "/api/v1/sql")}
