"""The part of `Client` for who runs the store: keys, retention, disk, prices."""

from collections.abc import Iterable
from typing import Any

from tracer._client.api import in_path
from tracer._client.asking import Asking, Time, window
from tracer._client.records import Row
from tracer._client.rows import Rows, typed


class Administration(Asking):
    """What the store holds and how long, who may come in, what tokens cost."""

    def keys(self) -> Rows:
        """Return the keys, newest first, without their secrets; asks for ``admin``."""
        return self._list("keys")

    def create_key(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        project: str | None = None,
        expires: str | None = None,
    ) -> Row:
        """Make a key and return it with its text as ``key``, this once.

        Args:
            name: What it is for.
            scopes: Some of ``ingest read edit admin``.
            project: The only project that it is for; None for all.
            expires: ``12h``, ``90d``, ``8w`` or an ISO 8601 time; None for never.
        """
        body: dict[str, Any] = {"name": name, "scopes": list(scopes)}
        body |= {"project": project, "expires": expires}
        return typed(self._api.send("POST", "keys", body))

    def revoke_key(self, id: str) -> Row:
        """Take a key back, for ever, and return it.

        Raises:
            NotFoundError: There is no such key.
        """
        return typed(self._api.send("DELETE", f"keys/{in_path(id)}"))

    def retention(self, *, project: str | None = None) -> Row:
        """Return how long rows are kept: ``everywhere``, and ``rows`` of projects.

        Asks for ``admin``.
        """
        found: Row = self._api.get("retention", project=project)
        return found | {"rows": Rows(typed(row) for row in found["rows"])}

    def save_retention(
        self,
        project: str,
        *,
        days: int,
        evaluation_days: int = 0,
        author: str | None = None,
    ) -> Row:
        """Give a project ages of its own, in days; 0 keeps for ever."""
        body = {"days": days, "evaluation_days": evaluation_days, "author": author}
        return typed(self._api.send("PUT", f"retention/{in_path(project)}", body))

    def clear_retention(self, project: str) -> None:
        """Have a project follow the whole store's ages again.

        Raises:
            NotFoundError: It has none of its own.
        """
        self._api.send("DELETE", f"retention/{in_path(project)}")

    def disk(self, *, project: str | None = None) -> Rows:
        """Return ``project n_spans n_scores n_events bytes_estimated`` by project.

        An estimate: each row counts as one of its table's mean size.
        """
        return self._list("disk", project=project)

    def price_lists(
        self,
        *,
        project: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
    ) -> Row:
        """Return ``lists`` that price spans, ``own`` entries, and ``unpriced`` models.

        Args:
            project: Models without a price of this project only.
            since: They were called from then on, in the last 30 days if None.
            until: And before.
        """
        found: Row = self._api.get("price-lists", **window(project, since, until, None))
        return {part: Rows(typed(row) for row in rows) for part, rows in found.items()}
