"""Who looks at the page, and what they may do.

A page asks `may("edit")` before it offers an action that writes, and gives `author()`
to what it saves. Who signed in with a key has that key's scopes, and everything they do
is asked with it; who came by single sign-on has the role that the login file gives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import wraps
from typing import Any, Final, Literal, ParamSpec

import streamlit as st

from dashboard.sessions import COOKIE, SESSIONS, Session
from tracer.client import Client
from tracer.errors import CollectorError, NotFoundError

P = ParamSpec("P")
Role = Literal["viewer", "editor", "admin"]
Action = Literal["read", "edit", "admin"]

NAMELESS: Final = "dashboard"
"""Author of what is saved where nobody signs in: on loopback."""

ROLES: Final[tuple[Role, ...]] = ("viewer", "editor", "admin")
"""From the least to the most."""

_ALLOWED: Final[dict[Role, frozenset[Action]]] = {
    "viewer": frozenset({"read"}),
    "editor": frozenset({"read", "edit"}),
    "admin": frozenset({"read", "edit", "admin"}),
}


@dataclass(frozen=True)
class Person:
    """Who looks at the page."""

    name: str
    """Author of what they save."""

    role: Role
    """What they may do."""


class SignedOut(CollectorError):
    """Nobody is signed in (any more), where somebody must be."""

    def __init__(self) -> None:
        super().__init__("nobody is signed in", status=401, code="signed_out")


def person() -> Person:
    """Return who looks at the page; on loopback somebody without a name.

    Raises:
        SignedOut: Nobody is signed in where somebody must be.
        CollectorError: The collector does not tell what the key may do.
    """
    kind = login_kind()
    if kind == "oidc":
        return _by_single_sign_on()
    name = _session().name if kind == "key" else NAMELESS
    return Person(name, role_of_scopes(_scopes(api_key())))


def may(action: Action) -> bool:
    """Return whether who looks at the page may do something.

    Args:
        action: ``read``; ``edit`` for scores, datasets, views, queues, judges, jobs
            and rules; ``admin`` for keys, retention and what destroys for good.
    """
    return action in _ALLOWED[person().role]


def for_editors(draw: Callable[P, None]) -> Callable[P, None]:
    """Have something drawn only for who may edit; others are not offered it."""

    @wraps(draw)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> None:
        if may("edit"):
            draw(*args, **kwargs)

    return drawing


def author() -> str:
    """Return the name to save with what is written."""
    return person().name


def api_key() -> str:
    """Return the key that everything of this person is asked with.

    Raises:
        SignedOut: Nobody is signed in where somebody must be.
    """
    kind = login_kind()
    if kind == "key":
        return _session().api_key
    own = str(st.secrets["collector"]["api_key"])
    if kind == "oidc":
        keys: dict[str, str] = dict(_login().get("keys") or {})
        return keys.get(person().role, own)
    return own


def login_kind() -> str:
    """Return how people sign in: ``none``, ``key`` or ``oidc``."""
    return str(_login().get("kind", "none"))


def sign_out() -> None:
    """End this person's session."""
    if login_kind() == "key":
        SESSIONS.end(_token())
    elif login_kind() == "oidc":
        st.logout()


def role_of_scopes(scopes: list[str]) -> Role:
    """Return what a key with these scopes lets its holder do."""
    if "admin" in scopes:
        return "admin"
    return "editor" if "edit" in scopes else "viewer"


def role_of_claims(claims: Any, login: Any) -> Role | None:
    """Return the highest role that a login file gives to who has these claims.

    Args:
        claims: What the provider says of a person.
        login: ``claim``, the name of the claim that counts (``email`` unless given),
            and ``roles``: role → patterns such as ``*@example.com``.

    Returns:
        None for who has no role at all, and for an address that is not verified.
    """
    claim = login.get("claim") or "email"
    if claim == "email" and claims.get("email_verified") is False:
        return None
    said = claims.get(claim)
    values = said if isinstance(said, list | tuple) else [said]
    texts = [value.lower() for value in values if isinstance(value, str)]
    patterns = dict(login.get("roles") or {})
    for role in reversed(ROLES):
        for pattern in patterns.get(role) or ():
            if any(fnmatchcase(text, str(pattern).lower()) for text in texts):
                return role
    return None


def _login() -> Any:
    return st.secrets.get("login") or {}


def _token() -> str:
    return str(st.context.cookies.get(COOKIE) or "")


def _session() -> Session:
    found = SESSIONS.find(_token())
    if found is None:
        raise SignedOut
    return found


def _by_single_sign_on() -> Person:
    claims = st.user.to_dict()
    role = role_of_claims(claims, _login()) if claims.get("is_logged_in") else None
    if role is None:
        raise SignedOut
    name = claims.get("email") or claims.get("name") or claims.get("sub")
    return Person(str(name), role)


def _scopes(key: str) -> list[str]:
    return list(_access(st.secrets["collector"]["url"], key))


@st.cache_data(ttl=10, max_entries=1000, show_spinner=False)
def _access(url: str, key: str) -> list[str]:
    try:
        return list(Client(url, key, timeout_s=10.0).access()["scopes"])
    except NotFoundError:  # a collector of an earlier version refuses by itself
        return ["admin"]
