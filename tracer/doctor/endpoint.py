"""What answers at the endpoint: a collector, somebody else, a proxy, or nobody."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import orjson
import urllib3
from urllib3.exceptions import (
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
    TimeoutError,
)

from tracer.doctor.findings import Finding, ok, problem

ANOTHER = "use another port (`tracer up --port`) and set TRACER_ENDPOINT to it"
NO_PAGE = (
    "the endpoint is the collector's address (4318), not the dashboard's (8501); if "
    "neither is there, take another port"
)
GATEWAYS = (502, 504)
MOST_SHOWN = 300


def check_endpoint(http: urllib3.PoolManager, endpoint: str) -> Iterator[Finding]:
    """Ask whether a collector is there and can store; the last finding says so."""
    try:
        ready = http.request("GET", f"{endpoint}/readyz", redirect=False)
    except HTTPError as error:
        yield unreachable(endpoint, error)
        return
    said = words(ready.data)
    if ready.status == 200 and said.get("status") == "ok":
        yield ok("endpoint", f"{endpoint} answers and can store")
    elif ready.status == 503 and said.get("status") == "failing":
        yield ok("endpoint", f"{endpoint} answers")
        yield problem(
            "storage",
            f"the collector cannot store: {said.get('message', '')[:MOST_SHOWN]}",
            "read its own output; free the disk or start its ClickHouse server",
        )
    else:
        yield stranger(endpoint, ready)


def unreachable(endpoint: str, error: Exception) -> Finding:
    """Say why nobody could be asked."""
    host = urlsplit(endpoint).hostname
    start = "start one with `tracer up`, or set TRACER_ENDPOINT to one that runs"
    if isinstance(error, NameResolutionError):
        text = f"nobody knows the name {host!r} (DNS)"
        return problem("endpoint", text, "look at TRACER_ENDPOINT for a slip")
    if isinstance(error, SSLError):
        return problem(
            "endpoint",
            f"no TLS with {endpoint}: {str(error)[:MOST_SHOWN]}",
            "TRACER_CERTIFICATE names the authority of a certificate of your own; a "
            "collector without a proxy speaks http://",
        )
    if isinstance(error, NewConnectionError):
        return problem("endpoint", f"nothing answers at {endpoint}", start)
    if isinstance(error, TimeoutError):
        return problem(
            "endpoint",
            f"no answer from {endpoint} in time",
            "a firewall, a VPN or a proxy swallows it: try `curl -v` from this machine",
        )
    return problem(
        "endpoint",
        f"what listens at {endpoint} does not speak HTTP",
        "4317 is the port of gRPC, the endpoint is that of HTTP, 4318; where TLS is "
        "spoken write https://",
    )


def stranger(endpoint: str, answer: urllib3.BaseHTTPResponse) -> Finding:
    """Say who may answer in a collector's place."""
    status = answer.status
    if 300 <= status < 400:
        where = answer.headers.get("location", "another page")
        return problem(
            "endpoint",
            f"{endpoint} sends on to {where[:MOST_SHOWN]}",
            "a log-in or a redirect stands in front: let programs pass it, or set "
            "TRACER_ENDPOINT to the address behind it",
        )
    if status in GATEWAYS or status == 503:
        return problem(
            "endpoint",
            f"a proxy answers at {endpoint} (status {status}), no collector behind it",
            "start the collector, or look at the proxy's own log",
        )
    text = f"another program answers at {endpoint} (status {status}"
    if "html" in answer.headers.get("content-type", ""):
        return problem("endpoint", f"{text}, with a web page)", NO_PAGE)
    return problem("endpoint", f"{text})", ANOTHER)


def words(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer; empty if it is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
