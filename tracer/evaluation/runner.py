"""An evaluation declared as a whole: a dataset, scorers, and any model."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from operator import ge
from typing import Any

from tracer.evaluation._bulk import rows_of
from tracer.evaluation._identity import HEX_DIGITS, ID_DIGITS
from tracer.evaluation._rows import Example
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.results import EvaluationResult
from tracer.evaluation.scorers import named_scorers


class Evaluation:
    """A dataset and scorers, ready to be run on any model, as often as you like.

    Args:
        dataset: A `Dataset`, rows, a DataFrame, or the name of a dataset that the
            collector has: ``"faq-v2"``, ``"faq-v2:version"``.
        scorers: Functions, or objects with ``score``. They ask by parameter name for
            ``output``, ``expected``, ``inputs`` and columns of the row. If one fails,
            only its own score is an error.
        trials: How often each example is tried.
        name: Name of the evaluation, the same for all its runs.
        evaluation_name: Name of a run; else each has a memorable one of its own:
            ``faq-2026-11-22-calm-otter``.
        preprocess_model_input: Makes the model's columns of an example's inputs.
        metadata: Facts about the run, to filter by.
        concurrency: How many predictions are made at a time.
        timeout_s: Longest time of one call of the model. A sync function cannot be
            stopped: its thread goes on, unheeded.
        retries: How often a failed call of the model is tried again.
        retry_after_s: Wait before the first retry; it doubles with each.
        fail_fast: Whether the first failure of the model ends the run with it.
        resume: Id of a run that stopped before its end. Only predictions that it lacks
            are made, those that were interrupted too; it has to be of the same model
            and version of the dataset. Failed ones stay as they are.
    """

    def __init__(
        self,
        dataset: Dataset | Iterable[Mapping[str, Any]] | str,
        scorers: Sequence[Any] = (),
        *,
        trials: int = 1,
        name: str | None = None,
        evaluation_name: str | None = None,
        preprocess_model_input: Callable[[dict[str, Any]], Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        concurrency: int = 10,
        timeout_s: float | None = None,
        retries: int = 0,
        retry_after_s: float = 0.5,
        fail_fast: bool = False,
        resume: str | None = None,
    ) -> None:
        counts = {"trials": trials, "concurrency": concurrency, "retries": retries}
        _check_counts(counts, timeout_s)
        self.dataset = _dataset(dataset)
        self.scorers = named_scorers(scorers)
        self.trials = trials
        self.name = name
        self.evaluation_name = evaluation_name
        self.metadata = dict(metadata or {})
        self.concurrency = concurrency
        self.timeout_s = timeout_s
        self.retries = retries
        self.retry_after_s = retry_after_s
        self.fail_fast = fail_fast
        self.resume = resume
        self._preprocess = preprocess_model_input

    def run(self, model: Any = None) -> EvaluationResult:
        """Evaluate a model, from a script or a notebook, and wait for the result.

        Args:
            model: A function, sync or async, or an object with ``predict``, ``infer``,
                ``forward`` or ``invoke``; its arguments are columns of the inputs, by
                name. None scores the outputs that the dataset has stored, with tokens,
                cost and latency of the calls that rows name as their ``source``.

        Raises:
            ConfigurationError: An argument of model or scorer has no column, or
                `resume` names a run of another model or dataset; said before the
                first call.
            NotFoundError: The collector does not know the run to resume.
        """
        from tracer.evaluation._blocking import run_blocking

        return run_blocking(self.evaluate(model))

    async def evaluate(self, model: Any = None) -> EvaluationResult:
        """Do what `run` does, within a running loop."""
        from tracer.evaluation._running import Running  # brings asyncio: 30 ms

        return await Running(self, model).run()

    async def get_eval_results(self, model: Any = None) -> EvaluationResult:
        """Do what `evaluate` does; the name that Weave's users know."""
        return await self.evaluate(model)

    def model_columns(self, example: Example) -> dict[str, Any]:
        """Return what a model may ask for by name."""
        inputs: Any = dict(example.inputs)
        if self._preprocess is not None:
            inputs = self._preprocess(inputs)
        columns = dict(inputs) if isinstance(inputs, Mapping) else {}
        return {**columns, "inputs": inputs}


def _check_counts(counts: Mapping[str, Any], timeout_s: Any) -> None:
    """Raise ValueError if an argument is none that a run could follow."""
    said = ", ".join(f"{name}={value!r}" for name, value in counts.items())
    whole = all(
        isinstance(value, Integral) and not isinstance(value, bool)
        for value in counts.values()
    )
    if not whole or not all(map(ge, counts.values(), (1, 1, 0))):
        raise ValueError(f"{said}: give whole numbers, at least 1, 1 and 0")
    if timeout_s is not None and not timeout_s > 0:
        raise ValueError(f"timeout_s={timeout_s!r}: give more than 0, or None for ever")


def _name_and_version(dataset: str) -> tuple[str, str | None]:
    """Return what ``name:version`` names; other colons belong to the name."""
    name, _, version = dataset.rpartition(":")
    if name and len(version) == ID_DIGITS and set(version) <= HEX_DIGITS:
        return name, version
    return dataset, None


def _dataset(dataset: Any) -> Dataset:
    """Return the dataset that is meant; a text names one that the collector has."""
    if isinstance(dataset, Dataset):
        return dataset
    if not isinstance(dataset, str):
        return Dataset(rows_of(dataset))
    from tracer.evaluation._resuming import collector

    name, version = _name_and_version(dataset)
    found = collector().dataset(name, version)
    return Dataset(found.rows, name=found.name, version=found.version)
