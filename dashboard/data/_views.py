"""Views that people saved: the state of a page under a name."""

import uuid
from collections.abc import Mapping
from typing import Any

from dashboard import roles
from dashboard.data._reading import Row, cached, client, forget


@cached
def saved_views(project: str | None, page: str) -> list[Row]:
    """Return the saved views of a page by name; those of all projects if it is None."""
    found = client().views(project=project)
    return sorted(
        (view for view in found if view["page"] == page),
        key=lambda view: str(view["name"]).casefold(),
    )


def save_view(
    name: str,
    *,
    project: str,
    page: str,
    params: Mapping[str, Any],
    view: Row | None = None,
) -> Row:
    """Save a page's state under a name; return the view as it is stored.

    Args:
        name: What people call it.
        project: Where it belongs.
        page: Which page's state it is.
        params: The address, parameter by parameter.
        view: The saved view that it replaces, as it was read; None for a new one.

    Raises:
        ConflictError: Somebody else changed that view since.
    """
    saved = client().save_view(
        view["id"] if view else uuid.uuid4().hex,
        project=view["project"] if view else project,
        name=name,
        page=page,
        params=params,
        replaces=view["version"] if view else 0,
        author=roles.author(),
    )
    forget()
    return saved


def delete_view(view: Row) -> None:
    """Take a saved view away."""
    client().delete_view(view["id"], project=view["project"])
    forget()
