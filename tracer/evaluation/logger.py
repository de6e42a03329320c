"""Log an evaluation from any loop: predictions, scores, and what they say."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import replace
from typing import Any, Self

from tracer import semconv
from tracer._capture.context import using_evaluation
from tracer._capture.opening import open_span
from tracer._capture.spans import UNSET, Span
from tracer._setup import ensure_configured, flush
from tracer.evaluation._bulk import read_rows, rows_of
from tracer.evaluation._described import as_dataset, facts_of, name_after
from tracer.evaluation._identity import content_hash
from tracer.evaluation._missing import is_missing, without_missing
from tracer.evaluation._names import memorable_name, name_of
from tracer.evaluation._numbers import nanoseconds, trial_number
from tracer.evaluation._open_run import OpenRun
from tracer.evaluation._progress import Progress
from tracer.evaluation._run import Run
from tracer.evaluation._stored import StoredPrediction, read_predictions
from tracer.evaluation._tally import Tally
from tracer.evaluation._views import view_attributes
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.prediction import Prediction

logger = logging.getLogger("tracer")


class EvaluationLogger(OpenRun):
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
        display_name: Name of this run; else each has a memorable one of its own:
            ``faq-2026-11-22-calm-otter``.
        fail_fast: Whether an exception that leaves the block of a prediction, or of a
            score, goes on out of your loop. False keeps it there, as `Evaluation` does:
            the prediction or score has failed, the first failure is logged, and the
            loop goes on behind the block. Ctrl-C and exits go on always.
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
        fail_fast: bool = True,
    ) -> None:
        ensure_configured()
        rows = as_dataset(dataset)
        self.attributes = dict(eval_attributes or {})
        declared = [name_of(scorer, what="scorer") for scorer in scorers or ()]
        if n_planned is None and rows is not None and len(rows):
            n_planned = len(rows) * trials
        run = Run(
            name=name or name_after(rows),
            display_name=display_name or memorable_name(name or "eval"),
            model="" if model is None else name_of(model, what="model"),
            dataset="" if rows is None else rows.name,
            dataset_version=rows.version if rows is not None and len(rows) else "",
            scorers=declared,
            n_planned=n_planned,
            metadata=facts_of(model) | self.attributes,
        )
        self._begin(run, Tally(declared), fail_fast=fail_fast)
        run.send_started()

    @classmethod
    def resume(
        cls,
        evaluation_id: str,
        *,
        n_planned: int | None = None,
        fail_fast: bool = True,
    ) -> Self:
        """Return a run of the collector's, finished or not, to log more of it.

        Trials and the summary go on from what is stored, `n_done` says how many of an
        example there are, and one that was cut off is replaced by the next of its
        example. `predictions` are there for late scores.

        Args:
            evaluation_id: The run's `id`.
            n_planned: How many predictions are planned now; None = as before.
            fail_fast: As for a new run.

        Raises:
            NotFoundError: The collector does not know the run.
        """
        from tracer.evaluation._resuming import read_run

        ensure_configured()
        flush()  # what this process has logged of it is read back with the rest
        log, found = cls.__new__(cls), read_run(evaluation_id)
        run = found.run
        if n_planned is not None:
            run = replace(run, n_planned=n_planned)
        log.attributes = dict(run.metadata)
        log._begin(run, found.tally, fail_fast=fail_fast)
        log._trials.take_up(found.places, found.cut_off(log._late))
        run.send_started()  # a sign of life alone does not open what is finished
        return log

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
        trace_id: str | None = None,
        span_id: str | None = None,
    ) -> Prediction:
        """Begin a prediction: one trial of one example, the root of its own trace.

        What a table lacks (NaN, NaT, pandas.NA) is None in inputs, expected and
        metadata, as in a `Dataset`, so that the same row is the same example.

        Args:
            inputs: What the model is asked, usually a mapping; recorded as it is now.
            output: What it answered, if it has.
            expected: The reference answer.
            example_id: Id of the example; else a hash of `inputs`.
            trial_index: Which trial this is, from 0; else the next of this example.
            metadata: Facts to filter by.
            duration_s: How long the model took, where `output` was made before; else
                that is not known.
            trace_id: A traced call that made `output` before: `Prediction.attach`.
            span_id: The call within that trace; None = all of it.

        Returns:
            A prediction to use as a block, or to `finish`.

        Raises:
            ValueError: The run is finished, `trial_index` is no trial, or `duration_s`
                no time.
        """
        wanted = None if trial_index is None else trial_number(trial_index)
        took_ns = None if duration_s is None else nanoseconds(duration_s)
        began_ns = time.time_ns() - (took_ns or 0)
        inputs, expected = without_missing(inputs), without_missing(expected)
        example = _example_id(inputs, example_id)
        trial = self._begin_trial(example, wanted)
        span = self._begun(inputs, expected, example, trial, began_ns)
        prediction = Prediction(
            span,
            evaluation_id=self.id,
            example_id=example,
            trial=trial,
            on_finish=self._take,
            on_error=self._goes_on_after,
            began_ns=began_ns,
            took_ns=took_ns,
        )
        if output is not UNSET:
            prediction.take_output(output)
        if metadata:
            span.metadata.update(without_missing(metadata))
        if trace_id is not None:
            prediction.attach(trace_id, span_id)
        self._keep(prediction)
        return prediction

    def _begun(
        self, inputs: Any, expected: Any, example_id: str, trial: int, began_ns: int
    ) -> Span:
        with using_evaluation(self.id, example_id, trial):
            span = open_span(
                "prediction",
                kind="prediction",
                input=inputs,
                root=True,
                force=True,
                start_time_ns=began_ns,
            )
        if expected is not UNSET:
            span.set_value(semconv.EXPECTED, expected)
        return span

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

    def log_examples(
        self,
        rows: Any,
        *,
        scores: Sequence[str] | None = None,
        progress: bool = True,
    ) -> int:
        """Log many whole predictions; return how many.

        A row is one as `Dataset` reads it, with the ``output``. Further columns may be
        ``trial_index``, ``duration_s``, ``trace_id``, ``span_id`` (see
        `log_prediction`) and ``scores``, a mapping of score by name.

        Args:
            rows: Mappings, as many as you like, one by one; a `Dataset`; a DataFrame,
                in which NaN is None.
            scores: Columns that are scores, in place of the one mapping.
            progress: Whether a terminal or a notebook shows how far it is.

        Raises:
            ValueError: A row is none, or a score is of no known kind; the message has
                the row's number, from 0. The rows before it are logged.
        """
        found, n_logged = rows_of(rows), 0
        total = len(found) if isinstance(found, Sized) else None
        with Progress(total, name=self.name, shown=progress) as bar:
            for row in read_rows(found, scores):
                example = row.example
                self.log_example(
                    example.inputs,
                    row.output,
                    row.scores,
                    expected=UNSET if example.expected is None else example.expected,
                    example_id=example.id,
                    metadata=example.metadata,
                    **row.arguments,
                )
                n_logged += 1
                bar.step(failed=False)
        return n_logged

    def n_done(self, inputs: Any = None, *, example_id: str | None = None) -> int:
        """Return how many predictions of an example are made, failed ones too.

        Those that were cut off are not among them. So a loop makes what a run lacks,
        a new one and one taken up by `resume`: ``range(log.n_done(inputs), 3)``.

        Args:
            inputs: As for `log_prediction`.
            example_id: Id of the example, if `log_prediction` is given one.
        """
        with self._lock:
            return self._trials.n_done(_example_id(without_missing(inputs), example_id))

    @property
    def _late(self) -> dict[str, Any]:
        """What stored predictions do with late scores."""
        return {"on_score": self._replace, "refuse": self._refuse_if_finished}

    def predictions(self) -> Iterator[StoredPrediction]:
        """Yield what the collector has of the run, by example and trial, to score it.

        Each has `inputs`, `output`, `expected` and `scores`, and takes late scores
        until the run finishes; what was logged here is sent before.

        Raises:
            ValueError: The run is finished; `resume` takes it up again.
            CollectorError: The collector does not answer.
        """
        from tracer.evaluation._resuming import collector

        self._refuse_if_finished("read its predictions")
        flush()
        yield from read_predictions(collector().evaluation(self.id), **self._late)

    def set_view(
        self,
        name: str,
        content: Any,
        *,
        extension: str | None = None,
        mimetype: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        encoding: str = "utf-8",
    ) -> None:
        """Keep a text that shows the run in its own way; the same name replaces it.

        ``Client().evaluation(id).views()`` has it as it was given. The dashboard shows
        Markdown as such, without HTML and images, and everything else as text.

        Args:
            name: Name of the view, as people should read it.
            content: A text, or the bytes of one; at most ``max_value_bytes``.
            extension: What it is, as the ending of a file: ``md``, ``html``, ``csv``.
            mimetype: The same as a media type; wins over `extension`.
            metadata: Facts about the view.
            encoding: Of bytes.

        Raises:
            ValueError: Name or content is empty, the content is no text or too long,
                or the run is finished.
        """
        said = view_attributes(
            name,
            content,
            extension=extension,
            mimetype=mimetype,
            metadata=metadata,
            encoding=encoding,
        )
        with self._lock:
            self._refuse_if_finished("set a view")
            self._run.send_view(said)

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


def _example_id(inputs: Any, given: Any) -> str:
    return content_hash(inputs) if is_missing(given) else str(given)
