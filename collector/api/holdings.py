"""Routes about the store itself: its disk by project, its price lists."""

from starlette.routing import BaseRoute, Route

from collector.api.call import Answer, Call, endpoint, json_answer, rows_answer
from collector.api.parameters import scope_of
from collector.storage.reads.holdings import read_disk, read_price_lists


def disk(call: Call) -> Answer:
    """Answer how much disk each project takes, as an estimate."""
    scope = scope_of(call, origin="all", windowed=False)
    return rows_answer(read_disk(call.reader, scope, call.store.cluster))


def price_lists(call: Call) -> Answer:
    """Answer which lists price spans, and which models of the window have no price."""
    return json_answer(read_price_lists(call.reader, scope_of(call, origin="all")))


ROUTES: list[BaseRoute] = [
    Route("/disk", endpoint(disk)),
    Route("/price-lists", endpoint(price_lists)),
]
