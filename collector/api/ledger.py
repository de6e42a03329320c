"""The route of the ledger: sent = stored, process by process."""

import time

from starlette.routing import BaseRoute, Route

from collector.api.call import Answer, Call, endpoint, json_answer
from collector.api.parameters import limit_of, projects_of, time_of
from collector.config import Settings
from collector.storage.reads.ledger import read_ledger
from collector.storage.reads.scope import Scope

DAY_S = 86_400


def ledger(call: Call) -> Answer:
    """Answer what each process sent in the last day, and what is stored of it."""
    since_ns = time_of(call, "since")
    if since_ns is None:
        since_ns = time.time_ns() - DAY_S * 10**9
    scope = Scope(projects=projects_of(call), since_ns=since_ns)
    settings: Settings = call.state.settings
    kept_from_s = 0
    if settings.retention_days:
        today_s = int(time.time()) // DAY_S * DAY_S
        kept_from_s = today_s - settings.retention_days * DAY_S
    limit = limit_of(call)
    rows = read_ledger(call.reader, scope, kept_from_s=kept_from_s, limit=limit + 1)
    answer = {"rows": rows[:limit], "next": None, "truncated": len(rows) > limit}
    return json_answer(answer)


ROUTES: list[BaseRoute] = [Route("/ledger", endpoint(ledger))]
