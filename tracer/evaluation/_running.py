"""One run of a declared evaluation: predict, score, and go on where one fails."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from tracer._capture.failures import error_type
from tracer._capture.spans import UNSET
from tracer._guard import attempt
from tracer.evaluation._arguments import ByName
from tracer.evaluation._caught import Caught
from tracer.evaluation._models import model_function
from tracer.evaluation._names import memorable_name, name_of
from tracer.evaluation._outcomes import failure_of, plain_of
from tracer.evaluation._progress import Progress
from tracer.evaluation._resuming import check_same
from tracer.evaluation._rows import Example
from tracer.evaluation._todo import MODEL, Todo, stored_row, trials_of
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.evaluation.results import EvaluationResult, ResultRow
from tracer.evaluation.scorers import NamedScorer
from tracer.stats import LOWER_IS_BETTER

if TYPE_CHECKING:
    from tracer.evaluation.runner import Evaluation

MOST_RETRY_WAIT_S: Final = 30.0


class Watcher(Protocol):
    """Somebody who follows a run from outside."""

    def began(self, log: EvaluationLogger, n_stored: int, n_planned: int) -> None:
        """Hear that the run is open, and how much of it is stored already."""

    def made(self, row: ResultRow) -> None:
        """Hear of one more prediction with its scores."""


class Running:
    """One run of an evaluation on one model.

    Args:
        evaluation: What is run.
        model: The model; None scores stored outputs.
        watcher: Is told how far it is.
    """

    def __init__(
        self, evaluation: "Evaluation", model: Any, *, watcher: Watcher | None = None
    ) -> None:
        self._evaluation = evaluation
        self._watcher = watcher
        self._model_name, self._model = "stored outputs", None
        if model is not None:
            function = model_function(model)
            self._model_name = name_of(model, what="model")
            self._model = ByName(function, what=f"model {self._model_name}")
        self._rows: dict[int, ResultRow] = {}
        self._n_planned = 0
        self._check()

    async def run(self) -> EvaluationResult:
        """Make every prediction and score it."""
        todo = trials_of(self._evaluation)
        self._n_planned = len(todo)
        log = self._begin()
        log.how_to_go_on = f"Evaluation(…, resume={log.id!r}) makes the others"
        with log:
            if self._evaluation.resume is not None:
                todo = self._without_stored(log, todo)
            if self._watcher is not None:
                self._watcher.began(log, len(self._rows), self._n_planned)
            await self._predict_all(log, todo)
        return EvaluationResult(
            evaluation_id=log.id,
            name=log.name,
            model=self._model_name,
            summary=log.summary,
            rows=[row for _, row in sorted(self._rows.items())],
            ui_url=log.ui_url,
            lower_is_better=frozenset(self._lower_is_better()),
        )

    def _begin(self) -> EvaluationLogger:
        """Begin the run, or take it up again."""
        asked = self._evaluation
        if asked.resume is None:
            return EvaluationLogger(
                asked.name,
                self._model_name,
                asked.dataset,
                self._metadata(),
                [scorer.name for scorer in asked.scorers],
                n_planned=self._n_planned,
                display_name=asked.evaluation_name
                or memorable_name(asked.name or "eval"),
            )
        version = asked.dataset.version
        check_same(asked.resume, model=self._model_name, dataset_version=version)
        return EvaluationLogger.resume(asked.resume, n_planned=self._n_planned)

    def _metadata(self) -> dict[str, Any]:
        """Return the run's facts, with the scores that are better low if there are."""
        lower = self._lower_is_better()
        said = {LOWER_IS_BETTER: lower} if lower else {}
        return said | self._evaluation.metadata

    def _lower_is_better(self) -> list[str]:
        scorers = self._evaluation.scorers
        return [scorer.name for scorer in scorers if not scorer.higher_is_better]

    def _without_stored(self, log: EvaluationLogger, todo: list[Todo]) -> list[Todo]:
        """Take over what the run has, and return what it still lacks."""
        numbers = {(one.example.id, one.trial): one.number for one in todo}
        for prediction in log.predictions():
            number = numbers.get((prediction.example_id, prediction.trial))
            if number is None:
                continue
            if prediction.was_interrupted:
                log.forget(prediction)
            else:
                self._rows[number] = stored_row(prediction)
        return [one for one in todo if one.number not in self._rows]

    def _check(self) -> None:
        """Raise if the first example already shows that arguments are missing."""
        examples = self._evaluation.dataset.examples
        if not examples:
            raise ValueError("the dataset has no rows; there is nothing to evaluate")
        if self._model is not None:
            self._model.check(self._evaluation.model_columns(examples[0]))
        for scorer in self._evaluation.scorers:
            scorer.call.check(scorer.columns(examples[0].columns, None))

    async def _predict_all(self, log: EvaluationLogger, todo: list[Todo]) -> None:
        """Make the predictions; the first trials of every example come first."""
        waiting = iter(todo)
        for scorer in self._evaluation.scorers:
            examples = (one.example for one in todo)
            scorer.prepare(examples, has_output=self._model is None)

        async def work() -> None:
            for one in waiting:
                with _carried():
                    row = await self._predict(log, one.example, one.trial)
                self._rows[one.number] = row
                if self._watcher is not None:
                    self._watcher.made(row)
                progress.step(failed=MODEL in row.errors)

        workers = [
            asyncio.create_task(work())
            for _ in range(min(self._evaluation.concurrency, len(todo)))
        ]
        with Progress(len(todo), name=log.name) as progress:
            try:
                await asyncio.gather(*workers)
            except _Exit as exit:
                raise exit.error from None
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _predict(
        self, log: EvaluationLogger, example: Example, trial: int
    ) -> ResultRow:
        """Make one prediction and score it; raise only what ends the run."""
        prediction = self._begun(log, example, trial)
        scores: dict[str, Any] = {}
        errors: dict[str, str] = {}
        began_s = ended_s = time.perf_counter()
        with Caught() as caught, prediction:
            if self._model is not None:
                prediction.output = await self._answer(self._model, example)
            ended_s = time.perf_counter()
            for scorer in self._evaluation.scorers:
                said = await self._score(scorer, prediction, example, scores)
                if said is not None:
                    errors[scorer.name] = said
        if caught.error is not None:
            if self._evaluation.fail_fast:
                raise caught.error
            ended_s = time.perf_counter()
            errors[MODEL] = _said(caught.error)
        return ResultRow(
            example_id=example.id,
            trial=prediction.trial,
            inputs=example.inputs,
            expected=example.expected,
            output=prediction.output,
            scores=scores,
            errors=errors,
            duration_ms=None if self._model is None else (ended_s - began_s) * 1e3,
            trace_id=prediction.trace_id,
        )

    def _begun(self, log: EvaluationLogger, example: Example, trial: int) -> Prediction:
        """Begin a prediction; without a model, with the output that is stored."""
        prediction = log.log_prediction(
            example.inputs,
            example.output if self._model is None else UNSET,
            expected=UNSET if example.expected is None else example.expected,
            example_id=example.id,
            trial_index=trial,
            metadata=example.metadata,
        )
        if self._model is None and example.source is not None:
            _attach(prediction, example.source)
        return prediction

    async def _answer(self, model: ByName, example: Example) -> Any:
        """Return the model's output, after as many tries as it may have."""
        asked, tries = self._evaluation, 0
        columns = asked.model_columns(example)
        while True:
            with Caught() as caught:
                return _whole(await self._in_time(model.call(columns)))
            if tries == asked.retries and caught.error is not None:
                raise caught.error
            wait_s = asked.retry_after_s * 2**tries
            await asyncio.sleep(min(wait_s, MOST_RETRY_WAIT_S))
            tries += 1

    async def _in_time(self, call: Coroutine[Any, Any, Any]) -> Any:
        """Return what a call of the model returns; stop waiting when its time is up."""
        limit_s = self._evaluation.timeout_s
        try:
            async with asyncio.timeout(limit_s) as limit:
                return await call
        except TimeoutError:
            if not limit.expired():  # the model's own
                raise
            said = f"model took longer than timeout_s={limit_s}"
            raise TimeoutError(said) from None

    async def _score(
        self,
        scorer: NamedScorer,
        prediction: Prediction,
        example: Example,
        scores: dict[str, Any],
    ) -> str | None:
        """Score one output; return what went wrong, if nothing came of it."""
        columns = scorer.columns(example.columns, prediction.output)
        block = prediction.log_score(
            scorer.name, source=scorer.source, author=scorer.author, scale=scorer.scale
        )
        with Caught() as caught, block:
            block.value = await scorer.call.call(columns)
        if caught.error is not None:
            return _said(caught.error)
        failure = failure_of(block.value)
        if failure is None:
            scores[scorer.name] = plain_of(block.value)
        return failure


class _Exit(Exception):
    """What a model or a scorer ended the process by, on its way to the caller.

    A task that itself ends so leaves noise of asyncio's behind, and the others running.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


@contextmanager
def _carried() -> Iterator[None]:
    try:
        yield
    except (SystemExit, KeyboardInterrupt) as error:
        raise _Exit(error) from None


def _whole(output: Any) -> Any:
    """Return an output; one that is still to come would be used up by one scorer."""
    if isinstance(output, Generator | AsyncGenerator):
        raise TypeError(
            "the model answered a generator; let it return the whole answer, such as "
            "''.join(…)"
        )
    return output


def _attach(prediction: Prediction, source: Mapping[str, str]) -> None:
    """Count the call that made a stored output as its prediction's.

    Rows of other systems may name calls by ids that are none of ours.
    """
    with Caught():
        prediction.attach(source["trace_id"], source.get("span_id"))


def _said(error: Exception) -> str:
    text = attempt("read an exception's text", lambda: str(error), otherwise="")
    return f"{error_type(error)}: {text}"
