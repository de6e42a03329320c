"""Routes of online scoring's rules."""

from starlette.routing import BaseRoute, Route

from collector.api_call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
)
from collector.api_documents import replaced_in
from collector.api_parameters import project_in, project_to_edit, projects_of
from collector.refusals import not_found
from collector.storage.documents import Change, Place, list_documents, write_document
from collector.storage.online_rules import save_online_rule
from collector.storage.reads.reader import Row


def online_rules(call: Call) -> Answer:
    """Answer the rules of online scoring, the latest changed first."""
    found = list_documents(call.reader, "online-rule", projects_of(call))
    return rows_answer(found)


def put_online_rule(call: Call) -> Answer:
    """Store what changed of a rule and answer it."""
    body = json_body(call)
    project = project_in(call, body, required=True)
    place = Place("online-rule", project, call.path["id"])
    replaces = replaced_in(body)
    saved = save_online_rule(call.store, call.reader, place, body, replaces=replaces)
    return json_answer(saved)


def delete_online_rule(call: Call) -> Answer:
    """Take a rule away; the scores that it made stay."""
    project = project_to_edit(call, what="online-rule")

    def gone(newest: Row | None) -> Change:
        if newest is None:
            hint = "GET /online-rules lists them"
            raise not_found("online rule", call.path["id"], hint=hint)
        return Change(deleted=True)

    place = Place("online-rule", project, call.path["id"])
    write_document(call.store, call.reader, place, gone)
    return json_answer({"deleted": True})


ROUTES: list[BaseRoute] = [
    Route("/online-rules", endpoint(online_rules, is_light=True)),
    Route(
        "/online-rules/{id:path}",
        endpoint(put_online_rule, is_light=True),
        methods=["PUT"],
    ),
    Route(
        "/online-rules/{id:path}",
        endpoint(delete_online_rule, is_light=True),
        methods=["DELETE"],
    ),
]
