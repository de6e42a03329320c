"""Alerts: their rules, and what a rule would have said."""

from collections.abc import Mapping
from typing import Any

from dashboard import roles
from dashboard.data._reading import Row, cached, client, forget
from tracer.alerts.preview import Preview

DAYS = 30
"""How far a preview looks back."""


@cached
def alert_rules(project: str | None) -> list[Row]:
    """Return the rules, the latest changed first."""
    return list(client().alert_rules(project=project))


@cached
def alert_preview(rule: Mapping[str, Any]) -> Preview:
    """Return when a rule would have fired in the last `DAYS`.

    Raises:
        ConfigurationError: It is no rule.
    """
    return client().preview_alert_rule(rule, days=DAYS)


def save_alert_rule(rule: Mapping[str, Any]) -> Row:
    """Store what changed of a rule; what a worker keeps in it stays."""
    saved = client().save_alert_rule({**rule, "author": roles.author()})
    forget()
    return dict(saved)


def delete_alert_rule(id: str, project: str) -> None:
    """Take a rule away, with its firings."""
    client().delete_alert_rule(id, project=project)
    forget()


def send_test(id: str, project: str) -> None:
    """Have a worker post a test message."""
    client().test_alert_rule(id, project=project)
    forget()
