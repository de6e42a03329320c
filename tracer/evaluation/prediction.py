"""One prediction: one trial of one example, with its output and its scores."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Any

from tracer import semconv
from tracer._capture.context import using_evaluation
from tracer._capture.failures import is_failure
from tracer._capture.spans import UNSET, Span
from tracer.evaluation._caught import Unfinished, is_interruption
from tracer.evaluation._identity import hex_id
from tracer.evaluation._names import author_of, name_of
from tracer.evaluation._outcomes import Outcome
from tracer.evaluation._raters import ScoreKey
from tracer.evaluation._scale import checked_scale
from tracer.evaluation._score_block import ScoreBlock


class Prediction:
    """A prediction of a run, made by `EvaluationLogger.log_prediction`.

    As a block it is the current span: calls within are recorded below it, and an
    exception that leaves the block marks it as failed, and goes on unless the run's
    ``fail_fast`` is False. As a value it stays open until
    `finish`. What it scores counts in the run's summary once it is finished. How long
    the model took is the time until `output` is set; of an output that was given at
    once, without ``duration_s``, it is not known.
    """

    def __init__(
        self,
        span: Span,
        *,
        evaluation_id: str,
        example_id: str,
        trial: int,
        on_finish: "Callable[[Prediction], None]",
        on_error: Callable[[BaseException], bool] = lambda _: False,
        began_ns: int = 0,
        took_ns: int | None = None,
    ) -> None:
        self.evaluation_id = evaluation_id
        self.example_id = example_id
        self.trial = trial
        self.scores: dict[ScoreKey, Outcome] = {}
        self.failed = False
        self._was_interrupted = False
        self.span = span
        self.trace_id = span.trace_id
        self.span_id = span.span_id
        self._on_finish = on_finish
        self.goes_on_after = on_error
        self._began_ns = began_ns
        self._took_ns = took_ns
        self._was_told_time = took_ns is not None
        self._output: Any = None
        self._has_output = False
        self._finished = False
        self._block: ExitStack | None = None

    @property
    def output(self) -> Any:
        """What the model answered; setting it ends the time that the model took."""
        return self._output

    @output.setter
    def output(self, output: Any) -> None:
        self.refuse_if_finished("set its output")
        if not self._was_told_time:
            self._took_ns = self._elapsed_ns()
        self.take_output(output)

    def take_output(self, output: Any) -> None:
        """Take an answer that was made before, of which no clock here knows."""
        self._output, self._has_output = output, True
        self.span.output = output

    @property
    def metadata(self) -> Any:
        """Facts to filter by, recorded as they are set."""
        return self.span.metadata

    @property
    def has_output(self) -> bool:
        """Whether an output was given, None too."""
        return self._has_output

    @property
    def is_finished(self) -> bool:
        """Whether it takes nothing more."""
        return self._finished

    @property
    def was_interrupted(self) -> bool:
        """Whether it was left before its end: by Ctrl-C, an exit, or its run's end."""
        return self._was_interrupted

    def log_score(
        self,
        scorer: Any,
        score: Any = UNSET,
        *,
        label: str | None = None,
        explanation: str | None = None,
        source: str = "code",
        author: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        scale: tuple[float, float] | None = None,
    ) -> ScoreBlock:
        """Score the output; the same name again replaces the score.

        Args:
            scorer: Name of the score, verbatim; or a thing with a ``name``.
            score: Bool, number, text (a label), mapping (one score a key, named
                ``name.key``), or None, which counts as missing. Not given: the answer
                is a block, ``with prediction.log_score("judge") as s: s.value = …``,
                and calls within are recorded apart from the model's.
            label: Label, alone or beside a number.
            explanation: Why.
            source: ``code``, ``model`` (a judge), ``human`` or ``user``.
            author: Scorer and version, judge model, or person; scores of several
                authors stand side by side. Not given: the scorer's own ``author``,
                or ``name@version`` where it has a version.
            metadata: Facts about the score.
            scale: The least and the most that a number can be: ``(1, 5)``. Intervals
                keep to it. Not given: the scorer's own ``scale``.

        Raises:
            ValueError: The prediction is finished, the score is of no known kind, or
                the scale is none.
        """
        self.refuse_if_finished("log a score")
        name = name_of(scorer, what="scorer")
        told = getattr(scorer, "scale", None) if scale is None else scale
        block = ScoreBlock(
            self,
            name,
            label=label,
            explanation=explanation,
            source=source,
            author=author or author_of(scorer),
            metadata=metadata,
            scale=checked_scale(told, scorer=name),
        )
        if score is not UNSET or label is not None:
            block.send(None if score is UNSET else score)
        return block

    async def alog_score(self, scorer: Any, score: Any = None, **more: Any) -> None:
        """Do what `log_score` does; nothing is awaited, it never blocks either."""
        self.log_score(scorer, score, **more)

    def attach(self, trace_id: str, span_id: str | None = None) -> None:
        """Count a call that was made before as this prediction's.

        Its tokens, its cost and its duration stand for the prediction in what the
        collector answers, as soon as both are stored; several calls add up. The call
        stays where it is, in its own trace.

        Args:
            trace_id: The call's trace, 32 hexadecimal digits.
            span_id: The call within it, with all below it, 16 hexadecimal digits;
                None = the whole trace.

        Raises:
            ValueError: An id is none, or the prediction is finished.
        """
        self.refuse_if_finished("attach a call")
        trace_id = hex_id(trace_id, what="trace_id", n_digits=32)
        if span_id is not None:
            span_id = hex_id(span_id, what="span_id", n_digits=16)
        if int(trace_id, 16):  # zero: tracing is off, the call is nowhere
            self.span.add_link(trace_id, span_id, {semconv.LINK: semconv.ATTACHED})

    def take(self, key: ScoreKey, outcome: Outcome) -> None:
        """Keep a score until the prediction finishes; the newest of a key counts."""
        self.scores[key] = outcome

    def finish(self, output: Any = UNSET) -> None:
        """Close the prediction; later calls do nothing.

        Args:
            output: What the model answered, if that was not said before.
        """
        if not self._finished:
            if output is not UNSET:
                self.output = output
            self._end(None)

    def fail(self, error: BaseException) -> None:
        """Close the prediction as failed: its missing scores count as errors."""
        if not self._finished:
            self._end(error)

    def within(self) -> AbstractContextManager[None]:
        """Return a block that says of spans that they belong to this prediction."""
        return using_evaluation(self.evaluation_id, self.example_id, self.trial)

    def __repr__(self) -> str:
        state = "failed" if self.failed else "finished" if self._finished else "open"
        names = (
            ", ".join(dict.fromkeys(name for name, *_ in self.scores)) or "no scores"
        )
        place = f"example {self.example_id}, trial {self.trial}"
        return f"<{type(self).__name__} of {place}: {state}, {names}>"

    def __enter__(self) -> "Prediction":
        self.refuse_if_finished("enter it")
        with ExitStack() as entered:
            entered.enter_context(self.within())
            entered.enter_context(self.span.activate())
            self._block = entered.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        # not bool alone: type checkers would ask for a return behind every block
        if self._block is not None:
            self._block.close()
            self._block = None
        if error is None:
            self.finish()
            return None
        self.fail(error)
        return self.goes_on_after(error)

    def _end(self, error: BaseException | None) -> None:
        self._finished = True
        self.failed = error is not None
        if error is not None and not is_failure(error):  # an exit, a generator's end
            error = Unfinished(f"the prediction was left by {type(error).__name__}")
        self._was_interrupted = error is not None and (
            is_interruption(error) or isinstance(error, Unfinished)
        )
        self.span.end(error, end_time_ns=self._began_ns + self._duration_ns(error))
        self._on_finish(self)

    def _duration_ns(self, error: BaseException | None) -> int:
        """Return how long the model took; 0, as readers know, where nobody can say."""
        if self._took_ns is not None:
            return max(1, self._took_ns)  # clocks may be coarse
        if self._has_output or isinstance(error, Unfinished):
            return 0
        return max(1, self._elapsed_ns())

    def _elapsed_ns(self) -> int:
        return time.time_ns() - self._began_ns

    def refuse_if_finished(self, what: str) -> None:
        """Raise ValueError if it takes nothing more; `what` completes "cannot …"."""
        if self._finished:
            raise ValueError(
                f"the prediction of example {self.example_id!r}, trial {self.trial}, "
                f"is finished; cannot {what}. Add late scores with tracer.score(…)"
            )
