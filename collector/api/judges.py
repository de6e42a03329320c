"""Routes of judges: their definitions, and what the model of one costs."""

import time

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
)
from collector.api.documents import stored, taken_away
from collector.api.parameters import (
    projects_of,
    time_of,
)
from collector.api.refusals import Refusal, bad_parameter, not_found
from collector.storage.documents.versions import (
    list_documents,
    read_document,
)
from collector.storage.reads.prices import read_price


def judges(call: Call) -> Answer:
    """Answer the judges, the latest changed first."""
    return rows_answer(list_documents(call.reader, "judge", projects_of(call)))


def judge(call: Call) -> Answer:
    """Answer one judge."""
    found = read_document(call.reader, "judge", projects_of(call), call.path["id"])
    return json_answer(found)


def save_judge(call: Call) -> Answer:
    """Store a judge's definition and answer it; what it means, the worker knows."""
    body = json_body(call)
    definition = body.get("definition")
    if not isinstance(definition, dict):
        raise Refusal(
            422,
            "bad_judge",
            f"definition {str(definition)[:80]!r} is no object",
            hint="docs/judges.md has its keys",
        )
    return stored(call, "judge", body, {"definition": definition})


def delete_judge(call: Call) -> Answer:
    """Take a judge away."""
    return taken_away(call, "judge")


def price(call: Call) -> Answer:
    """Answer what tokens of a model cost; the lists are the same for all projects."""
    model = call.query.get("model") or ""
    if not model:
        raise bad_parameter("model", model, hint="name one, as model=gpt-4o-mini")
    projects_of(call)  # lists are for all, but nobody asks for another's project
    provider = call.query.get("provider") or "openai"
    at_ns = time_of(call, "at")
    at_ns = time.time_ns() if at_ns is None else at_ns
    found = read_price(call.reader, provider, model, at_ns)
    if found is None:
        hint = "name another provider=, or put it into TRACER_PRICES_FILE"
        raise not_found("price of model", f"{provider}/{model}", hint=hint)
    return json_answer(found)


ROUTES: list[BaseRoute] = [
    Route("/judges", endpoint(judges, is_light=True)),
    Route("/judges/{id:path}", endpoint(judge, is_light=True), methods=["GET"]),
    Route("/judges/{id:path}", endpoint(save_judge, is_light=True), methods=["PUT"]),
    Route(
        "/judges/{id:path}", endpoint(delete_judge, is_light=True), methods=["DELETE"]
    ),
    Route("/prices", endpoint(price, is_light=True)),
]
