"""One score of a prediction, given at once or within a block."""

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tracer._capture.failures import error_type
from tracer._capture.opening import open_span
from tracer._capture.scores import offer
from tracer._capture.spans import UNSET, Span
from tracer._guard import guarded
from tracer.evaluation._caught import described
from tracer.evaluation._outcome_records import outcome_record
from tracer.evaluation._outcomes import Outcome, outcomes_of, plain_of

if TYPE_CHECKING:
    from tracer.evaluation.prediction import Prediction

_SENDING = guarded("send a score")


class ScoreBlock:
    """One score, given at once or within a block.

    In the block the current span is an evaluator's, beside the calls of the app, so
    that a judge's tokens and cost are not taken for the model's.
    """

    def __init__(
        self,
        prediction: "Prediction",
        name: str,
        *,
        label: str | None,
        explanation: str | None,
        source: str,
        author: str,
        metadata: Mapping[str, Any] | None,
        scale: tuple[float, float] | None,
    ) -> None:
        self.value: Any = UNSET
        self.label = label
        self.explanation = explanation
        self.metadata = metadata
        self.scale = scale
        self._prediction = prediction
        self._name = name
        self._source = source
        self._author = author
        self._block: ExitStack | None = None
        self._evaluator: Span | None = None

    def __repr__(self) -> str:
        return f"<ScoreBlock {self._name!r} of {self._prediction!r}>"

    def send(self, value: Any) -> None:
        """Send the score and count it in the prediction."""
        said = outcomes_of(self._name, value, label=self.label, scale=self.scale)
        for name, outcome in list(said):
            self._take(name, outcome)

    def __enter__(self) -> "ScoreBlock":
        prediction = self._prediction
        prediction.refuse_if_finished("log a score")
        with ExitStack() as entered:
            entered.enter_context(prediction.within())
            entered.enter_context(prediction.span.activate())
            self._evaluator = open_span(self._name, kind="evaluator", force=True)
            entered.enter_context(self._evaluator.activate())
            self._block = entered.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        if self._block is not None:
            self._block.close()
        if self._evaluator is not None:
            if error is None and self.value is not UNSET:
                self._evaluator.output = plain_of(self.value)
            self._evaluator.end(error)
        if error is not None:
            self._take_error(error)
            return self._prediction.goes_on_after(error)
        self._prediction.refuse_if_finished("log a score")
        if self.value is UNSET and self.label is None:
            raise ValueError(
                f"score {self._name!r} was given no value; set .value in the block, to "
                "None if there is none"
            )
        try:
            self.send(None if self.value is UNSET else self.value)
        except ValueError as unfit:
            self._take_error(unfit)
            if not self._prediction.goes_on_after(unfit):
                raise
        return None

    def _take_error(self, error: BaseException) -> None:
        outcome = Outcome(error=error_type(error), detail=described(error))
        self._take(self._name, outcome)

    def _take(self, name: str, outcome: Outcome) -> None:
        prediction = self._prediction
        key = (name, self._source, self._author, outcome.repeat)
        prediction.take(key, outcome)
        with _SENDING:
            offer(
                outcome_record(
                    name,
                    outcome,
                    explanation=self.explanation,
                    trace_id=prediction.trace_id,
                    span_id=prediction.span_id,
                    evaluation_id=prediction.evaluation_id,
                    example_id=prediction.example_id,
                    trial=prediction.trial,
                    source=self._source,
                    author=self._author or None,
                    metadata=self.metadata,
                )
            )
