"""What judging a dataset will cost, before the first request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tracer.errors import ConfigurationError
from tracer.evaluation.dataset import Dataset
from tracer.judges._money import Price
from tracer.judges._tokens import estimated_tokens
from tracer.judges.judge import Judge

OUTPUT_TOKENS: Final = 150
"""Tokens that one reply is taken to have, unless another figure is given."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """About what a run of judges will ask and cost; caches and repairs not counted."""

    n_rows: int
    """Rows of the dataset."""

    n_requests: int
    """Requests to judge models."""

    input_tokens: int
    """Tokens of all prompts, counted by letters: about, for Korean rather too many."""

    output_tokens: int
    """Tokens of all replies, by the figure for one."""

    cost_usd: float | None
    """What they cost; None where a judge has no price."""


def estimate(
    judges: Judge[Any] | Iterable[Judge[Any]],
    rows: Dataset | Iterable[Mapping[str, Any]],
    *,
    price: Price | None = None,
    output_tokens: int = OUTPUT_TOKENS,
    trials: int = 1,
    output: Any = None,
) -> Estimate:
    """Return what judging will cost, from the prompts that will be sent.

    The prompts are made of the rows. A row without output is taken to get one like its
    reference. Requests of a judge after its first, which depend on replies, are taken
    to be as long as the first and one reply.

    Args:
        judges: One or several.
        rows: The dataset.
        price: What tokens cost; else each judge model's own.
        output_tokens: Tokens of one reply.
        trials: How often each row is tried.
        output: An answer such as the model gives, taken for rows without one: where the
            judge finds what it needs within it, as ``{"answer": …, "context": […]}``.

    Raises:
        ConfigurationError: A row lacks what a judge needs.
    """
    every = [judges] if isinstance(judges, Judge) else list(judges)
    dataset = rows if isinstance(rows, Dataset) else Dataset(rows)
    n_requests = n_input = n_output = 0
    cost_usd: float | None = 0.0
    for judge in every:
        rows_asked = _columns(dataset, output)
        found = [_of_row(judge, row, output_tokens) for row in rows_asked]
        n_times = trials * judge.repeats
        asked = n_times * sum(count for count, _ in found)
        read = n_times * sum(tokens for _, tokens in found)
        written = asked * output_tokens
        n_requests, n_input, n_output = (
            n_requests + asked,
            n_input + read,
            n_output + written,
        )
        held = price or judge.model.price
        if held is None or cost_usd is None:
            cost_usd = None
        else:
            cost_usd += held.cost_usd(read, written)
    return Estimate(len(dataset), n_requests, n_input, n_output, cost_usd)


def _columns(dataset: Dataset, output: Any) -> Sequence[dict[str, Any]]:
    return [
        {
            **example.columns,
            "output": next(
                (one for one in (example.output, output) if one is not None),
                example.expected,
            ),
        }
        for example in dataset.examples
    ]


def _of_row(
    judge: Judge[Any], columns: Mapping[str, Any], output_tokens: int
) -> tuple[int, int]:
    try:
        return of_row(judge, columns, output_tokens)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"{error}; or, if the model's output will have it, give one such output: "
            "estimate(…, output=…)"
        ) from None


def of_row(
    judge: Judge[Any], columns: Mapping[str, Any], output_tokens: int
) -> tuple[int, int]:
    """Return requests and prompt tokens of one judgement."""
    given = {name: value for name, value in columns.items() if name != "output"}
    question = judge.first_question(columns["output"], given)
    if question is None:
        return 0, 0
    first = estimated_tokens(question.messages)
    later = judge.n_requests - 1
    return judge.n_requests, first + later * (first + output_tokens)
