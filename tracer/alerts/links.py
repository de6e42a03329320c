"""The way from a message back into the dashboard: the alert, and its window."""

from urllib.parse import urlencode

from tracer._dashboard import period
from tracer.alerts.rules import SECOND_NS, Rule


def link_of(rule: Rule, dashboard: str, *, since_ns: int, until_ns: int) -> str:
    """Return the address of a rule in the dashboard, with a period.

    Args:
        rule: Which rule.
        dashboard: Where the dashboard is, without a slash at its end.
        since_ns: When the window began on which it fired.
        until_ns: When the last window ended that the message is about.
    """
    asked = {
        "project": rule.project,
        "alert": rule.id,
        "range": period(since_ns, until_ns),
    }
    return f"{dashboard}/alerts?{urlencode(asked, safe=':')}"


def window_of(rule: Rule, *, fired_ns: int, now_ns: int) -> tuple[int, int]:
    """Return begin and end of what a message is about: up to its end if that is."""
    return fired_ns - rule.window_s * SECOND_NS, max(fired_ns, now_ns)
