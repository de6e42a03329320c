"""A key of one project sees and writes only that project, at every door."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from guarded import ADMIN, Guarded, guarded_collector
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import log_request, record, span, trace_request

from collector.access.doors import SCOPE_OF

TRACE, SPAN = bytes(range(1, 17)), bytes(range(1, 9))
"""One trace that passes through both projects, and its entry span in each."""


FORM = [{"name": "good", "kind": "yes_no"}]


@dataclass(frozen=True)
class House:
    """A collector with two projects that have everything, and a key of one of them."""

    collector: Guarded
    mine: str
    """Key of project ``mine``, scopes read, edit and ingest."""

    def ask(self, path: str, **body: Any) -> tuple[int, str]:
        method = "POST" if body else "GET"
        answer = self.collector.call(self.mine, method, path, body or None)
        return answer.status, answer.data.decode()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with guarded_collector(tmp_path_factory.mktemp("one-project")) as running:
        for project in ("theirs", "mine"):
            fill(running, project)
        yield House(running, running.make("read", "edit", "ingest", project="mine"))


def spans_of(project: str, now_ns: int) -> bytes:
    """A call and a prediction; every text names the project."""
    times = {"start_time_unix_nano": now_ns, "end_time_unix_nano": now_ns + 1000}
    common = {
        **{"tracer.input": f"{project} input", "session.id": f"{project}-session"},
        **{"user.id": f"{project}-user", "tracer.tags": [f"{project}-tag"]},
        **{f"tracer.metadata.{project}-key": f"{project}-value"},
        **{"gen_ai.prompt.name": project, "gen_ai.prompt.version": f"{project}-1"},
        **{"gen_ai.operation.name": "chat", "gen_ai.response.model": f"{project}-m"},
    }
    ids = {"trace_id": TRACE, "span_id": SPAN}
    why = Status(code=Status.STATUS_CODE_ERROR, message=f"{project} failed")
    call = span(common, name=f"{project} call", status=why, **ids, **times)
    run = {"tracer.evaluation.id": "run-1", "tracer.example.id": f"{project}-example"}
    run |= {"tracer.trial": 0, "tracer.kind": "prediction"}
    predicted = span(run | common, name=f"{project} prediction", **times)
    sender = {"service__instance__id": f"{project}-process", "tracer__batch": 1}
    return trace_request(call, predicted, project=project, **sender)


def logs_of(project: str, now_ns: int) -> bytes:
    """A run and a view of it, scores of a call and of a prediction, and an event."""
    viewed = {"tracer.evaluation.id": "run-1", "tracer.evaluation.view.name": "report"}
    viewed |= {"tracer.evaluation.view.content": f"{project} report"}
    started = {"tracer.evaluation.id": "run-1", "tracer.evaluation.name": project}
    started |= {"tracer.evaluation.model": f"{project}-m"}
    judged = {
        "gen_ai.evaluation.name": "good",
        "gen_ai.evaluation.score.value": 1.0 if project == "mine" else 0.0,
        "gen_ai.evaluation.explanation": f"{project} explanation",
    }
    of_run = {"tracer.evaluation.id": "run-1", "tracer.example.id": "e-1"}
    score, at = "gen_ai.evaluation.result", {"time_unix_nano": now_ns}
    place = {"trace_id": TRACE, "span_id": SPAN, **at}
    records = [
        record(started, event_name="tracer.evaluation.started", **at),
        record(viewed, event_name="tracer.evaluation.view", **at),
        record(judged, event_name=score, **place),
        record(judged | of_run, event_name=score, **at),
        record({"text": f"{project} event"}, **place),
    ]
    sender = {"service__instance__id": f"{project}-process", "tracer__batch": 2}
    return log_request(*records, project=project, **sender)


def fill(running: Guarded, project: str) -> None:
    """Bring everything that a project can have."""
    now_ns = time.time_ns()
    question = {"inputs": {"question": f"{project} question"}}
    documents: list[tuple[str, str, Any]] = [
        ("POST", "/v1/traces", spans_of(project, now_ns)),
        ("POST", "/v1/logs", logs_of(project, now_ns)),
        ("PUT", "/api/v1/datasets/set", {"rows": [question]}),
        ("PUT", f"/api/v1/datasets/{project}-set", {"rows": []}),
        ("PUT", "/api/v1/views/view", {"name": f"{project} view"}),
        ("PUT", "/api/v1/judges/judge", {"definition": {"of": project}}),
        ("PUT", "/api/v1/online-rules/rule", {"scorers": [f"{project} scorer"]}),
        ("PUT", "/api/v1/alert-rules/rule", {"name": f"{project} rule"}),
        ("PUT", "/api/v1/queues/queue", {"form": FORM, "description": project}),
        ("POST", "/api/v1/queues/queue/items", {"items": [{"trace_id": TRACE.hex()}]}),
        ("PUT", "/api/v1/jobs/job", {"kind": "x", "params": {"of": project}}),
    ]
    for method, path, body in documents:
        sent = body if isinstance(body, bytes) else {**body, "project": project}
        answer = running.call(ADMIN, method, path, sent)
        assert answer.status == 200, answer.data


def where(*condition: Any) -> str:
    return quote(json.dumps([list(condition)]))


READS = {
    "/metrics": ["/metrics"],
    "/api/v1/projects": ["/api/v1/projects"],
    "/api/v1/traces": [
        "/api/v1/traces",
        "/api/v1/traces?origin=all",
        "/api/v1/traces?order=-total_tokens",
        f"/api/v1/traces?where={where('score.good', '<', 0.5)}",
        f"/api/v1/traces?where={where('span.name', 'contains', 'theirs')}",
        f"/api/v1/traces?where={where('project', '=', 'theirs')}",
        f"/api/v1/traces?where={where('n_spans', '>', 1)}",
    ],
    "/api/v1/traces/{trace_id}": [
        f"/api/v1/traces/{TRACE.hex()}",
        f"/api/v1/traces/{TRACE.hex()}?content=0",
    ],
    "/api/v1/traces/{trace_id}/spans/{span_id}": [
        f"/api/v1/traces/{TRACE.hex()}/spans/{SPAN.hex()}"
    ],
    "/api/v1/spans": [
        "/api/v1/spans",
        "/api/v1/spans?origin=all",
        f"/api/v1/spans?where={where('score.good', '<', 0.5)}",
        f"/api/v1/spans?where={where('score.good', 'missing')}",
    ],
    "/api/v1/entry-spans": [
        "/api/v1/entry-spans",
        "/api/v1/entry-spans?origin=all",
        f"/api/v1/entry-spans?where={where('span.name', 'contains', 'theirs')}",
    ],
    "/api/v1/sessions": [
        "/api/v1/sessions",
        f"/api/v1/sessions?where={where('session_id', '=', 'theirs-session')}",
    ],
    "/api/v1/sessions/{session_id}": [
        "/api/v1/sessions/mine-session",
        "/api/v1/sessions/theirs-session",
    ],
    "/api/v1/stats": [
        *(f"/api/v1/stats?by={by}" for by in ("model", "name", "user_id")),
        *(f"/api/v1/stats?unit=spans&by={by}" for by in ("service", "prompt_name")),
        "/api/v1/stats?by=metadata.theirs-key",
    ],
    "/api/v1/stats/latency": ["/api/v1/stats/latency?by=model"],
    "/api/v1/errors": ["/api/v1/errors"],
    "/api/v1/values": [
        *(
            f"/api/v1/values?field={field}"
            for field in ("project", "model", "metadata")
        ),
        *(f"/api/v1/values?field={field}" for field in ("score", "tags", "user_id")),
    ],
    "/api/v1/scores": [
        "/api/v1/scores",
        "/api/v1/scores?versions=1&deleted=1",
        f"/api/v1/scores?where={where('value', '<', 0.5)}",
    ],
    "/api/v1/scores/trend": [
        *(
            f"/api/v1/scores/trend?by={by}"
            for by in ("model", "evaluation", "prompt_version", "author")
        ),
    ],
    "/api/v1/evaluations": ["/api/v1/evaluations"],
    "/api/v1/evaluations/{evaluation_id}": ["/api/v1/evaluations/run-1"],
    "/api/v1/evaluations/{evaluation_id}/predictions": [
        "/api/v1/evaluations/run-1/predictions"
    ],
    "/api/v1/evaluations/{evaluation_id}/scores": ["/api/v1/evaluations/run-1/scores"],
    "/api/v1/evaluations/{evaluation_id}/measures": [
        "/api/v1/evaluations/run-1/measures"
    ],
    "/api/v1/evaluations/{evaluation_id}/views": ["/api/v1/evaluations/run-1/views"],
    "/api/v1/datasets": ["/api/v1/datasets"],
    "/api/v1/datasets/{name}": ["/api/v1/datasets/set", "/api/v1/datasets/theirs-set"],
    "/api/v1/datasets/{name}/versions": [
        "/api/v1/datasets/set/versions",
        "/api/v1/datasets/theirs-set/versions",
    ],
    "/api/v1/datasets/{name}/versions/{version}/changes": [
        "/api/v1/datasets/theirs-set/versions/x/changes?before=y"
    ],
    "/api/v1/datasets/{name}/versions/{version}/splits": [
        "/api/v1/datasets/theirs-set/versions/x/splits"
    ],
    "/api/v1/workers": ["/api/v1/workers"],
    "/api/v1/views": ["/api/v1/views"],
    "/api/v1/judges": ["/api/v1/judges"],
    "/api/v1/judges/{id}": ["/api/v1/judges/judge"],
    "/api/v1/prices": ["/api/v1/prices?model=theirs-model"],
    "/api/v1/online-rules": ["/api/v1/online-rules"],
    "/api/v1/alert-rules": ["/api/v1/alert-rules"],
    "/api/v1/jobs": ["/api/v1/jobs", "/api/v1/jobs?state=queued"],
    "/api/v1/jobs/{id}": ["/api/v1/jobs/job"],
    "/api/v1/queues": ["/api/v1/queues"],
    "/api/v1/queues/{id}": ["/api/v1/queues/queue"],
    "/api/v1/queues/{id}/items": ["/api/v1/queues/queue/items"],
    "/api/v1/access": ["/api/v1/access"],
    "/api/v1/ledger": ["/api/v1/ledger"],
    "/api/v1/disk": ["/api/v1/disk"],
    "/api/v1/price-lists": ["/api/v1/price-lists"],
    "/api/v1/health": ["/api/v1/health"],
}
"""Every reading route, and ways to ask it for what is the other project's."""

