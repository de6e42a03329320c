"""Routes of keys."""

from datetime import UTC, datetime

from starlette.routing import BaseRoute, Route

from collector.access.keyring import KeyRing
from collector.access.keys import StoredKey, new_key
from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
)
from collector.api.parameters import project_in
from collector.api.refusals import not_found
from collector.audit import audit
from collector.storage.keys import add_key, revoke_key


def keys(call: Call) -> Answer:
    """Answer the keys, newest first, without their secrets."""
    now = datetime.now(UTC)
    return rows_answer([key.shown(now) for key in _in_reach(call)])


def create(call: Call) -> Answer:
    """Store a new key and answer it with its secret, this once."""
    body = json_body(call)
    now = datetime.now(UTC)
    own = project_in(call, body)
    new = new_key(body | {"project": own} if own else body, now)
    author = call.access.key_id
    stored, text = add_key(call.store, new, author=author)
    _ring(call).refresh()
    facts = {"scopes": list(new.scopes), "project": new.project}
    audit("key_created", key=stored.id, name=new.name, **facts, by=author or None)
    return json_answer(stored.shown(now) | {"key": text})


def revoke(call: Call) -> Answer:
    """Take a key back and answer it; once more is no error."""
    key = _find(call, call.path["id"])
    if key.revoked is None:
        author = call.access.key_id
        revoke_key(call.store, key.id, author=author)
        audit("key_revoked", key=key.id, name=key.name, by=author or None)
    return json_answer(_find(call, key.id).shown(datetime.now(UTC)))


def _ring(call: Call) -> KeyRing:
    ring: KeyRing = call.state.keys
    return ring


def _in_reach(call: Call) -> list[StoredKey]:
    """Return the keys as they are now, for an admin of one project only its own."""
    _ring(call).refresh()
    own = call.access.project
    return [key for key in _ring(call).all() if own is None or key.project == own]


def _find(call: Call, key_id: str) -> StoredKey:
    for key in _in_reach(call):
        if key.id == key_id:
            return key
    raise not_found("key", key_id, hint="'tracer keys list' shows them")


ROUTES: list[BaseRoute] = [
    Route("/keys", endpoint(keys), methods=["GET"]),
    Route("/keys", endpoint(create), methods=["POST"]),
    Route("/keys/{id}", endpoint(revoke), methods=["DELETE"]),
]
