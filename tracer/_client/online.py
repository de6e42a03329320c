"""The part of `Client` about online scoring: rules that workers follow."""

from collections.abc import Mapping
from typing import Any

from tracer._client.api import in_path
from tracer._client.asking import Asking
from tracer._client.records import Row
from tracer._client.rows import Rows

_READ_ONLY = frozenset({"version", "at", "id", "author"})


class OnlineRules(Asking):
    """Which production traffic workers score, and how far they are."""

    def online_rules(self, *, project: str | None = None) -> Rows:
        """Return the rules of online scoring, the latest changed first."""
        return self._api.rows("online-rules", limit=None, project=project)

    def save_online_rule(self, rule: Mapping[str, Any]) -> Row:
        """Save a rule and return it with its new version.

        Args:
            rule: ``id project`` and whatever changed (docs/api.md names the keys).
                With ``version``, the one this write replaces.

        Raises:
            ConflictError: Somebody else wrote the rule since; read it again.
        """
        return self._write("online-rules", rule, read_only=_READ_ONLY)

    def delete_online_rule(self, id: str, *, project: str) -> None:
        """Take a rule away; the scores that it made stay.

        Raises:
            NotFoundError: There is no such rule.
        """
        self._api.send("DELETE", f"online-rules/{in_path(id)}", project=project)
