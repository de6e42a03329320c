"""Log an evaluation from any loop: predictions, scores, and what they say."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from tracer import semconv
from tracer._context import using_evaluation
from tracer._opening import open_span
from tracer._setup import ensure_configured, settings
from tracer._spans import UNSET
from tracer.evaluation._caught import described
from tracer.evaluation._identity import content_hash
from tracer.evaluation._life import watch
from tracer.evaluation._names import memorable_name, name_of
from tracer.evaluation._run import Run
from tracer.evaluation._tally import Tally
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.prediction import Prediction
from tracer.stats import ScoreSummary

DASHBOARD_PORT = 8501

logger = logging.getLogger("tracer")


class EvaluationLogger:
    """One run of an evaluation, logged as it goes.

    It sends to the collector that the environment names (``TRACER_ENDPOINT``, default
    ``http://127.0.0.1:4318``) unless `tracer.configure` said otherwise; decorators are
    not switched on by it. All methods may be called from any thread or task. Memory
    grows with examples and with open predictions, not with finished ones.

    Args:
        name: Name of the evaluation, the same for all its runs; kept verbatim.
        model: What is evaluated: a name, a mapping with ``name`` (its other keys
            become metadata), or an object or function that has a name.
        dataset: Name of the dataset, a `Dataset`, or rows.
        eval_attributes: Facts about the run, to filter by.
        scorers: Names of the scores to expect: where a prediction lacks one it is
            counted as missing, even if no prediction has it.
        trials: How often each example will be tried; with a dataset that has rows this
            says how many predictions are planned.
        n_planned: How many predictions are planned, if that is known otherwise.
        display_name: Name of this run; else `name`, else a memorable one.
    """

    def __init__(
        self,
        name: str | None = None,
        model: Any = None,
        dataset: Dataset | Iterable[Mapping[str, Any]] | str | None = None,
        eval_attributes: Mapping[str, Any] | None = None,
        scorers: Sequence[Any] | None = None,
        *,
        trials: int = 1,
        n_planned: int | None = None,
        display_name: str | None = None,
    ) -> None:
        ensure_configured()
        rows = _dataset(dataset)
        self.attributes = dict(eval_attributes or {})
        declared = [name_of(scorer, what="scorer") for scorer in scorers or ()]
        if n_planned is None and rows is not None and len(rows):
            n_planned = len(rows) * trials
        run = Run(
            name=name or _name_after(rows),
            display_name=display_name or name or memorable_name(),
            model="" if model is None else name_of(model, what="model"),
            dataset="" if rows is None else rows.name,
            dataset_version=rows.version if rows is not None and len(rows) else "",
            scorers=declared,
            n_planned=n_planned,
            metadata=_facts(model) | self.attributes,
        )
        self._begin(run, Tally(declared), {})
        run.send_started()

    @classmethod
    def resume(cls, evaluation_id: str) -> Self:
        """Return a run of the collector's, finished or not, to log more of it.

        Trials and the summary go on from what is stored.

        Raises:
            NotFoundError: The collector does not know the run.
        """
        from tracer.evaluation._resuming import read_run

        log, (run, tally, next_trial) = cls.__new__(cls), read_run(evaluation_id)
        log.attributes = dict(run.metadata)
        log._begin(run, tally, next_trial)
        run.send_started()  # a sign of life alone does not open what is finished
        return log

    def _begin(self, run: Run, tally: Tally, next_trial: dict[str, int]) -> None:
        self._run = run
        self._tally = tally
        self._next_trial = next_trial
        self._lock = threading.Lock()
        self._open: dict[int, Prediction] = {}
        self._finished = False
        watch.add(self)

    @property
    def id(self) -> str:
        """Id of the run."""
        return self._run.id

    @property
    def name(self) -> str:
        """Name of this run, for people."""
        return self._run.display_name

    @property
    def ui_url(self) -> str:
        """Address of the run in the dashboard that `tracer up` starts by default."""
        endpoint = urlsplit(settings().endpoint)
        query = urlencode({"evaluation": self.id})
        place = f"{endpoint.hostname}:{DASHBOARD_PORT}"
        return f"{endpoint.scheme}://{place}/evaluations?{query}"

    @property
    def summary(self) -> dict[str, ScoreSummary]:
        """What the finished predictions say about each score, by its name."""
        return self._tally.summary()

    @property
    def n_predictions(self) -> int:
        """Predictions that are finished, failed ones too."""
        return self._tally.n_predictions

    @property
    def n_failed(self) -> int:
        """Predictions that ended with an error."""
        return self._tally.n_failed

    @property
    def is_finished(self) -> bool:
        """Whether the run takes nothing more."""
        return self._finished

    def log_prediction(
        self,
        inputs: Any,
        output: Any = UNSET,
        *,
        expected: Any = UNSET,
        example_id: str | None = None,
        trial_index: int | None = None,
        metadata: Mapping[str, Any] | None = None,
        duration_s: float | None = None,
    ) -> Prediction:
        """Begin a prediction: one trial of one example, the root of its own trace.

        Args:
            inputs: What the model is asked, usually a mapping; recorded as it is now.
            output: What it answered, if it has.
            expected: The reference answer.
            example_id: Id of the example; else a hash of `inputs`.
            trial_index: Which trial this is, from 0; else the next of this example.
            metadata: Facts to filter by.
            duration_s: How long the model took, where `output` was made before.

        Returns:
            A prediction to use as a block, or to `finish`.

        Raises:
            ValueError: The run is finished.
        """
        example = content_hash(inputs) if example_id is None else str(example_id)
        with self._lock:
            self._refuse_if_finished("log a prediction")
            trial = self._trial(example, trial_index)
        with using_evaluation(self.id, example, trial):
            span = open_span(
                "prediction",
                kind="prediction",
                input=inputs,
                root=True,
                force=True,
                start_time_ns=_began(duration_s),
            )
        prediction = Prediction(
            span,
            evaluation_id=self.id,
            example_id=example,
            trial=trial,
            on_finish=self._take,
        )
        if expected is not UNSET:
            span.set_value(semconv.EXPECTED, expected)
        if output is not UNSET:
            prediction.output = output
        if metadata:
            span.metadata.update(metadata)
        self._keep(prediction)
        return prediction

    def log_example(
        self, inputs: Any, output: Any, scores: Mapping[str, Any], **more: Any
    ) -> None:
        """Log a whole prediction: what was asked, answered, and how it scored.

        Args:
            inputs: As for `log_prediction`.
            output: What the model answered.
            scores: Score by name.
            more: Further arguments of `log_prediction`.
        """
        prediction = self.log_prediction(inputs, output, **more)
        for name, score in scores.items():
            prediction.log_score(name, score)
        prediction.finish()

    def log_summary(
        self, summary: Mapping[str, Any] | None = None, auto_summarize: bool = True
    ) -> dict[str, Any]:
        """Finish the run, with what you make of it; a second time does nothing.

        Args:
            summary: What you conclude; kept with the run.
            auto_summarize: Whether the answer has the summary of each score.

        Returns:
            Summary by score, and `summary` as ``output`` if it was given.
        """
        if self._finished:
            logger.warning("the run %s is finished; its summary stays", self.name)
        self._finish("done", summary=summary)
        found: dict[str, Any] = dict(self.summary) if auto_summarize else {}
        return found | ({"output": dict(summary)} if summary else {})

    def finish(self, exception: BaseException | None = None) -> None:
        """Finish the run, as failed if an exception is given; later calls do nothing.

        Open predictions are closed: those without an output count as failed.
        """
        if exception is None:
            self._finish("done")
        else:
            self._finish("failed", error=described(exception))

    def fail(self, exception: BaseException) -> None:
        """Finish the run as failed."""
        self.finish(exception)

    def say_alive(self) -> None:
        """Send a sign of life; this happens by itself."""
        with self._lock:
            if not self._finished:
                self._run.send_alive()

    def abandon(self) -> None:
        """Close the run as incomplete; this happens by itself when the process ends."""
        self._finish("incomplete", error="the process ended before the run")

    def __enter__(self) -> "EvaluationLogger":
        self._refuse_if_finished("enter it")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish(error)

    def _finish(
        self,
        status: str,
        *,
        error: str = "",
        summary: Mapping[str, Any] | None = None,
    ) -> None:
        with self._lock:
            if self._finished:
                return
            self._finished = True
        for prediction in list(self._open.values()):
            if prediction.has_output:
                prediction.finish()
            else:
                prediction.fail(Unfinished("the prediction was never finished"))
        watch.remove(self)
        self._run.send_finished(status, error=error, summary=summary)

    def _trial(self, example_id: str, given: int | None) -> int:
        """Return the number of a trial, and count on from it."""
        following = self._next_trial.get(example_id, 0)
        trial = following if given is None else given
        self._next_trial[example_id] = max(following, trial + 1)
        return trial

    def _keep(self, prediction: Prediction) -> None:
        """Keep a prediction until it finishes, unless the run has finished meanwhile.

        What is refused here was begun, but a span that is never ended is never sent.
        """
        with self._lock:
            self._refuse_if_finished("log a prediction")
            self._open[id(prediction)] = prediction

    def _take(self, prediction: Prediction) -> None:
        """Count a prediction that has just finished."""
        if self._open.pop(id(prediction), None) is not None:
            scores = dict(prediction.scores)
            self._tally.finish(prediction.example_id, scores, failed=prediction.failed)

    def _refuse_if_finished(self, what: str) -> None:
        if self._finished:
            raise ValueError(
                f"the run {self.name!r} is finished; cannot {what}. Begin another "
                "EvaluationLogger, or add late scores with tracer.score(…)"
            )


class Unfinished(Exception):
    """Stands on a prediction that was still open, without output, at the end."""


def _dataset(dataset: Any) -> Dataset | None:
    if dataset is None or isinstance(dataset, Dataset):
        return dataset
    if isinstance(dataset, str):
        return Dataset((), name=dataset)
    return Dataset(dataset)


def _name_after(dataset: Dataset | None) -> str:
    if dataset is None or not dataset.name:
        return "evaluation"
    return f"{dataset.name}-evaluation"


def _facts(model: Any) -> dict[str, Any]:
    """Return what a mapping says about a model beside its name, as metadata."""
    if not isinstance(model, Mapping):
        return {}
    return {f"model.{key}": value for key, value in model.items() if key != "name"}


def _began(duration_s: float | None) -> int | None:
    return None if duration_s is None else time.time_ns() - round(duration_s * 1e9)
