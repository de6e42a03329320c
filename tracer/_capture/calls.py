"""What is settled about a traced function once, and done at each of its calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from opentelemetry.context import Context
from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._capture.arguments import Arguments
from tracer._capture.attributes import told_before
from tracer._capture.opening import begin_span
from tracer._capture.spans import NOOP, UNSET, Span
from tracer._guard import attempt, guarded

_BEGINNING = guarded("begin the span of a call")


@dataclass(frozen=True, kw_only=True, slots=True)
class CallPlan:
    """The options of one traced function, in the form in which a call needs them."""

    name: str
    """Name of the span."""

    attributes: Mapping[str, AttributeValue]
    """Kind, tags and metadata, as attributes."""

    arguments: Arguments
    """How the function names what it is given."""

    capture_input: bool = True
    """Whether arguments are recorded."""

    capture_output: bool = True
    """Whether results are recorded."""

    process_inputs: Callable[[dict[str, Any]], Any] | None = None
    """Makes of the arguments what is recorded of them."""

    process_output: Callable[[Any], Any] | None = None
    """Makes of the result what is recorded of it."""

    accumulate: Callable[[list[Any]], Any] | None = None
    """Makes one output of all that was yielded."""

    sample_rate: float | None = None
    """Share of calls to record where a call begins a trace."""

    def begin(
        self,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        here: Context | None = None,
    ) -> Span:
        """Begin the span of a call, with its arguments as they are now.

        Args:
            args: The arguments without names.
            kwargs: Those with names.
            here: The current context, for a caller who has it at hand.
        """
        span = NOOP
        try:
            span = begin_span(
                self.name,
                told_before(self.attributes) if self.attributes else None,
                context=here,
                sample_rate=self.sample_rate,
            )
            if self.capture_input and span.is_recording:
                inputs: Any = self.arguments.read(args, kwargs)
                if self.process_inputs is not None:
                    inputs = self._processed("inputs", self.process_inputs, inputs)
                span.record_value(semconv.INPUT, inputs)
        except BaseException as error:
            if not _BEGINNING.swallow(error):
                raise
        return span

    def finish(self, span: Span, result: Any) -> None:
        """End the span of a call that went well, with its result as the output."""
        if span.is_recording:
            if not self.capture_output:
                result = UNSET
            elif self.process_output is not None:
                result = self.output_of(result)
            span.end(output=result)

    def output_of(self, result: Any) -> Any:
        """Return what is recorded of a result."""
        if self.process_output is None:
            return result
        return self._processed("output", self.process_output, result)

    def _processed(self, what: str, process: Callable[[Any], Any], value: Any) -> Any:
        """Return what the user makes of a value; nothing of it if that fails."""
        return attempt(
            f"process the {what} of {self.name}",
            lambda: process(value),
            otherwise=f"[withheld: process_{what} failed]",
        )
