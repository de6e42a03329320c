"""Which predictions a run is to make, and what it has of them already."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tracer.evaluation._rows import Example
from tracer.evaluation._stored import StoredPrediction
from tracer.evaluation.results import ResultRow

if TYPE_CHECKING:
    from tracer.evaluation.runner import Evaluation

MODEL: Final = "model"
"""Under this name a row's errors hold what went wrong in the model."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One prediction of a run."""

    number: int
    """Its place in the run, from 0."""

    example: Example
    """What is asked."""

    trial: int
    """Which trial of the example it is, from 0; equal rows are trials of one."""


def trials_of(evaluation: "Evaluation") -> list[Todo]:
    """Return all predictions of a run; the first trials of every example come first."""
    seen: Counter[str] = Counter()
    todo: list[Todo] = []
    for _ in range(evaluation.trials):
        for example in evaluation.dataset.examples:
            todo.append(Todo(len(todo), example, seen[example.id]))
            seen[example.id] += 1
    return todo


def stored_row(prediction: StoredPrediction) -> ResultRow:
    """Return a prediction that the collector has as a row of the result.

    Of a scorer that answered by a mapping there is one score a key, ``name.key``; of
    one that judged several times a list.
    """
    given: defaultdict[str, list[Any]] = defaultdict(list)
    errors = {}
    for (name, *_), outcome in sorted(prediction.scores.items()):
        if outcome.error is not None:
            errors[name] = outcome.detail or outcome.error
        else:
            value = outcome.label if outcome.value is None else outcome.value
            given[name].append(value)
    scores = {name: some if some[1:] else some[0] for name, some in given.items()}
    if prediction.failed:
        errors[MODEL] = prediction.row["status_message"] or ""
    return ResultRow(
        example_id=prediction.example_id,
        trial=prediction.trial,
        inputs=prediction.inputs,
        expected=prediction.expected,
        output=prediction.output,
        scores=scores,
        errors=errors,
        duration_ms=prediction.row["duration_ms"],
        trace_id=prediction.trace_id,
    )
