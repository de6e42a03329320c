"""One line of JSON for each thing that somebody may want to ask about later."""

import json
import logging
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path

from collector.errors import SettingsError

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


def be_seen(file: str = "") -> None:
    """Let the lines be seen where nobody configures logging: in our own process.

    Args:
        file: Where they go, after what it has; standard error if empty. It may be
            moved away at any time: the next line begins another.

    Raises:
        SettingsError: The file cannot be written.
    """
    handler: logging.Handler = logging.StreamHandler()
    if file:
        try:
            path = Path(file).absolute()  # an embedded store's collector moves
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = WatchedFileHandler(path, encoding="utf-8")
        except OSError as error:
            raise SettingsError(
                f"TRACER_AUDIT_FILE {file!r} cannot be written ({error.strerror}); "
                "name another file, or none: standard error has the audit log then"
            ) from None
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
