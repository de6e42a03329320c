"""What a key is, how one is made, and what is kept of it."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from collector.api.refusals import Refusal

SCOPES: Final = ("ingest", "read", "edit", "admin")
"""What a key may allow; ``admin`` allows the others too."""

PREFIX: Final = "trk_"
SECRET_BYTES: Final = 24
MAX_NAME: Final = 200
_AGE = re.compile(r"([1-9][0-9]{0,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


@dataclass(frozen=True)
class NewKey:
    """A key as somebody asks for it."""

    name: str
    """What it is for, for people."""

    scopes: tuple[str, ...]
    """What it allows, in the order of `SCOPES`."""

    project: str | None = None
    """The only project that it is for; None for all."""

    expires: datetime | None = None
    """When it ends; None for never."""


@dataclass(frozen=True)
class StoredKey:
    """A key as the store has it."""

    id: str
    """Its public part."""

    name: str
    """What it is for, for people."""

    secret_digest: bytes
    """Digest of its secret; never leaves the collector."""

    scopes: tuple[str, ...]
    """What it allows, in the order of `SCOPES`."""

    project: str | None
    """The only project that it is for; None for all."""

    created: datetime
    """When it was made, UTC."""

    created_by: str
    """Id of the key that it was made with, ``environment``, or the system's user."""

    expires: datetime | None = None
    """When it ends, UTC; None for never."""

    revoked: datetime | None = None
    """When it was taken back, UTC; None if it was not."""

    last_used: datetime | None = None
    """Its first use on the last day on which it was used, UTC; None before."""

    def state(self, now: datetime) -> str:
        """Return ``active``, ``revoked`` or ``expired``."""
        if self.revoked is not None:
            return "revoked"
        is_over = self.expires is not None and self.expires <= now
        return "expired" if is_over else "active"

    def shown(self, now: datetime) -> dict[str, Any]:
        """Return what people may see of it: everything but the digest."""
        moments = ("created", "expires", "revoked", "last_used")
        found = {name: getattr(self, name) for name in moments}
        return {
            "id": self.id,
            "name": self.name,
            "scopes": list(self.scopes),
            "project": self.project,
            "state": self.state(now),
            "created_by": self.created_by,
            **{name: at and at.isoformat() for name, at in found.items()},
        }


def new_id() -> str:
    """Return a public part that no other key has."""
    return secrets.token_hex(6)


def new_secret() -> str:
    """Return 192 random bits as hex digits."""
    return secrets.token_hex(SECRET_BYTES)


def key_text(key_id: str, secret: str) -> str:
    """Return the key as its holder has it."""
    return f"{PREFIX}{key_id}_{secret}"


def digest_of(secret: bytes) -> bytes:
    """Return what is kept of a secret.

    One fast hash without salt is right here, unlike for passwords: 192 random bits
    cannot be found by trying, and a slow hash would cost each request as much.
    """
    return hashlib.blake2b(secret, digest_size=32, person=b"tracer-key").digest()


def parts_of(key: bytes) -> tuple[str, bytes] | None:
    """Return id and secret of a key in our form, None for any other text."""
    prefix, _, rest = key.partition(b"_")
    key_id, _, secret = rest.partition(b"_")
    if prefix != b"trk" or not key_id or not secret:
        return None
    return key_id.decode("latin-1"), secret


def new_key(body: Mapping[str, Any], now: datetime) -> NewKey:
    """Return the key that a JSON object asks for.

    Raises:
        Refusal: 422 for a value that a key cannot have; it names the field.
    """
    for field in body.keys() - {"name", "scopes", "project", "expires"}:
        raise _unfit(field, body[field], "known are name, scopes, project, expires")
    name, project = body.get("name"), body.get("project")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        raise _unfit("name", name, "say in a few words what the key is for")
    if project is not None and (not isinstance(project, str) or not project):
        raise _unfit("project", project, "name a project, or leave it out for all")
    scopes = body.get("scopes")
    known = isinstance(scopes, list) and all(scope in SCOPES for scope in scopes)
    if not known or not scopes:
        raise _unfit("scopes", scopes, f"give a list of {', '.join(SCOPES)}")
    ordered = tuple(scope for scope in SCOPES if scope in scopes)
    expires = expiry(body.get("expires"), now)
    return NewKey(name.strip(), ordered, project, expires)


def expiry(text: Any, now: datetime) -> datetime | None:
    """Return when a key ends: after ``12h``, ``90d``, ``8w``, or at an ISO 8601 time.

    Raises:
        Refusal: 422 if it is none of these, or past.
    """
    hint = (
        "give 12h, 90d, 8w, or an ISO 8601 time of the coming hundred years; "
        "leave it out for never"
    )
    if text is None:
        return None
    if not isinstance(text, str):
        raise _unfit("expires", text, hint)
    try:
        if age := _AGE.fullmatch(text.strip()):
            moment = now + timedelta(hours=int(age[1]) * _HOURS[age[2]])
        else:
            moment = datetime.fromisoformat(text.strip())
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unfit("expires", text, hint) from None
    if not now < moment < now + timedelta(days=36_525):
        raise _unfit("expires", text, hint)
    return moment


def _unfit(field: str, value: object, hint: str) -> Refusal:
    shown = repr(value)[:80]
    return Refusal(422, "bad_key", f"{field} {shown} does not fit a key", hint=hint)
