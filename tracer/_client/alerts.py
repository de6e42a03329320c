"""The part of `Client` about alerts: their rules, and what a rule would have said."""

import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tracer._client.api import in_path
from tracer._client.asking import Asking
from tracer._client.records import Row
from tracer._client.rows import Rows
from tracer.errors import NotFoundError

if TYPE_CHECKING:
    from tracer.alerts.preview import Preview

_READ_ONLY = frozenset({"version", "at", "id"})


class AlertRules(Asking):
    """What workers watch, and whom they tell."""

    def alert_rules(self, *, project: str | None = None) -> Rows:
        """Return the rules of alerts, the latest changed first.

        Each says how it stands (``standing reading message``) and what became of it
        (``firings``, the newest first). To keys without ``edit``, ``webhook_url`` is
        told without its path.
        """
        return self._api.rows("alert-rules", limit=None, project=project)

    def save_alert_rule(self, rule: Mapping[str, Any]) -> Row:
        """Save a rule and return it with its new version.

        Args:
            rule: ``id project`` and whatever changed (docs/alerts.md names the keys).
                With ``version``, the one this write replaces.

        Raises:
            ConflictError: Somebody else wrote the rule since; read it again.
        """
        return self._write("alert-rules", rule, read_only=_READ_ONLY)

    def delete_alert_rule(self, id: str, *, project: str) -> None:
        """Take a rule away, and with it what it remembers of its firings.

        Raises:
            NotFoundError: There is no such rule.
        """
        self._api.send("DELETE", f"alert-rules/{in_path(id)}", project=project)

    def test_alert_rule(self, id: str, *, project: str) -> Row:
        """Ask a worker to post a test message within a minute; return the rule.

        What became of it stands among the rule's ``firings``, as ``is_test``.

        Raises:
            NotFoundError: There is no such rule.
            ConflictError: The rule was written meanwhile; ask again.
        """
        from tracer.alerts.telling import waiting_of

        rules = self.alert_rules(project=project)
        rule = next((one for one in rules if one["id"] == id), None)
        if rule is None:
            raise NotFoundError(f"there is no alert rule {id!r}", status=404)
        now_ns = time.time_ns()
        times = {"fired_ns": now_ns, "now_ns": now_ns}
        reading = {"value": None, "n": 0}
        test = waiting_of("test", id=uuid.uuid4().hex, reading=reading, **times)
        place = {key: rule[key] for key in ("id", "project", "version")}
        return self.save_alert_rule(place | {"pending": [*rule["pending"], test]})

    def preview_alert_rule(
        self, rule: Mapping[str, Any], *, days: int = 30
    ) -> "Preview":
        """Return when a rule would have fired in the last days; nothing is saved.

        Args:
            rule: As for `save_alert_rule`; it need not be saved.
            days: How far to look back.

        Raises:
            ConfigurationError: It is no rule.
        """
        from tracer.alerts.preview import preview

        return preview(self, rule, days=days)
