"""A collector that answers at once and counts afterwards, in a process of its own.

`python -m benchmarks.sink` prints its address. It keeps every body as it came, so that
it takes as little as possible of the machine while something else is measured.
`GET /count` tells what it got since the count before.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator

from benchmarks import processes
from benchmarks.arrivals import Arrival, count
from benchmarks.vendor_apis import answer

arrivals: list[Arrival] = []


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while head := await reader.readuntil(b"\r\n\r\n"):
            method, path, headers = read_head(head)
            body = await read_body(reader, headers)
            if path == "/count":
                content_type, said = "application/json", json.dumps(count(arrivals))
                arrivals.clear()
            else:
                content_type, said = answer(path, headers.get("host", ""))
                encoding = headers.get("content-encoding", "")
                arrivals.append(Arrival(path, encoding, body))
            told = b"" if method == "HEAD" else said.encode()
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n"
                f"Content-Length: {len(told)}\r\n\r\n".encode()
                + told
            )
            await writer.drain()
    writer.close()


def read_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Return method, path without its query, and headers by lower-case name."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return method, target.partition("?")[0], headers


async def read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int((await reader.readline()).partition(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


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


if __name__ == "__main__":
    asyncio.run(main())
