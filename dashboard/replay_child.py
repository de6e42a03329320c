"""``python -m dashboard.replay_child``: one model call, made and traced, then the end.

A process of its own: where spans go, and which project they are of, holds for a whole
process, and the dashboard shows many projects. Reads an order as JSON from standard
input, writes what came of it as JSON to standard output.
"""

import json
import os
import sys
from typing import Any, Final

import tracer

TIMEOUT_S: Final = 120.0
FLUSH_S: Final = 10.0
TAG: Final = "replay"
"""Tag and environment of every call that is made here."""

NO_KEY: Final = "none"
"""Sent to servers that ask for no key; the client does not go without."""


def main() -> None:
    """Make the call that standard input orders, and say what came of it."""
    json.dump(replay(json.load(sys.stdin)), sys.stdout)


def replay(order: dict[str, Any]) -> dict[str, Any]:
    """Make one call, traced as any application's would be.

    Args:
        order: As `dashboard.replay.replay` writes it.

    Returns:
        ``error`` (None if the call was answered) and ``not_stored``: why the call is
        not in the collector, None if it is.
    """
    tracer.configure(
        endpoint=order["collector_url"],
        api_key=order["collector_key"] or None,
        project=order["project"],
        environment=TAG,
        service="tracer-dashboard",
        sample_rate=1.0,
        capture_content=True,
        spool_dir=False,
        enabled=True,
    )
    error = None
    with tracer.using(tags=[TAG], metadata=order["metadata"]):
        try:
            _call(order)
        except Exception as failure:  # whatever it is, people want to read it
            error = f"{type(failure).__name__}: {failure}"
    report = tracer.flush(FLUSH_S)
    is_lost = report.pending or report.dropped or not report.sent
    return {
        "error": _without_key(error, order["key_variable"]),
        "not_stored": str(report) if is_lost else None,
    }


def _call(order: dict[str, Any]) -> None:
    from openai import OpenAI

    key = os.environ.get(order["key_variable"] or "") or NO_KEY
    client = tracer.wrap_openai(
        OpenAI(base_url=order["base_url"], api_key=key, timeout=TIMEOUT_S)
    )
    client.post(f"/{order['path']}", body=order["body"], cast_to=object)


def _without_key(error: str | None, variable: str | None) -> str | None:
    key = os.environ.get(variable or "")
    return error.replace(key, "…") if error and key else error


if __name__ == "__main__":
    main()
