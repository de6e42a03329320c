"""A collector that asks for keys, and keys of every kind for tests."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from processes import stop

PYTHON = (sys.executable, "-P", "-m")
ADMIN = "admin-key-of-the-environment-0123456789"


@dataclass(frozen=True)
class Guarded:
    url: str
    """Where it listens."""

    log: Path
    """File that gets what it writes to standard error."""

    http: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)

    def call(
        self, key: str | None, method: str, path: str, body: Any = None
    ) -> urllib3.BaseHTTPResponse:
        """Send a request with a key; bytes go as OTLP protobuf, all else as JSON."""
        is_otlp = isinstance(body, bytes)
        kind = "application/x-protobuf" if is_otlp else "application/json"
        headers = {"content-type": kind}
        if key is not None:
            headers["authorization"] = f"Bearer {key}"
        sent = body if is_otlp or body is None else json.dumps(body).encode()
        return self.http.request(
            method, self.url + path, body=sent, headers=headers, retries=False
        )

    def make(self, *scopes: str, project: str | None = None, **more: Any) -> str:
        """Return the text of a new key."""
        wanted = {"name": "test", "scopes": list(scopes), "project": project} | more
        answer = self.call(ADMIN, "POST", "/api/v1/keys", wanted)
        assert answer.status == 200, answer.data
        key: str = answer.json()["key"]
        return key


@contextlib.contextmanager
def guarded_collector(folder: Path, *arguments: str) -> Iterator[Guarded]:
    """Run a collector that needs keys until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "stderr"
    options = ("--store", f"chdb://{folder / 'store'}", "--port", "0", "--lifeline")
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [*PYTHON, "collector", *options, "--no-prices", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=os.environ | {"TRACER_API_KEY": ADMIN},
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, log.read_text()
            url = line.removeprefix("collector listening on ").strip()
            yield Guarded(url=url, log=log)
        finally:
            stop(process)
