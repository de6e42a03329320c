"""The document itself: routes, their words, and what they take and answer."""

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import Any, Final

from starlette.routing import BaseRoute, Route

from collector.access.doors import SCOPE_OF
from collector.openapi.examples import example_of
from collector.openapi.operations import OPERATIONS, Operation
from collector.openapi.parameters import in_path, in_query
from collector.openapi.refused import responses, statuses
from collector.openapi.rows import SCHEMAS
from collector.openapi.schemas import Schema
from tracer._build import version

ARROW = "application/vnd.apache.arrow.stream"
PREFIX: Final = "/api/v1"

TOPICS: Final = {
    "access": "What the key at hand may do.",
    "alert-rules": "What workers watch, and whom they tell.",
    "backups": "Copies of the whole store, made by the collector.",
    "chores": "Long work that an administrator starts: backups, pricing anew.",
    "datasets": "Rows with versions, as people and programs edit them.",
    "disk": "What projects take.",
    "entry-spans": "What the calls of an application were asked and said.",
    "errors": "Why calls failed.",
    "evaluations": "Runs, their predictions, scores and measures.",
    "health": "Versions, sizes and queue of the collector.",
    "jobs": "Work for `tracer worker`.",
    "judges": "Definitions of models that grade.",
    "keys": "Who may do what.",
    "ledger": "What each process sent, and what is stored of it.",
    "online-rules": "Which production traffic workers score.",
    "openapi.json": "This description.",
    "price-lists": "The lists by which spans are priced.",
    "prices": "What a model costs.",
    "projects": "What there is, and deleting all of one.",
    "queues": "Annotation: what people are asked about calls.",
    "reprice": "Pricing a period anew.",
    "retention": "How long rows are kept.",
    "scores": "Judgements of traces, spans and predictions, every version.",
    "sessions": "Conversations.",
    "spans": "Single steps of calls.",
    "sql": "One SELECT over the public views.",
    "stats": "Counts, latency, tokens and cost by time and group.",
    "traces": "Calls of an application, whole.",
    "users": "Deleting what a user left.",
    "values": "Values that a field has.",
    "views": "Filters that people saved.",
    "workers": "Workers that were heard of within the last hour.",
}
"""First part of the path → what its routes are about."""


def methods_of(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str, Route]]:
    """Yield method, path (``{id}``, whatever it holds) and route of each endpoint."""
    for route in routes:
        if isinstance(route, Route):
            path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                yield method, path, route


def topic_of(path: str) -> str:
    """Return what a path is about: ``/traces/{id}`` is about traces."""
    return path.strip("/").partition("/")[0]


def openapi_document(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these routes."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, route in methods_of(routes):
        told = _operation(OPERATIONS[f"{method} {path}"], method, path, route)
        paths.setdefault(path, {})[method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tracer read API",
            "version": version(),
            "description": "Traces, scores and evaluations; docs/api.md says more.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "tags": [
            {"name": topic, "description": TOPICS[topic]}
            for topic in sorted({topic_of(path) for path in paths})
        ],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": responses(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(
    operation: Operation, method: str, path: str, route: Route
) -> dict[str, Any]:
    summary, _, more = cleandoc(route.endpoint.__doc__ or "").partition("\n")
    told: dict[str, Any] = {
        "operationId": f"{method.lower()}{_camel(path)}",
        "tags": [topic_of(path)],
        "summary": summary,
        "description": "\n\n".join(
            part for part in (more.strip(), _asked_of_keys(method, path)) if part
        ),
        "parameters": _parameters(operation, path),
        "responses": {"200": _answer(operation), **_errors(operation, method, path)},
    }
    if operation.body is not None:
        told["requestBody"] = _body(operation.body) | {
            "required": not operation.may_go_without_body
        }
    return told


def _parameters(operation: Operation, path: str) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", path)
    return [in_path(name, topic_of(path)) for name in names] + [
        in_query(name, fields=operation.fields, required=name in operation.required)
        for name in operation.query
    ]


def _asked_of_keys(method: str, path: str) -> str:
    scope = SCOPE_OF[method, PREFIX + path]
    return f"Where keys are asked for, the key needs the scope `{scope}`."


def _errors(operation: Operation, method: str, path: str) -> dict[str, Any]:
    keys = operation.body["properties"] if operation.body else {}
    found = statuses(
        method=method,
        path=path,
        asks=bool(operation.query) or "_id}" in path,
        has_body=operation.body is not None,
        conflicts="replaces" in keys
        or path.endswith(("/rename", "/retry", "/lease"))
        or topic_of(path) in ("backups", "reprice"),
        is_long="since" in operation.query or path in ("/sql", "/disk"),
    )
    default = {"default": {"$ref": "#/components/responses/Error"}}
    return {
        str(status): {"$ref": f"#/components/responses/Error{status}"}
        for status in found
    } | default


def _answer(operation: Operation) -> dict[str, Any]:
    answer = _json("The answer.", operation.answer)
    shown = answer["content"]["application/json"]
    shown["example"] = example_of(operation.answer, SCHEMAS)
    if "format" in operation.query:
        answer["content"][ARROW] = {}
    if "cursor" in operation.query:
        answer["headers"] = {
            "X-Next-Cursor": {
                "description": "The cursor of the next page, beside an Arrow stream.",
                "schema": {"type": "string"},
            }
        }
    return answer


def _body(schema: Schema) -> dict[str, Any]:
    """Return what a request carries; its example stands beside the schema."""
    bare = {key: value for key, value in schema.items() if key != "example"}
    return {
        "content": {"application/json": {"schema": bare, "example": schema["example"]}}
    }


def _json(description: str, schema: Schema) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"description": description, "content": content}


def _camel(path: str) -> str:
    return "".join(word.capitalize() for word in re.findall(r"\w+", path))
