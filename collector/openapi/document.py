"""The document itself: routes, their words, and what they take and answer."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.routing import BaseRoute, Route

from collector.openapi.operations import OPERATIONS, Operation
from collector.openapi.parameters import in_path, in_query
from collector.openapi.rows import SCHEMAS
from collector.openapi.schemas import ref
from tracer._build import version

ARROW = "application/vnd.apache.arrow.stream"


def methods_of(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str, Route]]:
    """Yield method, path (``{id}``, whatever it holds) and route of each endpoint."""
    for route in routes:
        if isinstance(route, Route):
            path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                yield method, path, route


def openapi_document(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of these routes."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, route in methods_of(routes):
        operation = OPERATIONS[f"{method} {path}"]
        told = _operation(operation, path=path, route=route)
        told["operationId"] = f"{method.lower()}{_camel(path)}"
        paths.setdefault(path, {})[method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tracer read API",
            "version": version(),
            "description": "Traces, scores and evaluations; docs/api.md says more.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "responses": {"Error": _json("Why not, and what to do.", ref("Error"))},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation, *, path: str, route: Route) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", path)
    parameters = [in_path(name) for name in names] + [
        in_query(name, fields=operation.fields, required=name in operation.required)
        for name in operation.query
    ]
    told: dict[str, Any] = {
        "summary": (route.endpoint.__doc__ or "").strip().partition("\n")[0],
        "parameters": parameters,
        "responses": {
            "200": _answer(operation),
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _answer(operation: Operation) -> dict[str, Any]:
    answer = _json("The answer.", operation.answer)
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


def _json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"description": description, "content": content}


def _camel(path: str) -> str:
    return "".join(word.capitalize() for word in re.findall(r"\w+", path))
