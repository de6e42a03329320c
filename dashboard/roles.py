"""Who looks at the page, and what they may do.

A page asks `may("edit")` before it offers an action that writes, and gives `author()`
to what it saves. Keys have the collector's own scopes; whoever came in by single
sign-on has the role that the login file gives them.
"""

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["viewer", "editor", "admin"]
Action = Literal["read", "edit", "admin"]

NAMELESS: Final = "dashboard"
"""Author of what is saved where nobody signs in: on loopback."""

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


def person() -> Person:
    """Return who looks at the page; on loopback an admin without a name."""
    return Person(NAMELESS, "admin")


def may(action: Action) -> bool:
    """Return whether who looks at the page may do something.

    Args:
        action: ``read``; ``edit`` for scores, datasets, views, queues, judges, jobs
            and rules; ``admin`` for keys, retention and what destroys for good.
    """
    return action in _ALLOWED[person().role]


def author() -> str:
    """Return the name to save with what is written."""
    return person().name
