"""What the environment says of the settings; nothing else of ours reads it."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tracer import _standard
from tracer._config import RedactRule, Settings
from tracer.errors import ConfigurationError

ON = frozenset({"1", "true", "yes", "on"})
OFF = frozenset({"0", "false", "no", "off"})


def from_environment() -> Settings:
    """Return the settings that the environment asks for, defaults for the rest.

    ``TRACER_*`` goes before the standard ``OTEL_*``.

    Raises:
        ConfigurationError: If a variable cannot be read; it names the variable.
    """
    found: dict[str, Any] = {}
    for name, read in READERS.items():
        variable = f"TRACER_{name.upper()}"
        if text := os.environ.get(variable):
            found[name] = _read(variable, text, read)
    standard = _said_in_standard_variables()
    if "endpoint" in found:
        standard = {k: v for k, v in standard.items() if k not in _standard.OF_ADDRESS}
    return Settings(**(standard | found))


def names_endpoint() -> bool:
    """Return whether the environment says where to send."""
    standard = _standard.READERS.items()
    names = [variable for variable, (name, _) in standard if name.endswith("endpoint")]
    return any(os.environ.get(name) for name in ("TRACER_ENDPOINT", *names))


def is_strict() -> bool:
    """Return whether our own failures are raised, as our tests want them."""
    return os.environ.get("TRACER_STRICT") == "1"


def dashboard_url_told() -> str:
    """Return where the dashboard is said to be; empty if nobody says."""
    return os.environ.get("TRACER_DASHBOARD_URL", "").strip()


def forget_empty_address() -> None:
    """Take an empty ``OPENAI_BASE_URL`` for none, in a process of our own.

    A compose file hands it on so where nobody set it, and `openai` (seen with 3.54)
    takes it as the address.
    """
    if not os.environ.get("OPENAI_BASE_URL", "set").strip():
        del os.environ["OPENAI_BASE_URL"]


def proxies_told() -> list[str]:
    """Return the variables that name a proxy for HTTP; connections of ours use none."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return [n for n in names if os.environ.get(n) or os.environ.get(n.lower())]


def store_told() -> Path | None:
    """Return the directory of the embedded store that a collector here would open.

    None: the environment names a server.
    """
    url = os.environ.get("TRACER_STORE", "").strip()
    if url.startswith("chdb://"):
        return Path(unquote(url.removeprefix("chdb://")).partition("?")[0])
    return None if url else Path(os.environ.get("TRACER_DATA_DIR") or "tracer-data")


ALSO_READ = frozenset(
    f"TRACER_{name}"
    for name in (
        *("COMMIT", "DASHBOARD_URL", "DATA_DIR", "JUDGE_CACHE", "LOGIN_FILE"),
        *("REPLAY_ENDPOINTS", "STORE", "STRICT", "WEBHOOK_HOSTS"),
    )
)
"""What commands, the dashboard and builds read beside the settings."""

NEAR = 0.75
"""So alike, from 0 to 1, is a name that was meant and mistyped."""


def misspelt(own: Iterable[str]) -> dict[str, str]:
    """Return variables ``TRACER_…`` that nothing reads → the one that is nearest.

    One that is near none is somebody else's.

    Args:
        own: Names of settings that the caller reads, as ``retention_days``.
    """
    settings = {f"TRACER_{name.upper()}" for name in (*READERS, *own)}
    known = {name[7:]: name for name in settings | ALSO_READ}
    found = {}
    for name in sorted(os.environ):
        bare = name.removeprefix("TRACER_")
        if bare == name or bare in known or bare.startswith("TEST_"):
            continue
        if near := get_close_matches(bare, known, n=1, cutoff=NEAR):
            found[name] = known[near[0]]
    return found


def default_spool_dir() -> Path | None:
    """Return the user's directory for state; None for a user without a home."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return None if state.startswith("~") else Path(state) / "tracer" / "spool"


def _said_in_standard_variables() -> dict[str, Any]:
    """Read what OpenTelemetry's own variables say about our settings."""
    resource = _resource_attributes()
    said: dict[str, Any] = {
        "service": os.environ.get("OTEL_SERVICE_NAME") or resource.get("service.name"),
        "environment": resource.get("deployment.environment.name"),
        "release": resource.get("service.version"),
        "project": resource.get("tracer.project"),
    }
    found = {name: text for name, text in said.items() if text}
    found["spool_dir"] = default_spool_dir()
    for address, (name, read) in _standard.READERS.items():
        if told := os.environ.get(address, "").strip():
            found[name] = _read(address, told, read)
    variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
    if text := os.environ.get(variable):
        found["capture_content"] = _read(variable, text, _content_mode)
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        found["enabled"] = False
    return found


def _resource_attributes() -> dict[str, str]:
    pairs = os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(",")
    split = (pair.partition("=") for pair in pairs if "=" in pair)
    return {key.strip(): unquote(value.strip()) for key, _, value in split}


def _read(variable: str, text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text.strip())
    except ValueError as error:
        shown = "" if variable.endswith("HEADERS") else f"={text!r}"  # they hold keys
        raise ConfigurationError(f"{variable}{shown} cannot be read: {error}") from None


def _boolean(text: str) -> bool:
    if text.lower() in ON | OFF:
        return text.lower() in ON
    raise ValueError("write true or false")


def _content_mode(text: str) -> bool:
    """Content goes on our spans, so ``event_only`` allows none of it there."""
    word = text.lower()
    if word in ("span_only", "span_and_event") or word in ON:
        return True
    if word in ("no_content", "event_only") or word in OFF:
        return False
    raise ValueError("write SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT or NO_CONTENT")


def _directory(text: str) -> Path | None:
    return None if text.lower() in OFF else Path(text).expanduser()


def _key_names(text: str) -> tuple[RedactRule, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


_READER_OF_TYPE: dict[Any, Callable[[str], Any]] = {
    bool: _boolean,
    int: int,
    float: float,
    float | None: float,
    Path | None: _directory,
    Mapping[str, str]: _standard.read_headers,
    tuple[RedactRule, ...]: _key_names,
}

READERS = {
    setting.name: _READER_OF_TYPE.get(setting.type, str)
    for setting in fields(Settings)
    if setting.name not in ("exporter", "log_exporter")
}
"""How each ``TRACER_<NAME>`` is read; every setting that text can give has one."""
