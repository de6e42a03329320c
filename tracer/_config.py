"""Everything that `tracer.configure` can be told, and what cannot be right of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from tracer import _standard
from tracer._addresses import check_address, check_endpoint, check_headers, check_key
from tracer._values.text import clean_text
from tracer.errors import ConfigurationError

if TYPE_CHECKING:
    from tracer._delivery.exporters import GivenLogExporter, GivenSpanExporter

MIB = 1024 * 1024
LONGEST_S = 1_000_000
"""Longest time of a setting: eleven days, which every clock of Python can wait."""

RedactRule: TypeAlias = str | re.Pattern[str] | Callable[[Any], Any]
"""A key name, a pattern within texts, or a function of the whole JSON-like value."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that `tracer.configure` can be told; see `configure` for the words."""

    endpoint: str = "http://127.0.0.1:4318"
    """Base address of the collector; ``/v1/traces`` and ``/v1/logs`` come after it."""

    api_key: str | None = field(default=None, repr=False)
    """Sent as a bearer token; never logged."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request, whatever another backend asks for; never logged."""

    traces_endpoint: str | None = None
    """Whole address for spans, used as it is; None = below `endpoint`."""

    logs_endpoint: str | None = None
    """Whole address for scores and events of evaluations; None = below `endpoint`."""

    traces_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with spans, over `headers`; never logged."""

    logs_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with scores and events, over `headers`; never logged."""

    certificate: Path | None = None
    """File of certificates that the receiver's must descend from; None = the usual."""

    client_certificate: Path | None = None
    """File of our own certificate, where the receiver asks for one."""

    client_key: Path | None = None
    """File of the key of `client_certificate`."""

    compression: str = "gzip"
    """``gzip``, or ``none`` for a receiver that cannot read it."""

    exporter: "GivenSpanExporter | None" = field(default=None, repr=False)
    """What spans are handed to instead of being sent by us."""

    log_exporter: "GivenLogExporter | None" = field(default=None, repr=False)
    """What scores and events are handed to, beside `exporter`."""

    project: str | None = None
    """Project that the data belong to; None leaves it to the collector."""

    service: str | None = None
    """Resource attribute ``service.name``."""

    environment: str | None = None
    """Resource attribute ``deployment.environment.name``: production, staging …"""

    release: str | None = None
    """Resource attribute ``service.version``."""

    sample_rate: float = 1.0
    """Share of traces recorded, 0 to 1; decided at the root, children follow."""

    keep_errors: bool = False
    """Whether traces that sampling left out are kept if a span in them failed."""

    keep_slower_than_s: float | None = None
    """Keep such traces also if they took this many seconds or more; None = never."""

    capture_content: bool = True
    """Whether inputs, outputs, messages and exception texts are recorded at all."""

    share_content: bool = False
    """Whether content is put on the span, where the app's other exporters see it."""

    accept_baggage: bool = False
    """Whether user, session, tags and metadata are read from incoming W3C baggage."""

    redact: tuple[RedactRule, ...] = ()
    """Rules beside the secret key names that are always redacted."""

    max_value_bytes: int = MIB
    """Longest JSON text of one input or output; what is beyond is left out, visibly."""

    max_queue_bytes: int = 64 * MIB
    """Memory that waiting spans and logs may take."""

    flush_after_s: float = 1.0
    """Longest time that a span waits for company before it is sent."""

    timeout_s: float = 10.0
    """Time for one request, and for what is left to send when the process ends."""

    spool_dir: Path | None = None
    """Where batches wait on disk while the collector is away; None keeps none there."""

    max_spool_bytes: int = 256 * MIB
    """Disk that the spool may take; the oldest batches go first, counted."""

    enabled: bool = True
    """False switches everything off: nothing is recorded, nothing is sent."""

    def __post_init__(self) -> None:
        """Refuse values that could only fail later, out of sight."""
        check_endpoint(self.endpoint)
        if self.api_key is not None:  # files that hold one end in a line break
            object.__setattr__(self, "api_key", check_key(self.api_key))
        for name in ("project", "service", "environment", "release"):
            if isinstance(said := getattr(self, name), str):  # of another encoding
                object.__setattr__(self, name, clean_text(said))
        for name in ("traces_endpoint", "logs_endpoint"):
            if (address := getattr(self, name)) is not None:
                check_address(name, address)
        for name in ("headers", "traces_headers", "logs_headers"):
            check_headers(name, getattr(self, name))
        check_transport(self)
        if not 0.0 <= self.sample_rate <= 1.0:
            raise ConfigurationError(
                f"sample_rate {self.sample_rate!r} is not a share; give 0.0 to 1.0"
            )
        check_amounts(self)

    @property
    def keeps_by_tail(self) -> bool:
        """Whether the end of a trace may keep it after sampling left it out."""
        return self.keep_errors or self.keep_slower_than_s is not None


