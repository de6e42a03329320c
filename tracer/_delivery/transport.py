"""One HTTP request to the collector, and what its answer means for a batch."""

import codecs
import enum
import gzip
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import urllib3
from opentelemetry import context
from urllib3.exceptions import HTTPError, ProtocolError

from tracer._config import Settings
from tracer._delivery.otlp.answers import read_partial_success, read_status_message
from tracer._delivery.records import LANES, Batch, Lane

_AWAY = frozenset({408, 429, 502, 503, 504})
_REFUSED = frozenset({400, 413, 422})
_FAULT = 500
_NO_PLACE = frozenset({404, 405, 501})
_IS_AWAY = "is away"
_AWAY_AS = {
    401: "refuses the key",
    403: "refuses the key",
    500: "fails",
    404: "is no collector",
    405: "is no collector",
}
"""What is said of a collector that takes nothing, where "is away" would mislead."""

_SUPPRESS = "suppress_instrumentation"  # OpenTelemetry's own word for it


class Verdict(enum.Enum):
    """What became of a batch that was sent."""

    ACCEPTED = enum.auto()
    """The collector has it, but for the items that it rejected by themselves."""
    AWAY = enum.auto()
    """Nobody took it: keep it and try again later."""
    NOT_HERE = enum.auto()
    """The receiver is there, and has no place for this signal."""
    FAULT = enum.auto()
    """The receiver failed: it is ill, or something inside is too much for it."""
    REFUSED = enum.auto()
    """Something inside cannot be taken, now or ever."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The collector's answer to one batch."""

    verdict: Verdict
    """What became of it."""
    reason: str = ""
    """What the collector, or the network, said."""
    n_rejected: int = 0
    """Items that an accepted batch lost: OTLP's partial success."""
    trouble: str = _IS_AWAY
    """What is the matter with a collector that takes nothing, as people say it."""
    retry_after_s: float | None = None
    """How long the collector asks us to wait."""


MOST_ANSWER_BYTES = 64 * 1024
"""The status messages of OTLP are a line or two."""


class Transport:
    """Pooled connections to one receiver.

    Args:
        settings: Where to send each signal, with which headers and certificates.
    """

    def __init__(self, settings: Settings) -> None:
        self._timeout_s = settings.timeout_s
        self._is_compressed = settings.compression == "gzip"
        codecs.lookup("idna")  # imports it now, and not in our thread: see Delivery
        self._urls = {lane: url_of(lane, settings) for lane in LANES}
        self._headers = {lane: _headers(lane, settings) for lane in LANES}
        self._pool = urllib3.PoolManager(
            num_pools=2, maxsize=4, retries=False, **certificates(settings)
        )

    def send(self, batch: Batch, *, at_most_s: float | None = None) -> Answer:
        """Send a batch once; network trouble is an answer too, not an exception."""
        timeout_s = min(self._timeout_s, at_most_s or self._timeout_s)
        # instrumented urllib3 would otherwise trace us tracing
        token = context.attach(context.set_value(_SUPPRESS, True))
        try:
            response = self._post(batch, timeout_s)
            body = _bounded_body(response)
        except (HTTPError, OSError, UnicodeError) as error:
            return Answer(Verdict.AWAY, _told(error))
        finally:
            context.detach(token)
        return _read_answer(batch.lane, response, body)

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()

    def _post(self, batch: Batch, timeout_s: float) -> urllib3.BaseHTTPResponse:
        body = batch.body if self._is_compressed else _inflated(batch.body)
        for last_try in (False, True):
            try:
                return self._pool.request(
                    "POST",
                    self._urls[batch.lane],
                    body=body,
                    headers=self._headers[batch.lane],
                    timeout=urllib3.Timeout(total=timeout_s),
                    redirect=False,
                    preload_content=False,
                )
            except ProtocolError:  # the kept connection had been closed meanwhile
                if last_try:
                    raise
        raise AssertionError("unreachable")


def url_of(lane: Lane, settings: Settings) -> str:
    """Return where the requests of a signal go."""
    own = settings.traces_endpoint if lane == "traces" else settings.logs_endpoint
    return own or f"{settings.endpoint.rstrip('/')}/v1/{lane}"


def _headers(lane: Lane, settings: Settings) -> dict[str, str]:
    """Return the headers of a signal's requests; what is given goes before ours."""
    own = settings.traces_headers if lane == "traces" else settings.logs_headers
    found = {"User-Agent": "tracer-python"}
    if settings.api_key:
        found["Authorization"] = f"Bearer {settings.api_key}"
    for given in (settings.headers, own):
        found |= {name.title(): value for name, value in given.items()}
    found["Content-Type"] = "application/x-protobuf"
    if settings.compression == "gzip":
        found["Content-Encoding"] = "gzip"
    return found


def certificates(settings: Settings) -> dict[str, Any]:
    """Return what urllib3 is told of certificates."""
    files = {
        "ca_certs": settings.certificate,
        "cert_file": settings.client_certificate,
        "key_file": settings.client_key,
    }
    return {name: str(path) for name, path in files.items() if path is not None}


def _inflated(body: bytes) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):  # a file cut short by a crash
        return body


def _bounded_body(response: urllib3.BaseHTTPResponse) -> bytes:
    """Read an answer; one that is longer than any of a collector's is cut off."""
    body = response.read(MOST_ANSWER_BYTES)
    if response.read(1):
        response.close()
    else:
        response.release_conn()
    return body


def _read_answer(lane: Lane, response: urllib3.BaseHTTPResponse, body: bytes) -> Answer:
    status = response.status
    if 200 <= status < 300:
        is_protobuf = "protobuf" in response.headers.get("Content-Type", "")
        rejected, reason = read_partial_success(body) if is_protobuf else (0, "")
        return Answer(Verdict.ACCEPTED, reason, n_rejected=rejected)
    reason = f"HTTP {status} {read_status_message(body)}".rstrip()
    if status in _REFUSED:
        return Answer(Verdict.REFUSED, reason)
    if lane == "logs" and status in _NO_PLACE:  # many backends take spans alone
        return Answer(Verdict.NOT_HERE, reason, trouble="takes no scores")
    is_asking = status in _AWAY or status == _FAULT
    wait_s = _retry_after_s(response.headers) if is_asking else None
    trouble = _AWAY_AS.get(status, _IS_AWAY)
    verdict = Verdict.FAULT if status == _FAULT else Verdict.AWAY
    return Answer(verdict, reason, trouble=trouble, retry_after_s=wait_s)


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After, which holds seconds or an HTTP date."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _told(error: Exception) -> str:
    """Say a network error in one line: the system's words where there are any."""
    cause = error.__cause__ or error
    return str(getattr(cause, "strerror", None) or cause)[:300]
