"""Score one production trace: the same scorers as offline, their scores sent late."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from tracer._context import using_evaluation
from tracer._failures import error_type
from tracer._opening import open_span
from tracer._records import Trace
from tracer._scores import offer
from tracer.evaluation._caught import Caught, described
from tracer.evaluation._outcome_records import outcome_record
from tracer.evaluation._outcomes import MISSING, Outcome, outcomes_of
from tracer.evaluation.scorers import NamedScorer


def evaluation_id_of(rule: Mapping[str, Any]) -> str:
    """Return what stands on the spans of a rule's judging: it is no production."""
    return f"online:{rule['id']}"


def is_scored(trace: Mapping[str, Any], scorers: Sequence[NamedScorer]) -> bool:
    """Return whether a listed trace has an answer of every scorer, or its error."""
    names = trace["scores"] or {}
    return all(
        any(name == one.name or name.startswith(f"{one.name}.") for name in names)
        for one in scorers
    )


def score_trace(
    rule: Mapping[str, Any], trace: Trace, scorers: Sequence[NamedScorer]
) -> int:
    """Let every scorer judge a trace and send what it says; return how many failed.

    Sent again, a score is a new version of the same, not a second one.
    """
    columns = columns_of(trace)
    failed = 0
    for scorer in scorers:
        for name, outcome in _answers(rule, trace, scorer, columns):
            failed += outcome.error is not None
            offer(
                outcome_record(
                    name,
                    outcome,
                    trace_id=trace.trace_id,
                    source=scorer.source,
                    author=scorer.author,
                    metadata={"online_rule": rule["id"]},
                )
            )
    return failed


def columns_of(trace: Trace) -> dict[str, Any]:
    """Return what scorers may ask for by name, from the trace's entry span."""
    entry = trace.spans[0]
    given = entry["input"]
    inputs = given if isinstance(given, Mapping) else {"input": given}
    return {
        **inputs,
        "inputs": inputs,
        "input": given,
        "output": entry["output"],
        "metadata": trace.row["metadata"],
        "spans": trace.spans,
    }


def _answers(
    rule: Mapping[str, Any],
    trace: Trace,
    scorer: NamedScorer,
    columns: Mapping[str, Any],
) -> list[tuple[str, Outcome]]:
    """Return what a scorer says, as scores; its failure is one, too."""
    found: list[tuple[str, Outcome]] = []
    # the evaluation's id keeps judging out of production, or it would judge itself
    with using_evaluation(evaluation_id_of(rule), trace.trace_id, 0):
        span = open_span(scorer.name, kind="evaluator", force=True)
        with Caught() as caught, span.activate():
            asked = scorer.columns(columns, columns["output"])
            scorer.call.check(asked)
            span.output = answer = asyncio.run(scorer.call.call(asked))
            found += outcomes_of(scorer.name, answer)
        span.end(caught.error)
    if (error := caught.error) is None:
        return found or [(scorer.name, MISSING)]
    return [(scorer.name, Outcome(error=error_type(error), detail=described(error)))]
