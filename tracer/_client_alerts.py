"""The part of `Client` about alerts: their rules, and what a rule would have said."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tracer._api import in_path
from tracer._client_asking import Asking
from tracer._records import Row
from tracer._rows import Rows, typed

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
        body = {key: value for key, value in rule.items() if key not in _READ_ONLY}
        body["replaces"] = rule.get("version")
        path = f"alert-rules/{in_path(str(rule['id']))}"
        return typed(self._api.send("PUT", path, body))

    def delete_alert_rule(self, id: str, *, project: str) -> None:
        """Take a rule away, and with it what it remembers of its firings.

        Raises:
            NotFoundError: There is no such rule.
        """
        self._api.send("DELETE", f"alert-rules/{in_path(id)}", project=project)

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
