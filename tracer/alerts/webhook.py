"""Post JSON where a rule says, and nowhere that a rule's author may not reach.

Whoever may edit rules chooses the address; the worker, which posts, may stand where
that person may not. So only public addresses are posted to, unless the worker's
operator names the host; the address that was judged is the one that is connected to;
redirects are not followed; and of an answer nothing but its status is told.
"""

import ipaddress
import queue
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import urllib3
from urllib3.exceptions import HTTPError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LIMIT_S: Final = 10.0
"""Longest time for one attempt, names looked up and all."""

PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class WebhookError(Exception):
    """A message did not arrive; the text says why, and nothing of what was answered."""


@dataclass(frozen=True)
class Destination:
    """Where a webhook's address leads, judged."""

    scheme: str
    """``http`` or ``https``."""
    host: str
    """As the address names it."""
    port: int
    """Of the server."""
    ip: str
    """The address to connect to: no second look-up can lead elsewhere."""
    path: str
    """Path and query."""


def post(
    url: str,
    body: Mapping[str, Any],
    *,
    hosts: frozenset[str] = frozenset(),
    limit_s: float = LIMIT_S,
) -> None:
    """Post JSON once; return if it was taken (any status of 200 to 299).

    Args:
        url: Where to.
        body: What is sent.
        hosts: ``host`` or ``host:port`` that may be private.
        limit_s: The longest that it takes, whatever the other side does.

    Raises:
        WebhookError: It was not taken in time, or the address is not allowed.
    """
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            told.put(_send(url, body, hosts=hosts, limit_s=limit_s))
        except WebhookError as error:
            told.put(str(error))
        except Exception as error:  # a thread's own failure must be told, too
            told.put(type(error).__name__)

    # A server that answers byte by byte would hold whoever waits for it: none does.
    threading.Thread(target=work, name="tracer-webhook", daemon=True).start()
    try:
        failure = told.get(timeout=limit_s)
    except queue.Empty:
        raise WebhookError(f"no answer within {limit_s:g} s") from None
    if failure is not None:
        raise WebhookError(failure)


def destination(url: str, *, hosts: frozenset[str]) -> Destination:
    """Return where an address leads.

    Raises:
        WebhookError: It is no web address, has no host that is known, or one that is
            not public and not in `hosts`.
    """
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname or ""
        port = parts.port or PORTS[scheme]
    except (ValueError, KeyError):
        raise WebhookError("the address is not understood") from None
    if not host or parts.username is not None:
        raise WebhookError("the address has no host, or a user name")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise WebhookError(f"host {host!r} is not known") from None
    ips = [str(one[4][0]) for one in found]
    is_named = host.lower() in hosts or f"{host.lower()}:{port}" in hosts
    if not is_named and not all(map(is_public, ips)):
        raise WebhookError(
            f"host {host!r} is not public; whoever runs the worker can allow it with "
            f"--webhook-host {host}"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(scheme, host, port, ips[0], path)


def is_public(ip: str) -> bool:
    """Return whether an address lies in the public internet, whatever it wraps."""
    address: Address = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.teredo is not None:
            return False
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            address = wrapped
    return address.is_global and not address.is_multicast


def _send(
    url: str, body: Mapping[str, Any], *, hosts: frozenset[str], limit_s: float
) -> str | None:
    """Return why a message was not taken, None if it was."""
    where = destination(url, hosts=hosts)
    named = f"[{where.host}]" if ":" in where.host else where.host
    headers = {"Content-Type": "application/json", "User-Agent": "tracer-alerts"}
    is_usual = where.port == PORTS[where.scheme]
    headers["Host"] = named if is_usual else f"{named}:{where.port}"
    timeout = urllib3.Timeout(total=limit_s)
    with _pool(where) as pool:
        try:
            answer = pool.request(
                "POST",
                where.path,
                body=orjson.dumps(body),
                headers=headers,
                timeout=timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
        except HTTPError as error:
            return f"it could not be reached ({type(error).__name__})"
        status = answer.status
        answer.close()
    if 200 <= status < 300:
        return None
    hint = "; redirects are not followed" if 300 <= status < 400 else ""
    return f"it answered {status}{hint}"


def _pool(where: Destination) -> urllib3.HTTPConnectionPool:
    if where.scheme == "http":
        return urllib3.HTTPConnectionPool(where.ip, where.port, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        where.ip,
        where.port,
        maxsize=1,
        server_hostname=where.host,
        assert_hostname=where.host,
    )
