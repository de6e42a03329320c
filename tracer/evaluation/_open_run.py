"""A run that is open: what it has counted, and how it ends."""

import logging
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from tracer._aligned import Readable, run_head
from tracer._dashboard import dashboard_url
from tracer._setup import settings
from tracer.evaluation._caught import Unfinished, described, is_interruption
from tracer.evaluation._life import watch
from tracer.evaluation._outcomes import Outcome
from tracer.evaluation._raters import ScoreKey
from tracer.evaluation._run import Run
from tracer.evaluation._stored import StoredPrediction
from tracer.evaluation._tally import Tally
from tracer.evaluation._trials import Trials
from tracer.evaluation.prediction import Prediction
from tracer.stats import Summaries

logger = logging.getLogger("tracer")


_RESUME = (
    "EvaluationLogger.resume({id!r}) takes it up again, and in its loop "
    "range(log.n_done(inputs), TRIALS) asks only what it lacks"
)


class OpenRun(Readable):
    """What `EvaluationLogger` is besides logging: its run, its counts, its end."""

    def _begin(self, run: Run, tally: Tally, *, fail_fast: bool) -> None:
        """Open the run; from here on it ends with the process at the latest."""
        self._fail_fast = fail_fast
        self._has_told = False
        self._run = run
        self._tally = tally
        self._trials = Trials()
        self.how_to_go_on = _RESUME.format(id=run.id)
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
        """Address of the run in the dashboard, as far as it is known where that is.

        ``TRACER_DASHBOARD_URL`` says it, else the collector, which is asked once a
        process; else it is taken for port 8501 of the collector's machine. Empty where
        tracing is switched off: the run is not stored then.
        """
        if not settings().enabled:
            return ""
        query = urlencode({"evaluation": self.id})
        return f"{dashboard_url()}/evaluations?{query}"

    @property
    def summary(self) -> Summaries:
        """What the finished predictions say about each score, by its name.

        Printed, it is a table; a name that no score has is a KeyError that names them.
        Those that are still open are told below it, and are its ``n_open``.
        """
        summary = self._tally.summary()
        summary.n_open = len(self._open)
        return summary

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

    def finish(self, exception: BaseException | None = None) -> None:
        """Finish the run, as failed if an exception is given; later calls do nothing.

        Open predictions are closed: those without an output count as failed. What only
        interrupts (Ctrl-C, a cancelled task) leaves the run incomplete.
        """
        if exception is None:
            self._finish("done")
        elif is_interruption(exception):
            said = f"interrupted: {described(exception)}"
            if self._finish("incomplete", error=said):
                self._say_how_to_go_on()
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

    def leave_to_parent(self) -> None:
        """Leave the end of the run to the parent; this happens by itself after a fork.

        The child may log on. Its locks are new: whoever held the old ones is not here.
        """
        self._lock = threading.Lock()
        self._open.clear()
        self._tally.renew_lock()

    def __repr__(self) -> str:
        kind = type(self).__name__
        return f"{kind}({self.name!r}, id={self.id!r}, {self._status})"

    def __str__(self) -> str:
        head = run_head(
            name=self.name,
            model=self._run.model,
            n_predictions=self.n_predictions,
            n_failed=self.n_failed,
            status=self._status,
        )
        return f"{head}\n{self.summary}"

    @property
    def _status(self) -> str:
        return "finished" if self._finished else "open"

    def __enter__(self) -> Self:
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
    ) -> bool:
        """Finish the run; return whether it was open until now."""
        with self._lock:
            if self._finished:
                return False
            self._finished = True
        for prediction in list(self._open.values()):
            if prediction.has_output:
                prediction.finish()
            else:
                prediction.fail(Unfinished("the prediction was never finished"))
        watch.remove(self)
        self._run.send_finished(status, error=error, summary=summary)
        return True

    def _say_how_to_go_on(self) -> None:
        planned = self._run.n_planned
        logger.warning(
            "the run %s was interrupted after %d%s predictions; %s",
            self.name,
            self._trials.n_made,
            "" if planned is None else f" of {planned}",
            self.how_to_go_on,
        )

    def _begin_trial(self, example_id: str, given: int | None) -> int:
        """Return the number of a trial; one that it makes again counts no longer."""
        with self._lock:
            self._refuse_if_finished("log a prediction")
            trial = self._trials.number(example_id, given)
            cut_off = self._trials.replaced(example_id, trial)
        if cut_off is not None:
            self.forget(cut_off)
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
            if not prediction.was_interrupted:
                with self._lock:
                    self._trials.made(prediction.example_id)

    def _goes_on_after(self, error: BaseException) -> bool:
        """Return whether the loop goes on where a block failed; say so the first time.

        A mistake of the loop itself may fail every block: nobody should have to look
        into the summary to learn of it.
        """
        if self._fail_fast or is_interruption(error):
            return False
        if not self._has_told:
            self._has_told = True
            logger.warning(
                "the run %s goes on after %s (said once; the summary has all)",
                self.name,
                described(error),
            )
        return True

    def _replace(
        self, prediction: StoredPrediction, key: ScoreKey, outcome: Outcome
    ) -> None:
        """Count a late score."""
        self._tally.replace(
            prediction.example_id,
            prediction.scores,
            key,
            outcome,
            failed=prediction.failed,
        )

    def forget(self, prediction: StoredPrediction) -> None:
        """Count a prediction no longer that is about to be made once more."""
        example, scores = prediction.example_id, prediction.scores
        self._trials.replaced(example, prediction.trial)
        self._tally.forget(example, scores, failed=prediction.failed)

    def _refuse_if_finished(self, what: str) -> None:
        if self._finished:
            raise ValueError(
                f"the run {self.name!r} is finished; cannot {what}. Begin another "
                "EvaluationLogger, or add late scores with tracer.score(…)"
            )
