"""Requests to the collector's read API: one pool, clear errors, an end to each wait."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, TimeoutError

from tracer._addresses import check_key
from tracer._client.rows import Rows, typed
from tracer._values.text import clean_text
from tracer.errors import (
    CollectorError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
)

PAGE_ROWS = 1000
"""The most rows that one answer holds."""

CONNECT_TIMEOUT_S = 5.0
_PATH_TOLD = re.compile(
    r"GET /(?P<list>[a-z-]+)(?:/\{(?P<of>[a-z]+)\}/(?P<part>[a-z]+))?(?![\w/])"
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ERRORS: Mapping[int, type[CollectorError]] = {404: NotFoundError, 409: ConflictError}

Parameters = Mapping[str, Any]


class Api:
    """The read API at one address; safe to share between threads, and after a fork."""

    def __init__(
        self,
        endpoint: str,
        api_key: str | None,
        *,
        timeout_s: float,
        person: str | None = None,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.api_key = api_key
        self._headers = {"Accept": "application/json"}
        if api_key and (key := check_key(api_key)):
            self._headers["Authorization"] = f"Bearer {key}"
        if person:
            self._headers["X-Tracer-Person"] = quote(person)
        self._timeout = urllib3.Timeout(
            connect=min(CONNECT_TIMEOUT_S, timeout_s), read=timeout_s
        )
        self._pools: dict[int, urllib3.PoolManager] = {}

    def get(self, path: str, **parameters: Any) -> Any:
        """Return the JSON that a path answers with."""
        return self._request("GET", path, parameters=parameters, is_read=True)

    def send(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """Send JSON and return the JSON of the answer."""
        return self._request(method, path, parameters=parameters, body=body)

    def ask(self, path: str, body: Any) -> Any:
        """Send JSON that changes nothing and return the JSON of the answer."""
        return self._request("POST", path, parameters={}, body=body, is_read=True)

    def rows(self, path: str, *, limit: int | None, **parameters: Any) -> Rows:
        """Return a list's rows up to a limit, page by page; all rows if it is None."""
        found = Rows(next=parameters.get("cursor"))
        for page in self.pages(path, limit=limit, **parameters):
            found.extend(typed(row) for row in page["rows"])
            found.next = page["next"]
        return found

    def pages(
        self, path: str, *, limit: int | None, **parameters: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield a list's answers up to so many rows; to its end if it is None."""
        left, cursor = limit, parameters.pop("cursor", None)
        while left is None or left > 0:
            wanted = PAGE_ROWS if left is None else min(PAGE_ROWS, left)
            page = self.get(path, **parameters, limit=wanted, cursor=cursor)
            yield page
            cursor = page["next"]
            if cursor is None:
                return
            left = None if left is None else left - len(page["rows"])

    def _request(
        self,
        method: str,
        path: str,
        *,
        parameters: Parameters,
        body: Any = None,
        is_read: bool = False,
    ) -> Any:
        url = f"{self.endpoint}/api/v1/{path}{_query(parameters)}"
        headers = dict(self._headers)
        content = None
        if body is not None:
            content = _json(body)
            headers["Content-Type"] = "application/json"
        answer = self._exchange(method, url, headers, content, is_read=is_read)
        if answer.status >= 400:
            raise _refused(answer.status, answer.data, path)
        try:
            return orjson.loads(answer.data)
        except orjson.JSONDecodeError:
            raise CollectorError(
                f"what answers at {self.endpoint} is no tracer collector",
                status=answer.status,
                code="not_a_collector",
                hint="check the endpoint, it is the address without /v1/traces",
            ) from None

    def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | None,
        *,
        is_read: bool,
    ) -> urllib3.BaseHTTPResponse:
        for is_last in (not is_read, True):
            try:
                return self._pool().request(
                    method,
                    url,
                    body=content,
                    headers=headers,
                    timeout=self._timeout,
                    retries=False,
                )
            except ProtocolError as error:
                # The server may have closed an idle connection: a new one tells. A
                # write is not repeated: the first may have taken.
                if is_last and is_read:
                    raise self._unreachable(error) from None
                if is_last:
                    raise self._in_doubt(method, error) from None
            except (MaxRetryError, TimeoutError, HTTPError) as error:
                raise self._unreachable(error) from None  # its text is all of it
        raise AssertionError("unreachable")

    def _in_doubt(self, method: str, error: Exception) -> CollectorError:
        return CollectorError(
            f"the collector at {self.endpoint} broke off while it answered {method}: "
            f"{_reason(error)}",
            code="in_doubt",
            hint="read first whether it took, then repeat it",
        )

    def _pool(self) -> urllib3.PoolManager:
        process = os.getpid()  # a connection shared with a parent would mix answers
        if process not in self._pools:
            self._pools = {process: urllib3.PoolManager(maxsize=8)}
        return self._pools[process]

    def _unreachable(self, error: Exception) -> CollectorError:
        if isinstance(error, urllib3.exceptions.ReadTimeoutError):
            return CollectorError(
                f"the collector at {self.endpoint} took too long",
                code="timeout",
                hint="ask for a shorter window, or give Client a longer timeout_s",
            )
        return CollectorError(
            f"no collector answers at {self.endpoint}: {_reason(error)}",
            hint="start one with 'tracer up', or name another with TRACER_ENDPOINT",
        )