SILENT = (
    "theirs-",
    "metrics",
    "health",
    "workers",
    "price-lists",
    "by=author",
    "by=service",
    "field=score",
)
"""Parts of questions whose answer does not name the key's own project either."""


def test_every_reading_route_is_asked() -> None:
    reads = {
        path
        for (method, path), scope in SCOPE_OF.items()
        if scope == "read" and method in ("GET", "*") and "openapi" not in path
    }
    assert set(READS) == reads


@pytest.mark.parametrize("path", [path for paths in READS.values() for path in paths])
def test_a_read_shows_nothing_of_another_project(house: House, path: str) -> None:
    status, text = house.ask(path)
    assert status in (200, 403, 404), text
    if status == 200:
        assert "theirs" not in text
    if "where=" in path:  # each is true of the other project's part alone
        assert text == '{"rows":[],"next":null}'
    elif not any(part in path for part in SILENT):
        assert status == 200
        assert "mine" in text


@pytest.mark.parametrize("path", sorted(READS))
def test_asking_for_another_project_by_name_is_refused(house: House, path: str) -> None:
    first = READS[path][0]
    joint = "&" if "?" in first else "?"
    status, text = house.ask(f"{first}{joint}project=theirs")
    if "/health" not in path:
        assert status == 403, text
    assert '"rows"' not in text


