"""Whatever people and programs are called, they are found, told apart and deleted."""

import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import urllib3
from otlp_requests import span, trace_request
from processes import CollectorProcess, start_collector

KOREAN = "한글 이름"
NAMES = {
    "NUL": "a\0b",
    "line break": "a\nb",
    "only a line break": "\n",
    "right to left": "\u202eabc\u200f שלום",
    "emoji": "👩‍👩‍👧‍👦 🇰🇷",
    "composed": unicodedata.normalize("NFC", KOREAN),
    "decomposed": unicodedata.normalize("NFD", KOREAN),
    # each of its deletions is a line of the audit log, into a pipe of 64 KiB
    "10 kB": f"가{'x' * 10_000}",
    "quotes": "a'b\"c`d\\e\\'f",
    "SQL": "'; DROP TABLE spans; --",
    "percent": "100%41 {x:String} $y",
    "blank": " ",
    "path": "../a//b/?c#d",
    "BOM": "\ufeffx",
}
HEADERS = {
    "traces": {"content-type": "application/x-protobuf"},
    "api": {"content-type": "application/json"},
}
HTTP = urllib3.PoolManager()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    with start_collector(tmp_path_factory.mktemp("odd")) as found:
        for name in NAMES.values():
            who = {"user.id": name, "session.id": name, "tracer.tags": [name]}
            one = span(who | {f"tracer.metadata.{name}": name}, name=name)
            assert send(found.url, trace_request(one, project=name)) == 200
            rows = [{"id": name, "inputs": {"q": name}}]
            saved = ask(found, "PUT", "datasets", f"d{name}", project=name, rows=rows)
            assert saved[0] == 200, saved
        yield found


def send(url: str, body: bytes) -> int:
    target = f"{url}/v1/traces"
    return HTTP.request("POST", target, body=body, headers=HEADERS["traces"]).status


def ask(
    running: CollectorProcess, method: str, kind: str, name: str, **body: Any
) -> tuple[int, Any]:
    target = f"{running.url}/api/v1/{kind}/{quote(name, safe='')}"
    text = json.dumps(body).encode() if body else None
    answer = HTTP.request(method, target, body=text, headers=HEADERS["api"])
    return answer.status, answer.json()


def listed(running: CollectorProcess, kind: str, **query: str) -> list[dict[str, Any]]:
    given = urlencode(query | {"since": "2020-01-01T00:00:00Z"})
    answer = HTTP.request("GET", f"{running.url}/api/v1/{kind}?{given}")
    assert answer.status == 200, answer.data[:500]
    return list(answer.json()["rows"])


@pytest.mark.parametrize("what", NAMES)
def test_it_is_listed_filtered_and_read_by_its_own_name(
    running: CollectorProcess, what: str
) -> None:
    name = NAMES[what]
    assert name in {row["project"] for row in listed(running, "projects")}
    (trace,) = listed(running, "traces", project=name)
    assert (trace["name"], trace["user_id"], trace["session_id"]) == (name,) * 3
    assert (trace["tags"], trace["metadata"]) == ([name], {name: name})
    for field in ("user_id", "session_id", "name", "tags", f"metadata.{name}"):
        op = "contains" if field == "tags" else "="
        where = json.dumps([[field, op, name]])
        found = listed(running, "traces", where=where)
        assert [row["project"] for row in found] == [name], field
    (session,) = listed(running, "sessions", project=name)
    assert (session["session_id"], session["user_id"]) == (name, name)
    query = urlencode({"project": name})
    path = f"{running.url}/api/v1/sessions/{quote(name, safe='')}?{query}"
    assert HTTP.request("GET", path).status == 200
    (row,) = listed(running, "datasets", project=name)
    assert row["name"] == f"d{name}"


@pytest.mark.parametrize("what", NAMES)
def test_its_deletion_takes_its_own_rows_and_no_others(
    running: CollectorProcess, what: str
) -> None:
    """Last of this file: each takes one of the names away."""
    name = NAMES[what]
    other = trace_request(span({"user.id": "other"}), project=name)
    assert send(running.url, other) == 200
    before = len(listed(running, "traces"))
    status, counted = ask(running, "DELETE", "users", name)
    assert (status, counted["rows"]["spans"]) == (200, 1)
    assert len(listed(running, "traces")) == before - 1
    status, counted = ask(running, "DELETE", "projects", name)
    assert (status, counted["rows"]["spans"]) == (200, 1)
    assert counted["rows"]["dataset_rows"] == 1
    assert name not in {row["project"] for row in listed(running, "projects")}
    assert ask(running, "DELETE", "users", name)[0] == 404
