"""One HTTP request to the collector, and what its answer means for a batch."""

import codecs
import enum
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import urllib3
from opentelemetry import context
from urllib3.exceptions import HTTPError, ProtocolError

from tracer._delivery.otlp.answers import read_partial_success, read_status_message
from tracer._delivery.records import Batch

_AWAY = frozenset({408, 429, 502, 503, 504})
_REFUSED = frozenset({400, 413, 422, 500})
_IS_AWAY = "is away"
_AWAY_AS = {
    401: "refuses the key",
    403: "refuses the key",
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
    """A pooled connection to one collector.

    Args:
        endpoint: Base address; the signal's path comes after it.
        api_key: Sent as a bearer token.
        timeout_s: Time to connect, and between two pieces of an answer.
    """

    def __init__(self, endpoint: str, *, api_key: str | None, timeout_s: float) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._timeout_s = timeout_s
        codecs.lookup("idna")  # imports it now, and not in our thread: see Delivery
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=1, retries=False)
        self._headers = {
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "gzip",
            "User-Agent": "tracer-python",
        }
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"

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
        return _read_answer(response, body)

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()

    def _post(self, batch: Batch, timeout_s: float) -> urllib3.BaseHTTPResponse:
        url = f"{self._endpoint}/v1/{batch.lane}"
        for last_try in (False, True):
            try:
                return self._pool.request(
                    "POST",
                    url,
                    body=batch.body,
                    headers=self._headers,
                    timeout=urllib3.Timeout(total=timeout_s),
                    redirect=False,
                    preload_content=False,
                )
            except ProtocolError:  # the kept connection had been closed meanwhile
                if last_try:
                    raise
        raise AssertionError("unreachable")


def _bounded_body(response: urllib3.BaseHTTPResponse) -> bytes:
    """Read an answer; one that is longer than any of a collector's is cut off."""
    body = response.read(MOST_ANSWER_BYTES)
    if response.read(1):
        response.close()
    else:
        response.release_conn()
    return body


def _read_answer(response: urllib3.BaseHTTPResponse, body: bytes) -> Answer:
    status = response.status
    if 200 <= status < 300:
        is_protobuf = "protobuf" in response.headers.get("Content-Type", "")
        rejected, reason = read_partial_success(body) if is_protobuf else (0, "")
        return Answer(Verdict.ACCEPTED, reason, n_rejected=rejected)
    reason = f"HTTP {status} {read_status_message(body)}".rstrip()
    if status in _REFUSED:
        return Answer(Verdict.REFUSED, reason)
    wait_s = _retry_after_s(response.headers) if status in _AWAY else None
    trouble = _AWAY_AS.get(status, _IS_AWAY)
    return Answer(Verdict.AWAY, reason, trouble=trouble, retry_after_s=wait_s)


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
