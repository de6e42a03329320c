"""One line of JSON for each thing that somebody may want to ask about later."""

import json
import logging
from datetime import UTC, datetime

log = logging.getLogger("collector.audit")


def audit(event: str, **facts: object) -> None:
    """Write a line to the logger ``collector.audit``; never a secret, never content.

    Args:
        event: what happened.
        facts: who, where and what; values of None are left out.
    """
    known = {name: value for name, value in facts.items() if value is not None}
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    log.info(json.dumps({"audit": event, "at": at} | known))


def to_standard_error() -> None:
    """Let the lines be seen where nobody configures logging: in our own process."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
