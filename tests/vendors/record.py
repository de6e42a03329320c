"""Record what real packages send: ``python tests/vendors/record.py NAME…`` (or all).

Each sender's program (`programs/`) runs in an environment of its own against the local
OpenAI-compatible server and a server that keeps what it is sent; the recording goes to
`recorded/NAME/` in a form that people can read. Needs the package registries.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from vendors.capture import Capture, Sent, capturing
from vendors.environments import CACHE, command, prepare, versions
from vendors.model_server import ModelServer, serving
from vendors.readable import pretty, read, with_plain_ids
from vendors.tables import HERE, Sender, load, names

RUN_LIMIT_S = 300
_KEPT_HEADERS = ("content-type", "content-encoding", "transfer-encoding", "user-agent")


def record(sender: Sender) -> None:
    """Run a sender's program and write down what it sent."""
    folder = prepare(sender)
    with serving() as model, capturing() as capture:
        _run(sender, folder, model, capture)
    requests = [_request(sent) for sent in capture.sent if sent.signal]
    parts = {
        f"request-{number:02}-{request['signal']}": request
        for number, request in enumerate(with_plain_ids(requests), 1)
    }
    others = {s.path.partition("?")[0] for s in capture.sent if not s.signal}
    parts["versions"] = versions(sender, folder) | {"posts also to": sorted(others)}
    parts["exchanges"] = model.exchanges
    _write(sender, parts, _names_of_this_machine(model, capture))
    print(f"{sender.name}: {len(requests)} requests, {len(model.exchanges)} calls")


def _run(sender: Sender, folder: Path, model: ModelServer, capture: Capture) -> None:
    own = {
        key: value.format(collector=capture.url)
        for key, value in sender.environment.items()
    }
    given = {
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_API_KEY": "sk-local",
        "OTEL_EXPORTER_OTLP_ENDPOINT": capture.url,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_SERVICE_NAME": "support",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(
        command(sender, folder),
        env=_inherited() | given | own,
        cwd=folder / "programs",
        check=True,
        timeout=RUN_LIMIT_S,
    )


def _inherited() -> dict[str, str]:
    return {
        key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ
    }


def _request(sent: Sent) -> dict[str, Any]:
    return {
        "signal": sent.signal,
        "path": sent.path,
        "headers": {k: sent.headers[k] for k in _KEPT_HEADERS if k in sent.headers},
        "body": read(sent.body, sent.headers, sent.signal),
    }


def _names_of_this_machine(model: ModelServer, capture: Capture) -> dict[str, str]:
    """Return what must not stay in a recording, and what stands for it."""
    ports = [
        re.search(r":(\d+)", url.partition("//")[2])
        for url in (model.base_url, capture.url)
    ]
    numbers = {found[1]: str(8000 + i) for i, found in enumerate(ports) if found}
    return (
        {
            str(CACHE): "/environments",
            str(HERE.parents[1]): "/project",
            sys.base_prefix + "/": "/python/",
            str(Path.home()) + "/": "/home/user/",
            platform.node(): "host",
            platform.release(): "release",
            _machine_id(): "machine",
        }
        | {f":{port}": f":{plain}" for port, plain in numbers.items()}
        | {f'"{port}"': f'"{plain}"' for port, plain in numbers.items()}
    )


def _machine_id() -> str:
    """Return what Linux calls this machine, which resource detectors send."""
    found = Path("/etc/machine-id")
    return found.read_text().strip() if found.exists() else "no machine id"


def _write(sender: Sender, parts: dict[str, Any], replaced: dict[str, str]) -> None:
    folder = HERE / "recorded" / sender.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in parts.items():
        text = pretty(content) + "\n"
        for found, plain in replaced.items():
            text = text.replace(found, plain)
        (folder / f"{name}.json").write_text(text, "utf-8")


def main() -> None:
    """Record the senders that are named, or all."""
    parser = argparse.ArgumentParser(prog="record.py", description=__doc__)
    parser.add_argument("senders", nargs="*", metavar="NAME", help=", ".join(names()))
    asked = parser.parse_args().senders or names()
    if unknown := sorted(set(asked) - set(names())):
        parser.error(
            f"no table expected/{unknown[0]}.toml; known: {', '.join(names())}"
        )
    for name in asked:
        sender = load(name)
        if sender.unrecorded:
            print(f"{name}: {sender.unrecorded}")
        else:
            record(sender)


if __name__ == "__main__":
    main()
