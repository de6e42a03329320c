"""Routes of alerts: their rules, as people write them and workers keep them."""

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
    text_in,
)
from collector.api.documents import replaced_in, taken_away
from collector.api.parameters import name_in_path, project_in, projects_of
from collector.storage.documents.alert_rules import save_alert_rule, without_secret
from collector.storage.documents.versions import Place, list_documents


def alert_rules(call: Call) -> Answer:
    """Answer the rules of alerts, the latest changed first."""
    found = list_documents(call.reader, "alert-rule", projects_of(call))
    if "edit" not in call.access.scopes:
        found = [without_secret(rule) for rule in found]
    return rows_answer(found)


def put_alert_rule(call: Call) -> Answer:
    """Store what changed of a rule and answer it."""
    body = json_body(call)
    project = project_in(call, body, required=True)
    place = Place("alert-rule", project, name_in_path(call, "id"))
    saved = save_alert_rule(
        call.store,
        call.reader,
        place,
        body,
        replaces=replaced_in(body),
        author=text_in(body, "author"),
    )
    return json_answer(saved)


def delete_alert_rule(call: Call) -> Answer:
    """Take a rule away, and with it what it remembers of its firings."""
    return taken_away(call, "alert-rule")


_PATH = "/alert-rules/{id:path}"
ROUTES: list[BaseRoute] = [
    Route("/alert-rules", endpoint(alert_rules, is_light=True)),
    Route(_PATH, endpoint(put_alert_rule, is_light=True), methods=["PUT"]),
    Route(_PATH, endpoint(delete_alert_rule, is_light=True), methods=["DELETE"]),
]
