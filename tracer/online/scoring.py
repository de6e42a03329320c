"""Score one production trace: the same scorers as offline, their scores sent late."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracer._capture.context import using_evaluation
from tracer._capture.failures import error_type
from tracer._capture.opening import open_span
from tracer._capture.scores import offer
from tracer._client.records import Trace
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


Failure = tuple[str, str]
"""Name of a score that failed, and why."""


def score_trace(
    trace: Trace,
    scorers: Sequence[NamedScorer],
    *,
    evaluation_id: str,
    facts: Mapping[str, Any],
    drops: Callable[[Outcome], bool] = lambda outcome: False,
) -> list[Failure]:
    """Let every scorer judge a trace and send what it says; return what failed.

    Sent again, a score is a new version of the same, not a second one.

    Args:
        trace: What is judged.
        scorers: Who judge.
        evaluation_id: Stands on the spans of judging, which are no production.
        facts: Metadata of each score: who asked for it.
        drops: Whether a failure is to be tried again later, and not sent.
    """
    columns = columns_of(trace)
    failures: list[Failure] = []
    for scorer in scorers:
        for name, outcome in _answers(evaluation_id, trace, scorer, columns):
            if outcome.error is not None:
                failures.append((name, outcome.detail or outcome.error))
                if drops(outcome):
                    continue
            offer(
                outcome_record(
                    name,
                    outcome,
                    trace_id=trace.trace_id,
                    source=scorer.source,
                    author=scorer.author,
                    metadata=facts,
                )
            )
    return failures


def columns_of(trace: Trace) -> dict[str, Any]:
    """Return what scorers may ask for by name, from the trace's entry span.

    What was retrieved on the way is the context, unless the input has one.
    """
    entry = trace.spans[0]
    given = entry["input"]
    inputs = given if isinstance(given, Mapping) else {"input": given}
    columns = {
        **_retrieved(trace),
        **inputs,
        "inputs": inputs,
        "input": given,
        "output": entry["output"],
        "metadata": trace.row["metadata"],
        "spans": trace.spans,
    }
    if entry.get("expected") is not None:
        columns.setdefault("expected", entry["expected"])
    return columns


def _retrieved(trace: Trace) -> dict[str, Any]:
    """Return the passages that the trace's retrievers found, as its context."""
    found: list[Any] = []
    for span in trace.spans:
        if span["kind"] == "retriever" and span["output"] is not None:
            passages = span["output"]
            found += passages if isinstance(passages, list) else [passages]
    return {"context": found} if found else {}


def _answers(
    evaluation_id: str,
    trace: Trace,
    scorer: NamedScorer,
    columns: Mapping[str, Any],
) -> list[tuple[str, Outcome]]:
    """Return what a scorer says, as scores; its failure is one, too."""
    found: list[tuple[str, Outcome]] = []
    # the evaluation's id keeps judging out of production, or it would judge itself
    with using_evaluation(evaluation_id, trace.trace_id, 0):
        span = open_span(scorer.name, kind="evaluator", force=True)
        with Caught() as caught, span.activate():
            asked = scorer.columns(columns, columns["output"])
            scorer.call.check(asked)
            span.output = answer = asyncio.run(scorer.call.call(asked))
            found += outcomes_of(scorer.name, answer, scale=scorer.scale)
        span.end(caught.error)
    if (error := caught.error) is None:
        return found or [(scorer.name, MISSING)]
    return [(scorer.name, Outcome(error=error_type(error), detail=described(error)))]
