"""Routes of online scoring's rules."""

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
)
from collector.api.documents import replaced_in, taken_away
from collector.api.parameters import name_in_path, project_in, projects_of
from collector.storage.documents.online_rules import save_online_rule
from collector.storage.documents.versions import Place, list_documents


def online_rules(call: Call) -> Answer:
    """Answer the rules of online scoring, the latest changed first."""
    found = list_documents(call.reader, "online-rule", projects_of(call))
    return rows_answer(found)


def put_online_rule(call: Call) -> Answer:
    """Store what changed of a rule and answer it."""
    body = json_body(call)
    project = project_in(call, body, required=True)
    place = Place("online-rule", project, name_in_path(call, "id"))
    replaces = replaced_in(body)
    saved = save_online_rule(call.store, call.reader, place, body, replaces=replaces)
    return json_answer(saved)


def delete_online_rule(call: Call) -> Answer:
    """Take a rule away; the scores that it made stay."""
    return taken_away(call, "online-rule")


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
