"""Making a recorded model call again: where it may go, and who makes it."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from dashboard.shaping.conversation.openai_request import Request
from dashboard.shaping.traces.as_code import BASE_URL
from tracer.errors import ConfigurationError

KEY: Final = "OPENAI_API_KEY"
_NAMED: Final = re.compile(r"(?P<variable>[A-Za-z_][A-Za-z0-9_]*)=(?P<url>.+)")
TIMEOUT_S: Final = 180
"""Longest life of the process that makes the call: its own limit, and the start."""


@dataclass(frozen=True)
class Endpoint:
    """A server that calls may be sent to; the browser never learns its key."""

    base_url: str
    """As the `openai` client takes it, ending in ``/v1``."""
    key_variable: str | None
    """Which variable of this process's environment holds the key; None for none."""

    @property
    def name(self) -> str:
        """What people see of it: host and port."""
        return urlsplit(self.base_url).netloc


@dataclass(frozen=True)
class Replayed:
    """What came of a call."""

    replay_id: str
    """Its ``metadata.replay_id``, by which it is found."""
    error: str | None
    """Why the server did not answer; None if it did."""
    not_stored: str | None
    """Why the call is not in the collector; None if it is."""


def endpoints(environ: Mapping[str, str] = os.environ) -> list[Endpoint]:
    """Return the servers that this process was started with, the usual one first.

    People choose among these and cannot name others: the process would send whatever
    they wrote, with its key, to any host that it can reach.

    Args:
        environ: ``OPENAI_BASE_URL`` and ``OPENAI_API_KEY`` name the usual one,
            ``TRACER_REPLAY_ENDPOINTS`` others, with a comma between them: base URLs,
            each behind ``VARIABLE=`` if a variable holds a key for it.

    Raises:
        ConfigurationError: One of the addresses is none.
    """
    found = []
    key = KEY if environ.get(KEY) else None
    if key or environ.get("OPENAI_BASE_URL"):
        found.append(_endpoint(environ.get("OPENAI_BASE_URL") or BASE_URL, key))
    for written in environ.get("TRACER_REPLAY_ENDPOINTS", "").split(","):
        named = _NAMED.fullmatch(written.strip())
        if named:
            found.append(_endpoint(named["url"], named["variable"]))
        elif written.strip():
            found.append(_endpoint(written.strip(), None))
    return found


def _endpoint(base_url: str, key_variable: str | None) -> Endpoint:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ConfigurationError(
            f"replay endpoint {base_url!r} is no base URL; write it as "
            "'http://host:8000/v1', and a key in a variable: 'MY_KEY=https://…/v1'"
        )
    return Endpoint(base_url.rstrip("/"), key_variable)


def has_client() -> bool:
    """Return whether the `openai` client is installed here."""
    return importlib.util.find_spec("openai") is not None


def replay(
    request: Request, endpoint: Endpoint, *, span: Mapping[str, Any], collector: Any
) -> Replayed:
    """Make a call again and wait for its end; it is traced into the span's project.

    Args:
        request: What is asked.
        endpoint: Which server.
        span: The recorded step.
        collector: ``url`` and ``api_key`` of the collector.
    """
    replay_id = uuid.uuid4().hex
    order = {
        "base_url": endpoint.base_url,
        "key_variable": endpoint.key_variable,
        "path": request.path,
        "body": request.body,
        "collector_url": collector["url"],
        "collector_key": collector["api_key"],
        "project": span["project"],
        "metadata": {
            "replay_of": span["trace_id"],
            "replay_of_span": span["span_id"],
            "replay_id": replay_id,
        },
    }
    return _carried_out(order, replay_id)


def _carried_out(order: dict[str, Any], replay_id: str) -> Replayed:
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "dashboard.replay_child"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Replayed(replay_id, f"no answer within {TIMEOUT_S} s", "not finished")
    if ended.returncode:
        last = ended.stderr.strip().rpartition("\n")[2]
        return Replayed(replay_id, last, "not begun")
    told = json.loads(ended.stdout)
    return Replayed(replay_id, told["error"], told["not_stored"])
