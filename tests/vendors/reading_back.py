"""Sending a recording to a collector and reading it back, over HTTP alone."""

import copy
import json
import urllib.request
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from vendors.readable import write
from vendors.tables import ROLES, Sender

Json = dict[str, Any]


def send(url: str, requests: Iterable[Json], project: str) -> None:
    """Post recorded requests as they came, only of another project."""
    for request in requests:
        body = of_project(request["body"], project)
        headers = {
            name: value
            for name, value in request["headers"].items()
            if name in ("content-type", "content-encoding")
        }
        asked = urllib.request.Request(
            f"{url}/v1/{request['signal']}",
            data=write(body, headers, request["signal"]),
            headers=headers,
        )
        with urllib.request.urlopen(asked) as answer:
            # all stored: nothing rejected
            assert answer.read() in (b"", b"{}"), request["path"]


def of_project(body: Json, project: str) -> Json:
    """Return a recorded request's body as if another project had sent it."""
    body = copy.deepcopy(body)
    for name in ("resourceSpans", "resourceLogs"):
        for found in body.get(name, ()):
            attributes = found.setdefault("resource", {}).setdefault("attributes", [])
            own = {"key": "tracer.project", "value": {"stringValue": project}}
            attributes[:] = [a for a in attributes if a["key"] != own["key"]]
            attributes.append(own)
    return body


def get(url: str, path: str) -> Any:
    """Return what the read API answers."""
    with urllib.request.urlopen(f"{url}/api/v1/{path}") as answer:
        return json.load(answer)


def read_back(url: str, sender: Sender, project: str) -> Json:
    """Return what is shown of a recording: `trace spans scores roles evaluations`."""
    named = f"project={quote(project)}"
    rows = get(url, f"traces?{named}&origin=all")["rows"]
    told = max(rows, key=lambda row: row["n_spans"])
    shown: Json = get(url, f"traces/{told['trace_id']}?{named}")
    shown["evaluations"] = get(url, f"evaluations?{named}")["rows"]
    shown["roles"] = {
        role: _span(shown["spans"], sender.roles[role])
        for role in ROLES
        if not sender.absence(role)
    }
    return shown


def _span(spans: list[Json], name: str) -> Json:
    """Return the n-th span of a name, by start; `name#2` is the second."""
    name, _, place = name.partition("#")
    found = [span for span in spans if span["name"] == name]
    found.sort(key=lambda span: span["start_ns"])
    nth = int(place or 1)
    assert len(found) >= nth, f"{name}#{nth}: {[span['name'] for span in spans]}"
    return found[nth - 1]
