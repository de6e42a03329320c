"""The read API over a socket: statuses, errors with advice, Arrow, hang-ups."""

import json
import socket
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pyarrow
import pytest
import urllib3
from otlp_requests import log_request, record, span, trace_request
from processes import CollectorProcess

from collector.api.call import lines_answer
from collector.storage.reads.scope import encode_cursor

Answer = urllib3.BaseHTTPResponse
ARROW = "application/vnd.apache.arrow.stream"


def ask(
    collector: CollectorProcess,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    accept: str = "application/json",
    **query: Any,
) -> Answer:
    url = f"{collector.url}/api/v1/{path}?{urlencode(query)}"
    headers = {"Accept": accept, "Content-Type": "application/json"}
    return urllib3.request(method, url, body=body, headers=headers)


DEEP = b'{"project":"p","name":"n","rows":[],"params":%s%s}' % (b"[" * 240, b"]" * 240)
"""Can be read as JSON, but not be written again."""


def send(collector: CollectorProcess, project: str, n: int) -> None:
    times = [1_790_000_000_000_000_000 + i for i in range(n)]
    spans = [
        span({"tracer.metadata.n": i}, name=f"s{i}", start_time_unix_nano=time)
        for i, time in enumerate(times)
    ]
    answer = urllib3.request(
        "POST",
        f"{collector.url}/v1/traces",
        body=trace_request(*spans, project=project),
        headers={"Content-Type": "application/x-protobuf"},
    )
    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("traces", {"limit": "0"}, 400, "bad_parameter"),
        ("traces", {"limit": "1001"}, 400, "bad_parameter"),
        ("traces", {"limit": "²"}, 400, "bad_parameter"),
        ("traces", {"since": "soon"}, 400, "bad_parameter"),
        ("traces", {"since": "-1"}, 400, "bad_parameter"),
        ("scores", {"as_of": "-1"}, 400, "bad_parameter"),
        ("traces", {"origin": "mars"}, 400, "bad_parameter"),
        ("traces", {"order": "-name"}, 400, "bad_order"),
        ("traces", {"cursor": "zzz"}, 400, "bad_cursor"),
        ("traces", {"where": "[["}, 400, "bad_filter"),
        ("traces", {"where": '[["modle","=","x"]]'}, 400, "bad_filter"),
        ("traces/xyz", {}, 400, "bad_parameter"),
        ("traces/" + "0" * 32, {}, 404, "not_found"),
        ("stats", {"interval": "year"}, 400, "bad_parameter"),
        ("stats", {"by": "modle"}, 400, "bad_parameter"),
        ("values", {}, 400, "bad_parameter"),
        ("scores/trend", {"by": "weather"}, 400, "bad_parameter"),
        ("evaluations/none", {}, 404, "not_found"),
        ("evaluations/none/predictions", {}, 404, "not_found"),
        ("datasets/없음", {}, 404, "not_found"),
        ("jobs/none", {}, 404, "not_found"),
    ],
)
def test_a_request_that_cannot_be_answered_says_why_and_what_to_do(
    collector: CollectorProcess,
    path: str,
    query: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = ask(collector, path, **query)
    error = answer.json()["error"]
    assert (answer.status, error["code"]) == (status, code)
    assert error["message"]
    assert error["hint"]


@pytest.mark.parametrize("path", ["traces", "spans", "sessions", "evaluations"])
@pytest.mark.parametrize(
    ("value", "digits"), [(7, "00" * 16), (7, ""), (1.5, "00" * 8), (1e300, "00" * 8)]
)
def test_a_cursor_of_another_list_is_refused(
    collector: CollectorProcess, path: str, value: float, digits: str
) -> None:
    """One of scores, say, was answered 503 storage_failed: try again."""
    cursor = encode_cursor("-start", value, digits)
    answer = ask(collector, path, cursor=cursor)
    assert (answer.status, answer.json()["error"]["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "scores", b"{", 400),
        ("POST", "scores", b"[]", 400),
        ("POST", "scores", b'{"project":"p"}', 422),
        ("POST", "scores", b'{"project":"p","name":"n","value":"high"}', 422),
        ("POST", "scores", b'{"project":"p","name":"n","trace_id":"x"}', 422),
        ("POST", "scores", b'{"project":"p","name":"n","valeu":1}', 422),
        ("POST", "scores", b'{"project":"p","name":"n","value":1,"scale":5}', 422),
        ("POST", "scores", b'{"project":"p","name":"n","value":1,"scale":[5,1]}', 422),
        ("POST", "scores", b'{"project":"p","name":"n","metadata":[1]}', 422),
        ("PUT", "datasets/d", b'{"project":"p"}', 422),
        ("PUT", "datasets/d", b'{"project":"p","rows":[1]}', 422),
        ("PUT", "datasets/d", b'{"rows":[]}', 422),
        ("PUT", "views/v", b'{"project":"p","replaces":"x"}', 422),
        ("PUT", "jobs/j", b'{"project":"p","state":"x"}', 422),
        ("POST", "jobs/lease", b"{}", 422),
        ("POST", "jobs/lease", b'{"worker":"w","kinds":[1]}', 400),
        ("PUT", "datasets/d", DEEP, 422),
        ("PUT", "views/v", DEEP, 422),
        ("PUT", "jobs/j", DEEP, 422),
        ("POST", "scores", DEEP, 422),
        ("POST", "scores", b'{"project":"p","name":"n","value":1e151}', 422),
        ("PUT", "datasets/a/versions", b'{"project":"p","rows":[]}', 422),
        ("PUT", "datasets/", b'{"project":"p","rows":[]}', 422),
        ("GET", "nothing/here", None, 404),
        ("DELETE", "traces", None, 405),
        ("DELETE", "views/none?project=p", None, 404),
        ("DELETE", "datasets/none?project=p", None, 404),
    ],
)
def test_a_write_that_does_not_fit_is_refused(
    collector: CollectorProcess, method: str, path: str, body: bytes | None, status: int
) -> None:
    url = f"{collector.url}/api/v1/{path}"
    headers = {"Content-Type": "application/json"}
    answer = urllib3.request(method, url, body=body, headers=headers)
    assert answer.status == status
    assert set(answer.json()["error"]) == {"code", "message", "hint"}


def test_a_name_may_hold_slashes_signs_and_line_breaks(
    collector: CollectorProcess, project: str
) -> None:
    """A user whose id has a line break could not be deleted."""
    body = json.dumps({"project": project, "rows": [], "params": {}}).encode()
    for name in ("a/b", "한글 이름/?#%", "versions", "a\nb", "a\r\n\x00\n"):
        for kind in ("datasets", "jobs"):
            path = f"{kind}/{quote(name, safe='')}"
            assert ask(collector, path, method="PUT", body=body).status == 200
            assert ask(collector, path, project=project).status == 200
    versions = ask(collector, "datasets/a%2Fb/versions", project=project)
    assert len(versions.json()["rows"]) == 1


@pytest.mark.parametrize("path", ["traces", "spans"])
def test_a_page_comes_as_arrow_on_request(
    collector: CollectorProcess, project: str, path: str
) -> None:
    send(collector, project, 3)
    names: list[str] = []
    query: dict[str, Any] = {"project": project, "limit": 2, "since": 0}
    for _ in range(2):
        answer = ask(collector, path, accept=ARROW, **query)
        assert answer.headers["content-type"] == ARROW
        table = pyarrow.ipc.open_stream(answer.data).read_all()
        names += table["name"].to_pylist()
        query["cursor"] = answer.headers.get("x-next-cursor")
    assert names == ["s2", "s1", "s0"]
    assert query["cursor"] is None
    assert table["start"].type == pyarrow.timestamp("us", tz="UTC")
    shown = ask(collector, path, project=project, since=0).json()["rows"]
    json_names = set(shown[0])
    assert set(table.column_names) <= json_names
    assert json_names - set(table.column_names) <= {"total_tokens"}


def test_a_span_that_was_sent_twice_is_in_an_arrow_page_once(
    collector: CollectorProcess, project: str
) -> None:
    """As in JSON: a frame of spans had both."""
    one = span(name="twice")
    for others in ([], [span(name="other")]):
        urllib3.request(
            "POST",
            f"{collector.url}/v1/traces",
            body=trace_request(one, *others, project=project),
            headers={"Content-Type": "application/x-protobuf"},
        )
    answer = ask(collector, "spans", accept=ARROW, project=project, since=0)
    table = pyarrow.ipc.open_stream(answer.data).read_all()
    assert sorted(table["name"].to_pylist()) == ["other", "twice"]


def test_a_score_is_stored_at_once_and_versioned(
    collector: CollectorProcess, project: str
) -> None:
    body: dict[str, Any] = {
        "project": project,
        "name": "좋아요",
        "trace_id": "ab" * 16,
        "metadata": {"why": "친절"},
    }
    for value in (False, True):
        sent = json.dumps(body | {"value": value}).encode()
        stored = ask(collector, "scores", method="POST", body=sent)
        assert (stored.status, stored.json()["value"]) == (200, int(value))
    rows = ask(collector, "scores", project=project).json()["rows"]
    assert [(row["value"], row["type"]) for row in rows] == [(1, "bool")]
    assert rows[0]["metadata"] == {"why": "친절"}


def test_lists_without_pages_say_whether_they_were_cut(
    collector: CollectorProcess, project: str
) -> None:
    send(collector, project, 2)
    for path in ("stats", "scores/trend"):
        assert ask(collector, path, project=project).json()["truncated"] is False
    cut = json.loads(lines_answer([b'{"n":1}', b'{"n":2}'], at_most=1).body)
    assert cut == {"rows": [{"n": 1}], "next": None, "truncated": True}


def test_projects_without_spans_are_listed(
    collector: CollectorProcess, project: str
) -> None:
    names = [f"{project}-{kind}" for kind in ("scores", "datasets", "records")]
    body = {"project": names[0], "name": "good", "value": 1, "trace_id": "ab" * 16}
    ask(collector, "scores", method="POST", body=json.dumps(body).encode())
    body = {"project": names[1], "rows": [{"inputs": {"q": "뭐"}}]}
    ask(collector, "datasets/d", method="PUT", body=json.dumps(body).encode())
    urllib3.request(
        "POST",
        f"{collector.url}/v1/logs",
        body=log_request(record({}, event_name="paid"), project=names[2]),
        headers={"Content-Type": "application/x-protobuf"},
    )
    rows = {row["project"]: row for row in ask(collector, "projects").json()["rows"]}
    assert [rows[name]["n_spans"] for name in names] == [0, 0, 0]
    assert all(rows[name]["last_ns"] > 0 for name in names)


def test_health_tells_versions_and_sizes(collector: CollectorProcess) -> None:
    health = ask(collector, "health").json()
    assert (health["status"], health["engine"]) == ("ok", "chdb")
    assert health["schema_version"] >= 9
    assert health["disk_bytes"] > 0


def test_callers_who_hang_up_leave_the_collector_working(
    collector: CollectorProcess, project: str
) -> None:
    address = urlsplit(collector.url)
    request = f"GET /api/v1/traces?project={project} HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(20):
        with socket.create_connection((address.hostname, address.port)) as caller:
            caller.sendall(request.encode())
    assert ask(collector, "traces", project=project).status == 200


@pytest.mark.parametrize(
    "kind", ["views", "jobs", "judges", "online-rules", "alert-rules"]
)
def test_what_people_keep_has_a_name(collector: CollectorProcess, kind: str) -> None:
    """It was kept under no name, where no address led to it."""
    body = b'{"project":"p","name":"n","definition":{},"measure":"calls"}'
    answer = ask(collector, f"{kind}/", method="PUT", body=body)
    assert (answer.status, answer.json()["error"]["code"]) == (400, "bad_parameter")
    assert answer.json()["error"]["hint"] == "put it into the path"


@pytest.mark.parametrize(
    "period",
    [{"since": "2026-01-01", "until": "1970-01-01"}, {"since": "2099-01-01"}],
)
def test_a_period_that_ends_before_it_begins_is_not_priced_anew(
    collector: CollectorProcess, period: dict[str, str]
) -> None:
    """An end in 1970 was none: all spans to this day were priced."""
    answer = ask(collector, "reprice", method="POST", **period)
    assert (answer.status, answer.json()["error"]["code"]) == (400, "bad_parameter")
