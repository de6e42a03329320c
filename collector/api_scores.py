"""Routes of scores."""

from starlette.routing import BaseRoute, Route

from collector.api_call import Answer, Call, endpoint, rows_answer
from collector.api_parameters import flag_of, page_of, scope_of, time_of
from collector.storage.reads.scores import Versions, list_scores


def scores(call: Call) -> Answer:
    """Answer one page of scores, the newest version of each."""
    versions = Versions(
        as_of_ns=time_of(call, "as_of"),
        with_deleted=flag_of(call, "deleted"),
        all=flag_of(call, "versions"),
    )
    scope = scope_of(call, origin="all")
    return rows_answer(*list_scores(call.reader, scope, page_of(call), versions))


ROUTES: list[BaseRoute] = [
    Route("/scores", endpoint(scores)),
]
