"""The API describes itself: validly, completely, and as it really answers."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pyarrow
import pytest
import urllib3
from openapi_spec_validator import validate
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import log_request, record, span, trace_request
from processes import CollectorProcess

from collector.api.routes import ROUTES
from collector.openapi.document import methods_of, openapi_document
from collector.openapi.operations import OPERATIONS
from collector.openapi.parameters import QUERY, RENAMED
from collector.openapi.rows import SCHEMAS

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
ARROW = "application/vnd.apache.arrow.stream"
RUN = "run-openapi"
Query = dict[str, str]


def test_the_document_is_valid_openapi() -> None:
    validate(openapi_document(ROUTES))


def test_every_route_is_described_and_nothing_else() -> None:
    routes = {f"{method} {path}" for method, path, _ in methods_of(ROUTES)}
    assert routes == set(OPERATIONS)


def test_every_operation_says_what_it_does() -> None:
    paths = openapi_document(ROUTES)["paths"]
    told = [one["summary"] for path in paths.values() for one in path.values()]
    assert all(summary.endswith(".") for summary in told)


def test_every_body_names_its_keys_and_those_that_are_needed() -> None:
    """The body of a score described a key called `properties`."""
    for method, path, _ in methods_of(ROUTES):
        body = OPERATIONS[f"{method} {path}"].body
        if body is not None:
            assert set(body["required"]) <= set(body["properties"]), path
            assert "properties" not in body["properties"], path


def test_the_page_names_every_path_parameter_and_column() -> None:
    paths = {
        path.replace("{evaluation_id}", "{id}") for _, path, _ in methods_of(ROUTES)
    }
    assert [path for path in sorted(paths) if path not in PAGE] == []
    words = set(re.findall(r"\w+", PAGE))
    parameters = {RENAMED.get(name, name) for name in QUERY}
    columns = {name for one in SCHEMAS.values() for name in one.get("properties", ())}
    assert sorted((parameters | columns) - words) == []


DOCUMENTS = ("datasets", "views", "judges", "queues")


def ask(collector: CollectorProcess, path: str, **query: Any) -> Any:
    url = f"{collector.url}/api/v1/{path}?{urlencode(query)}"
    answer = urllib3.request("GET", url, timeout=60)
    assert answer.status == 200, answer.data
    return answer


def post(collector: CollectorProcess, path: str, body: bytes, kind: str) -> None:
    is_document = any(part in path for part in DOCUMENTS) and "items" not in path
    method = "PUT" if is_document else "POST"
    headers = {"Content-Type": kind}
    url = f"{collector.url}/{path}"
    answer = urllib3.request(method, url, body=body, headers=headers, timeout=60)
    assert answer.status == 200, answer.data


SENDER = {"service__instance__id": "i", "tracer__batch": 1, "tracer__sent_before": 0}


@pytest.fixture(scope="module")
def filled(collector: CollectorProcess) -> str:
    """A project in which every list has a row."""
    project = "openapi"
    run = {"tracer.evaluation.id": RUN, "tracer.example.id": "e1", "tracer.trial": 0}
    call = span(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.response.model": "m",
            "session.id": "s",
            "tracer.input": '{"q": 1}',
            "tracer.metadata.n": 1,
            "service.instance.id": "i",
        }
    )
    failed = span(status=Status(code=Status.STATUS_CODE_ERROR, message="why"))
    prediction = span(run | {"tracer.kind": "prediction"}, name="prediction")
    proto = "application/x-protobuf"
    spans = trace_request(call, prediction, failed, project=project, **SENDER)
    post(collector, "v1/traces", spans, proto)
    started = record(
        {"tracer.evaluation.id": RUN}, event_name="tracer.evaluation.started"
    )
    post(collector, "v1/logs", log_request(started, project=project), proto)
    common = {"project": project, "name": "good", "value": True}
    of_trace = common | {"trace_id": call.trace_id.hex()}
    of_run = common | {"evaluation_id": RUN, "example_id": "e1", "trial": 0}
    for score in (of_trace, of_run):
        body = json.dumps(score).encode()
        post(collector, "api/v1/scores", body, "application/json")
    rows = {"project": project, "rows": [{"inputs": {"q": "뭐"}}]}
    post(collector, "api/v1/datasets/d", json.dumps(rows).encode(), "application/json")
    view = {"project": project, "name": "v", "page": "traces", "params": {}}
    post(collector, "api/v1/views/v", json.dumps(view).encode(), "application/json")
    judge = json.dumps({"project": project, "definition": {"kind": "rag"}}).encode()
    post(collector, "api/v1/judges/j", judge, "application/json")
    add_queue(collector, project, call.trace_id.hex())
    return project


def add_queue(collector: CollectorProcess, project: str, trace_id: str) -> None:
    queue = {"project": project, "form": [{"name": "good", "kind": "yes_no"}]}
    post(collector, "api/v1/queues/q", json.dumps(queue).encode(), "application/json")
    items = json.dumps({"items": [{"trace_id": trace_id}]}).encode()
    post(collector, "api/v1/queues/q/items", items, "application/json")


LISTS = [
    ("projects", "Project", {}),
    ("traces", "Trace", {}),
    ("spans", "Span", {}),
    ("sessions", "Session", {}),
    ("stats", "Stats", {"interval": "hour"}),
    ("stats/latency", "Latency", {"interval": "hour"}),
    ("errors", "FailureReason", {}),
    ("values", "Value", {"field": "model"}),
    ("scores", "Score", {}),
    ("scores/trend", "Trend", {}),
    ("evaluations", "Evaluation", {}),
    (f"evaluations/{RUN}/predictions", "Prediction", {}),
    (f"evaluations/{RUN}/scores", "Score", {}),
    ("datasets", "Dataset", {}),
    ("datasets/d/versions", "DatasetVersion", {}),
    ("datasets/d", "DatasetRow", {}),
    ("views", "View", {}),
    ("judges", "Judge", {}),
    ("queues", "Queue", {}),
    ("queues/q/items", "QueueItem", {}),
    ("ledger", "Process", {}),
]


@pytest.mark.parametrize(("path", "name", "query"), LISTS)
def test_rows_have_the_columns_that_are_promised(
    collector: CollectorProcess,
    filled: str,
    path: str,
    name: str,
    query: dict[str, str],
) -> None:
    rows = ask(collector, path, project=filled, since=0, **query).json()["rows"]
    assert rows
    assert set(rows[0]) == set(SCHEMAS[name]["properties"])


WITHOUT_ARROW = ("views", "judges", "ledger", "queues", "queues/q/items")


@pytest.mark.parametrize(
    ("path", "name", "query"), [one for one in LISTS if one[0] not in WITHOUT_ARROW]
)
def test_every_list_comes_as_arrow_too(
    collector: CollectorProcess,
    filled: str,
    path: str,
    name: str,
    query: dict[str, str],
) -> None:
    asked = {"project": filled, "since": 0, **query}
    answer = ask(collector, path, format="arrow", **asked)
    assert answer.headers["content-type"] == ARROW
    table = pyarrow.ipc.open_stream(answer.data).read_all()
    rows = ask(collector, path, **asked).json()["rows"]
    assert table.num_rows == len(rows)
    left_out = {"total_tokens"} if path == "traces" else set()
    assert set(table.column_names) == set(rows[0]) - left_out


def test_a_users_statement_comes_as_arrow_too(
    collector: CollectorProcess, filled: str
) -> None:
    body = json.dumps({"query": "SELECT name, start FROM spans", "project": filled})
    answer = urllib3.request(
        "POST",
        f"{collector.url}/api/v1/sql?format=arrow",
        body=body.encode(),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    table = pyarrow.ipc.open_stream(answer.data).read_all()
    assert (answer.status, table.num_rows) == (200, 3)
    assert pyarrow.types.is_timestamp(table["start"].type)


def test_one_trace_has_the_columns_that_are_promised(
    collector: CollectorProcess, filled: str
) -> None:
    listed = ask(collector, "traces", project=filled, since=0).json()["rows"]
    path = f"traces/{quote(listed[0]['trace_id'])}"
    alone = ask(collector, path, project=filled).json()
    first = alone["spans"][0]
    assert set(first) == set(SCHEMAS["FullSpan"]["properties"])
    steps = ask(collector, path, project=filled, content=0).json()["spans"]
    assert set(steps[0]) == set(SCHEMAS["Step"]["properties"])
    one = ask(collector, f"{path}/spans/{first['span_id']}", project=filled).json()
    assert set(one) == set(SCHEMAS["SpanAlone"]["properties"])
    session = ask(collector, "sessions/s", project=filled).json()
    assert set(session) == set(SCHEMAS["SessionAlone"]["properties"])
    assert set(session["rows"][0]) == set(SCHEMAS["Turn"]["properties"])
    run = ask(collector, f"evaluations/{RUN}", project=filled).json()
    assert set(run["sums"][0]) == set(SCHEMAS["EvaluationSum"]["properties"])


def test_the_collector_answers_its_description_each_time_the_same(
    collector: CollectorProcess,
) -> None:
    with ThreadPoolExecutor(4) as callers:
        asked = [callers.submit(ask, collector, "openapi.json") for _ in range(4)]
        answers = {answer.result().data for answer in asked}
    assert list(answers) == [orjson.dumps(openapi_document(ROUTES))]


def test_another_format_is_refused(collector: CollectorProcess) -> None:
    answer = urllib3.request("GET", f"{collector.url}/api/v1/spans?format=xml")
    assert (answer.status, answer.json()["error"]["code"]) == (400, "bad_parameter")