def check_amounts(settings: Settings) -> None:
    """Refuse sizes and times that nothing could be measured by.

    Raises:
        ConfigurationError: One is 0 or less, or a time is longer than `LONGEST_S`.
    """
    for name in ("max_value_bytes", "max_queue_bytes", "flush_after_s", "timeout_s"):
        if not getattr(settings, name) > 0:
            raise ConfigurationError(
                f"{name} {getattr(settings, name)!r} is too small; give more than 0"
            )
    for name in ("flush_after_s", "timeout_s", "keep_slower_than_s"):
        time_s = getattr(settings, name)
        if time_s is not None and not 0 < time_s <= LONGEST_S:
            raise ConfigurationError(
                f"{name} {time_s!r} is no time; give seconds above 0 and up to "
                f"{LONGEST_S:,}"
            )


def check_transport(settings: Settings) -> None:
    """Refuse what requests could not be sent with.

    Raises:
        ConfigurationError: A file is missing, or a word is not known.
    """
    for name in ("certificate", "client_certificate", "client_key"):
        if (path := getattr(settings, name)) is not None and not path.is_file():
            raise ConfigurationError(f"{name} {str(path)!r} is no file")
    if settings.compression not in ("gzip", "none"):
        raise ConfigurationError(
            f"compression {settings.compression!r} is not known; give 'gzip' or 'none'"
        )
    if settings.log_exporter is not None and settings.exporter is None:
        raise ConfigurationError("log_exporter goes with exporter; give both")
    for name in ("exporter", "log_exporter"):
        given = getattr(settings, name)
        if given is not None and not (hasattr(given, "export") or callable(given)):
            raise ConfigurationError(
                f"{name} of type {type(given).__name__!r} has no export(); give an "
                "exporter of OpenTelemetry, or a function that makes one"
            )


_TAKEN_BACK_BY_FALSE = frozenset({"spool_dir", "keep_slower_than_s"})


def merged(base: Settings, given: Mapping[str, Any]) -> Settings:
    """Return the settings with those that are given and not None in their place.

    False takes back what has no other word for nothing: see `_TAKEN_BACK_BY_FALSE`.
    Another endpoint gets none of the headers and addresses of the one before.
    """
    said: dict[str, Any] = {
        name: None if value is False and name in _TAKEN_BACK_BY_FALSE else value
        for name, value in given.items()
        if value is not None
    }
    if said.get("endpoint", base.endpoint) != base.endpoint:
        plain = Settings()
        said = {name: getattr(plain, name) for name in _standard.OF_ADDRESS} | said
    return replace(base, **said)


def redact_rules(
    given: RedactRule | Iterable[RedactRule] | None,
) -> tuple[RedactRule, ...] | None:
    """Return rules as the settings hold them; one rule may stand without a list."""
    if given is None:
        return None
    if isinstance(given, str | re.Pattern) or callable(given):
        return (given,)
    rules = tuple(given)
    for rule in rules:
        if not (isinstance(rule, str | re.Pattern) or callable(rule)):
            raise ConfigurationError(
                f"redact rule of type {type(rule).__name__!r} is none; give a key "
                "name, a compiled regular expression or a function"
            )
    return rules
