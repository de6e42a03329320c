"""A collector that answers at once and counts afterwards, in a process of its own.

`python -m benchmarks.sink` prints its address. It keeps every body as it came, so that
it takes as little as possible of the machine while something else is measured.
`GET /count` tells what it got since the count before.
"""

import asyncio
import contextlib
import gzip
import json
import sys
import urllib.request
from collections.abc import Iterator
from typing import TypedDict

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)

from benchmarks import processes

bodies: list[bytes] = []


class Count(TypedDict):
    n_spans: int
    n_requests: int
    n_bytes: int


def count() -> Count:
    """Decode what came, and forget it."""
    n_spans = 0
    for body in bodies:
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        request = ExportTraceServiceRequest.FromString(plain)
        for resource in request.resource_spans:
            n_spans += sum(len(scope.spans) for scope in resource.scope_spans)
    told = Count(n_spans=n_spans, n_requests=len(bodies), n_bytes=sum(map(len, bodies)))
    bodies.clear()
    return told


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while head := await reader.readuntil(b"\r\n\r\n"):
            answer = b""
            if head.startswith(b"GET"):
                answer = json.dumps(count()).encode()
            else:
                lower = head.lower()
                at = lower.index(b"content-length:") + 15
                length = int(lower[at : lower.index(b"\r\n", at)])
                bodies.append(await reader.readexactly(length))
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
            )
            await writer.drain()
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Run a sink in another process; yields its address."""
    command = [sys.executable, "-m", "benchmarks.sink"]
    with processes.running(command) as server:
        yield server.url


def ask_count(url: str) -> Count:
    """Ask a sink for what it got."""
    with urllib.request.urlopen(f"{url}/count", timeout=120) as answer:
        told: Count = json.load(answer)
        return told


if __name__ == "__main__":
    asyncio.run(main())