def _reason(error: BaseException) -> str:
    """Return the system's word for a failure; urllib3's text shows its objects."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _refused(status: int, body: bytes, path: str) -> CollectorError:
    try:
        said = orjson.loads(body)["error"]
        message, code, hint = said["message"], said["code"], said.get("hint", "")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        message, code, hint = f"{path} was answered with {status}", "unknown", ""
    kind = _ERRORS.get(status, CollectorError)
    return kind(message, status=status, code=code, hint=in_python(hint or ""))


def in_python(hint: str) -> str:
    """Return the API's advice with the methods of `Client` for the paths that it names.

    ``GET /alert-rules`` is ``Client.alert_rules()``, ``GET /queues/{id}/items``
    ``Client.queue_items(id)``; what is of no such form stays.
    """
    return _PATH_TOLD.sub(_method, hint)


def _method(path: re.Match[str]) -> str:
    name = path["list"].replace("-", "_")
    if path["of"]:
        name = f"{name.removesuffix('s')}_{path['part']}"
    return f"Client.{name}({path['of'] or ''})"


def _query(parameters: Parameters) -> str:
    given = [(k, v) for k, v in parameters.items() if v is not None]
    pairs = [
        (name, str(one))
        for name, value in given
        for one in (value if isinstance(value, list) else [value])
    ]
    return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""


def in_path(name: str) -> str:
    """Return a name as one step of a path.

    Raises:
        ConfigurationError: It is no text, or an empty one.
    """
    if not isinstance(name, str) or not name:
        raise ConfigurationError(
            f"{name!r} is no id and no name; give the text that the collector knows it "
            "by, as a run's `id`"
        )
    step = quote(clean_text(name), safe="")
    # as they are, dots are a step to elsewhere, which clients take before they ask
    return step.replace(".", "%2E") if step in (".", "..") else step


def moment(value: object) -> str | int | None:
    """Return a moment as the API reads it.

    Args:
        value: an aware or local datetime, ISO 8601 text, integer nanoseconds since
            1970, or a time ago: ``30m``, ``24h``, ``7d``, ``2w``.

    Raises:
        ValueError: it is none of these.
    """
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str):
        text = value.strip()
        if text[:-1].isdigit() and text[-1:] in _UNITS:
            try:
                ago = timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
                return (datetime.now(UTC) - ago).isoformat()
            except OverflowError:
                raise ValueError(f"time {value!r} is before the year 1") from None
        return text
    raise ValueError(
        f"time {value!r} is not understood; give a datetime, ISO 8601 text, "
        "nanoseconds since 1970, or an age like '7d' or '24h'"
    )


def conditions(where: Sequence[Sequence[Any]] | None) -> str | None:
    """Return conditions as the API reads them."""
    if not where:
        return None
    return _json([list(one) for one in where]).decode()


def _json(value: Any) -> bytes:
    """Return what is sent; numbers of numpy are numbers."""
    return orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY)
