"""What the API's description shows: examples that fit, and that a collector takes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from jsonschema import Draft202012Validator
from otlp_requests import span, trace_request
from processes import CollectorProcess

from collector.api.routes import ROUTES
from collector.openapi.document import openapi_document
from collector.openapi.refused import CODES

DOCUMENT = openapi_document(ROUTES)
HOUSE = Path(__file__).parents[2]
PROJECT = "support-bot"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            yield method.upper(), path, told


ALL = {f"{method} {path}": told for method, path, told in operations()}
BODIES = [name for name, told in ALL.items() if "requestBody" in told]


def json_of(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told["content"]["application/json"]
    return found


def misfits(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {"components": DOCUMENT["components"], **schema}
    found = Draft202012Validator(whole).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def test_every_operation_and_parameter_is_described() -> None:
    for name, told in ALL.items():
        assert told["description"].endswith("."), name
        assert [
            one["name"] for one in told["parameters"] if not one["description"]
        ] == []
        assert told["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}


def test_every_operation_answers_more_than_an_object_and_names_its_errors() -> None:
    for name, told in ALL.items():
        schema = json_of(told["responses"]["200"])["schema"]
        assert "$ref" in schema or schema.get("properties"), name
        assert {"401", "403", "503", "default"} <= told["responses"].keys(), name


def test_whatever_keeps_something_names_the_full_disk() -> None:
    """Only the deletes of traces, users and projects did; all of them answer so."""
    silent = {name for name, told in ALL.items() if "507" not in told["responses"]}
    no_reads = {name for name in silent if not name.startswith("GET ")}
    assert no_reads == {"POST /sql", "POST /backups/{name}", "POST /reprice"}


def test_every_example_fits_its_schema() -> None:
    for name, told in ALL.items():
        answer = json_of(told["responses"]["200"])
        assert misfits(answer["schema"], answer["example"]) == [], name
        if "requestBody" in told:
            body = json_of(told["requestBody"])
            assert misfits(body["schema"], body["example"]) == [], name


def test_every_code_of_an_error_is_told() -> None:
    """Others than these come with the statuses of `default`."""
    default = {"internal", "stalled", "bad_method", "too_many_failures", "disconnected"}
    raised = {
        found
        for source in (HOUSE / "collector").rglob("*.py")
        for found in re.findall(
            r"(?:Refusal|Denied)\(\s*(\d{3}),\s*\"(\w+)\"", source.read_text("utf-8")
        )
    }
    assert len(raised) > 20
    silent = {
        (status, code)
        for status, code in raised
        if code not in default and code not in CODES[int(status)][1].split()
    }
    assert silent == set()


def ask(
    collector: CollectorProcess, route: str, body: Any = None, /, **names: str
) -> dict[str, Any]:
    """Ask a route, hold the answer to its schema and return it."""
    method, path = route.split()
    url = f"{collector.url}/api/v1{path.format(**names)}"
    answer = urllib3.request(method, url, json=body, timeout=60)
    found: dict[str, Any] = answer.json()
    assert answer.status == 200, (route, found)
    schema = json_of(ALL[route]["responses"]["200"])["schema"]
    assert misfits(schema, found) == [], route
    return found


@pytest.fixture(scope="module")
def taken(collector: CollectorProcess) -> list[str]:
    """The routes that took the example of their body, in an order that works."""
    order = [
        ("POST /scores", {}),
        ("PUT /datasets/{name}", {"name": "example-faq"}),
        ("PATCH /datasets/{name}", {"name": "example-faq"}),
        ("POST /datasets/{name}/describe", {"name": "example-faq"}),
        ("POST /datasets/{name}/rename", {"name": "example-faq"}),
        ("PUT /views/{id}", {"id": "slow"}),
        ("PUT /judges/{id}", {"id": "facts"}),
        ("PUT /jobs/{id}", {"id": "example-job"}),
        ("POST /jobs/lease", {}),
        ("PUT /workers/{name}", {"name": "worker-1"}),
        ("PUT /online-rules/{id}", {"id": "json"}),
        ("PUT /alert-rules/{id}", {"id": "errors"}),
        ("PUT /queues/{id}", {"id": "answers-to-read"}),
        ("POST /queues/{id}/items", {"id": "answers-to-read"}),
        ("POST /queues/{id}/lease", {"id": "answers-to-read"}),
        ("POST /queues/{id}/skip", {"id": "answers-to-read"}),
        ("POST /queues/{id}/answers", {"id": "answers-to-read"}),
        ("POST /queues/{id}/undo", {"id": "answers-to-read"}),
        ("PUT /retention/{project}", {"project": PROJECT}),
        ("POST /keys", {}),
        ("POST /sql", {}),
    ]
    version = item = ""
    for name, names in order:
        body = dict(json_of(ALL[name]["requestBody"])["example"])
        if "base" in body:
            body["base"] = version
        if "item" in body:
            body["item"] = item
        found = ask(collector, name, body, **names)
        version = found.get("version", version)
        if name == "POST /keys":
            ask(collector, "DELETE /keys/{id}", id=found["id"])
        item = (found.get("item") or {}).get("id", item)
    ask(collector, "POST /jobs/{id}/cancel", None, id="example-job")
    return [name for name, _ in order]


def test_every_example_of_a_body_is_one_that_the_collector_takes(
    taken: list[str],
) -> None:
    """The body of a score named keys that no score has, and not its scale."""
    with_a_job_that_ended = {"POST /jobs/{id}/retry"}
    assert set(BODIES) - set(taken) == with_a_job_that_ended


def test_answers_that_are_no_lists_fit_their_schemas(
    collector: CollectorProcess, taken: list[str]
) -> None:
    one = span({"user.id": "example-user"})
    body = trace_request(one, project=PROJECT)
    headers = {"Content-Type": "application/x-protobuf"}
    sent = urllib3.request(
        "POST", f"{collector.url}/v1/traces", body=body, headers=headers
    )
    assert sent.status == 200
    for name in ("health", "access", "openapi.json", "price-lists", "retention"):
        ask(collector, f"GET /{name}")
    ask(collector, "DELETE /retention/{project}", project=PROJECT)
    gone = ask(collector, "DELETE /users/{user_id}", user_id="example-user")
    assert gone["n_traces"] == 1
    ask(collector, "DELETE /projects/{project}", project=PROJECT)
