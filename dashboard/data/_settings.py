"""The store itself: projects, how long and on how much disk, keys, prices, health."""

from collections.abc import Callable, Sequence
from typing import Any

from dashboard import roles
from dashboard.data._reading import Row, cached, client, forget, long_cached, together


@cached
def disk_and_health() -> tuple[list[Row], Row]:
    """Return rows and an estimate of bytes by project, and the collector's health.

    Read together: the one's sum and the other's total stand on one page.
    """
    reader = client()
    reads: list[Callable[[], Any]] = [lambda: list(reader.disk()), reader.health]
    rows, told = together(lambda read: read(), reads)
    return rows, dict(told)


@cached
def retention() -> Row:
    """Return how long rows are kept: ``everywhere``, and ``rows`` of projects."""
    return client().retention()


def save_retention(project: str, *, days: int, evaluation_days: int) -> None:
    """Give a project ages of its own."""
    client().save_retention(
        project, days=days, evaluation_days=evaluation_days, author=roles.author()
    )
    forget()


def clear_retention(project: str) -> None:
    """Have a project follow the whole store's ages again."""
    client().clear_retention(project)
    forget()


@cached
def keys() -> list[Row]:
    """Return the keys, newest first, without their secrets."""
    return list(client().keys())


def create_key(
    name: str, scopes: Sequence[str], *, project: str | None, expires: str | None
) -> Row:
    """Make a key and return it with its text, this once."""
    made = client().create_key(name, scopes, project=project, expires=expires)
    forget()
    return made


def revoke_key(key_id: str) -> None:
    """Take a key back, for ever."""
    client().revoke_key(key_id)
    forget()


@long_cached
def price_lists(project: str | None) -> Row:
    """Return ``lists`` that price spans, ``own`` entries, ``unpriced`` models."""
    return client().price_lists(project=project)


@cached
def health() -> Row:
    """Return what the collector says about itself."""
    return client().health()


@cached
def ledger(project: str | None) -> list[Row]:
    """Return what each process sent in the last day, and what is stored of it."""
    return list(client().ledger(project=project, limit=200))
