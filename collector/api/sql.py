"""Route of users' SQL."""

from functools import partial

from starlette.routing import BaseRoute, Route

from collector.api.arrow import cut_answer
from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_body,
    lines_answer,
    text_in,
)
from collector.api.parameters import project_in
from collector.api.refusals import Refusal
from collector.storage.reads.sql import MAX_ROWS, run_jailed


def sql(call: Call) -> Answer:
    """Answer the rows of one SELECT over the public views."""
    # the parser takes 8 MiB, which a collector without such calls need not have
    from collector.storage.sql.jail import jail

    body = json_body(call)
    parameters = body.get("parameters") or {}
    if not isinstance(parameters, dict):
        hint = 'give parameters as {"name": value}'
        raise Refusal(422, "bad_body", "parameters are no object", hint=hint)
    project = project_in(call, body) or None
    jailed = jail(text_in(body, "query"), parameters, project=project)
    run = partial(run_jailed, call.store, jailed, mark=call.reader.mark)
    if call.wants_arrow:
        return cut_answer(partial(run, fmt="ArrowStream"), at_most=MAX_ROWS)
    lines = run().splitlines()
    return lines_answer(lines, at_most=MAX_ROWS)


ROUTES: list[BaseRoute] = [Route("/sql", endpoint(sql), methods=["POST"])]
