"""Routes of evaluation runs."""

from dataclasses import replace

import orjson
from starlette.routing import BaseRoute, Route

from collector.api.arrow import page_answer
from collector.api.call import Answer, Call, endpoint, rows_answer
from collector.api.parameters import page_of, scope_of
from collector.api.refusals import not_found
from collector.storage.conditions import Condition
from collector.storage.reads.evaluations import (
    evaluation_measures,
    evaluation_sums,
    list_evaluations,
    list_views,
    read_evaluation,
)
from collector.storage.reads.predictions import list_predictions
from collector.storage.reads.reader import Row
from collector.storage.reads.scope import Scope
from collector.storage.reads.scores import list_scores


def evaluations(call: Call) -> Answer:
    """Answer one page of runs."""
    scope = scope_of(call, origin="all")
    return page_answer(call, *list_evaluations(call.reader, scope, page_of(call)))


def evaluation(call: Call) -> Answer:
    """Answer one run with its sums by score and example."""
    run, scope = _run(call)
    sums = evaluation_sums(call.reader, scope, run)
    head = orjson.dumps(run)
    return Answer(b'{"evaluation":' + head + b',"sums":[' + b",".join(sums) + b"]}")


def predictions(call: Call) -> Answer:
    """Answer one page of a run's predictions."""
    run, scope = _run(call)
    found = list_predictions(call.reader, scope, run, page_of(call))
    return page_answer(call, *found)


def measures(call: Call) -> Answer:
    """Answer what a run's predictions took, one row an example."""
    run, scope = _run(call)
    return rows_answer(evaluation_measures(call.reader, scope, run))


def scores(call: Call) -> Answer:
    """Answer one page of a run's scores."""
    run, scope = _run(call)
    page = page_of(call)
    of_run = Condition("evaluation_id", "=", run["id"])
    page = replace(page, where=[of_run, *page.where])
    return page_answer(call, *list_scores(call.reader, scope, page))


def views(call: Call) -> Answer:
    """Answer a run's views."""
    run, scope = _run(call)
    return page_answer(call, list_views(call.reader, scope, run))


def _run(call: Call) -> tuple[Row, Scope]:
    """Return the run that the path names, and its project at any time."""
    evaluation_id = call.path["evaluation_id"]
    scope = scope_of(call, origin="all", windowed=False)
    run = read_evaluation(call.reader, scope, evaluation_id)
    if run is None:
        hint = "GET /evaluations lists the runs, by id and by name"
        raise not_found("evaluation", evaluation_id, hint=hint)
    return run, replace(scope, projects=(run["project"],))


ROUTES: list[BaseRoute] = [
    Route("/evaluations", endpoint(evaluations)),
    Route("/evaluations/{evaluation_id:path}/predictions", endpoint(predictions)),
    Route("/evaluations/{evaluation_id:path}/scores", endpoint(scores)),
    Route("/evaluations/{evaluation_id:path}/views", endpoint(views)),
    Route("/evaluations/{evaluation_id:path}/measures", endpoint(measures)),
    Route("/evaluations/{evaluation_id:path}", endpoint(evaluation)),
]
