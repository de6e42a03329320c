"""Routes of scores."""

from starlette.routing import BaseRoute, Route

from collector.api.arrow import asked_answer
from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
    stream_answer,
)
from collector.api.parameters import (
    choice_of,
    flag_of,
    page_of,
    project_in,
    scope_of,
    time_of,
)
from collector.api.refusals import bad_parameter
from collector.api.scoring import score_row
from collector.storage.conditions import Condition
from collector.storage.edits import store_score
from collector.storage.reads.scope import Page, Scope
from collector.storage.reads.scores import Versions, list_scores
from collector.storage.reads.trend import (
    GROUPS,
    INTERVALS,
    MAX_ROWS,
    Trend,
    ask_trend,
)


def scores(call: Call) -> Answer:
    """Answer one page of scores, the newest version of each."""
    versions = Versions(
        as_of_ns=time_of(call, "as_of"),
        with_deleted=flag_of(call, "deleted"),
        all=flag_of(call, "versions"),
    )
    scope = scope_of(call, origin="all")
    page = page_of(call)
    if call.wants_arrow:
        from collector.storage.reads.arrow import scores_stream

        return stream_answer(*scores_stream(call.reader, scope, page, versions))
    return rows_answer(*list_scores(call.reader, scope, page, versions))


def trend(call: Call) -> Answer:
    """Answer sums of scores by time."""
    by = call.query.get("by") or None
    if by is not None and by not in GROUPS:
        raise bad_parameter("by", by, hint=f"use one of {', '.join(GROUPS)}")
    asked = Trend(
        interval=choice_of(call, "interval", INTERVALS),
        by=by,
        names=call.query.getlist("name"),
        where=page_of(call).where,
    )
    statement = ask_trend(scope_of(call, origin="all"), asked)
    return asked_answer(call, statement, at_most=MAX_ROWS)


def add_score(call: Call) -> Answer:
    """Store a score and answer it as it holds now."""
    body = json_body(call)
    own = {"project": project_in(call, body)} if call.access.project else {}
    row = score_row(body | own)
    with call.store.handle("write") as client:
        store_score(client, row)
    page = Page(where=[Condition("score_id", "=", row.score_id.hex())], limit=1)
    scope = Scope(projects=(row.project,))
    shown, _ = list_scores(call.reader, scope, page, Versions(with_deleted=True))
    return json_answer(shown[0])


ROUTES: list[BaseRoute] = [
    Route("/scores", endpoint(scores), methods=["GET"]),
    Route("/scores", endpoint(add_score, is_light=True), methods=["POST"]),
    Route("/scores/trend", endpoint(trend)),
]