def test_a_trace_of_two_projects_shows_only_its_own_part(house: House) -> None:
    _, text = house.ask(f"/api/v1/traces/{TRACE.hex()}")
    whole = house.collector.call(ADMIN, "GET", f"/api/v1/traces/{TRACE.hex()}").json()
    assert text.count('"span_id"') < str(whole).count("'span_id'")
    assert '"mean":1.0' in text, "the mean of the trace takes in their score"
    assert '"n_spans":1' in text
    _, listed = house.ask("/api/v1/traces")
    assert '"good":{"mean":1,"n":1' in listed.replace("1.0", "1")


def test_the_health_of_all_projects_is_told_to_a_key_of_all_alone(
    house: House,
) -> None:
    """A list of what to hide lacked two figures."""
    told = json.loads(house.ask("/api/v1/health")[1])
    known = {name for name, value in told.items() if value is not None}
    known -= {"commit"}  # not known outside of a clone
    assert known == {"status", "version", "engine", "engine_version", "schema_version"}
    whole = house.collector.call(ADMIN, "GET", "/api/v1/health").json()
    assert told.keys() == whole.keys()
    unknown = {name for name, value in whole.items() if value is None} - {"commit"}
    assert unknown == {"dashboard_url"}  # nobody has told this collector


def test_sql_sees_only_the_keys_project(house: House) -> None:
    for view in ("spans", "scores", "evaluations"):
        sql = f"SELECT DISTINCT project FROM {view}"
        status, text = house.ask("/api/v1/sql", query=sql)
        assert (status, '"theirs"' in text, '"mine"' in text) == (200, False, True)
    assert house.ask("/api/v1/sql", query=sql, project="theirs")[0] == 403


WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/v1/scores", {"name": "x", "value": 1, "trace_id": TRACE.hex()}),
    ("PUT", "/api/v1/datasets/theirs-set", {"rows": []}),
    ("PUT", "/api/v1/views/view", {"name": "x"}),
    ("PUT", "/api/v1/judges/judge", {"definition": {}}),
    ("PUT", "/api/v1/queues/queue", {"form": FORM}),
    ("POST", "/api/v1/queues/queue/lease", {"author": "a"}),
    ("PUT", "/api/v1/jobs/job", {"state": "done"}),
    ("POST", "/api/v1/jobs/lease", {"worker": "w"}),
    ("POST", "/api/v1/jobs/job/cancel", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_writing_to_another_project_is_refused(
    house: House, method: str, path: str, body: dict[str, Any]
) -> None:
    body = body | {"project": "theirs"}
    answer = house.collector.call(house.mine, method, path, body)
    assert (answer.status, answer.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "path",
    ["/api/v1/datasets/theirs-set", "/api/v1/views/view", "/api/v1/judges/judge"],
)
def test_deleting_in_another_project_is_refused(house: House, path: str) -> None:
    asked = f"{path}?project=theirs"
    assert house.collector.call(house.mine, "DELETE", asked).status == 403


def test_what_names_no_project_is_written_to_the_keys(house: House) -> None:
    call = house.collector.call
    score = {"name": "own", "value": 1}
    assert call(house.mine, "POST", "/api/v1/scores", score).json()["project"] == "mine"
    saved = call(house.mine, "PUT", "/api/v1/datasets/new", {"rows": []}).json()
    assert saved["project"] == "mine"
    leased = call(house.mine, "POST", "/api/v1/jobs/lease", {"worker": "w"}).json()
    assert leased["job"]["project"] == "mine"
    assert call(house.mine, "DELETE", "/api/v1/datasets/new").status == 200


def test_spans_that_claim_another_project_are_rejected_and_counted(
    house: House,
) -> None:
    claiming = trace_request(span(name="smuggled"), project="theirs")
    silent = trace_request(span(name="filled in"), service__name="some-service")
    answer = house.collector.call(house.mine, "POST", "/v1/traces", claiming + silent)
    told = ExportTraceServiceResponse.FromString(answer.data).partial_success
    assert (answer.status, told.rejected_spans) == (200, 1)
    everything = house.collector.call(
        ADMIN, "POST", "/api/v1/sql", {"query": "SELECT name, project FROM spans"}
    )
    rows = {row["name"]: row["project"] for row in everything.json()["rows"]}
    assert rows["filled in"] == "mine"
    assert "smuggled" not in rows


def test_scores_that_claim_another_project_are_rejected(house: House) -> None:
    named = {"gen_ai.evaluation.name": "smuggled", "gen_ai.evaluation.score.value": 1.0}
    score = record(named, event_name="gen_ai.evaluation.result", trace_id=TRACE)
    body = log_request(score, project="theirs")
    answer = house.collector.call(house.mine, "POST", "/v1/logs", body)
    told = ExportTraceServiceResponse.FromString(answer.data).partial_success
    assert (answer.status, told.rejected_spans) == (200, 1)
