"""What the bench asks of a contestant."""

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]


class Contestant:
    """A way to trace, set up as its own documentation says, with its own defaults.

    Set are only addresses, dummy keys, "no telemetry" and that content is recorded.
    A contestant is made in its own environment, so each method imports what it needs.
    """

    title: str
    """What the tables call it."""

    environment: str
    """Its environment in versions.toml."""

    distribution: str = ""
    """The distribution whose version stands for it."""

    imports: str = ""
    """What an application writes to import it; timed."""

    is_peer = True
    """Whether it is one of those that we compete with, not a yardstick."""

    def variables(self, url: str) -> dict[str, str]:
        """Return environment variables to set before anything is imported."""
        return {}

    def set_up(self, url: str) -> None:
        """Send everything to the sink at an address."""

    def decorate(self, function: Function) -> Function:
        """Return a function, coroutine or generator function that is traced."""
        return function

    def wrap(self, make: Function) -> Any:
        """Return an OpenAI client, made by `make`, whose calls are traced."""
        return make()

    spans_a_row, spans_a_bare_row = 1, 1
    """Spans of a logged row with three scores; without spans for the scores."""

    def evaluation_logger(self, *, trace_scores: bool) -> Any:
        """Return a logger of predictions and scores, where there is one."""
        raise NotImplementedError(f"{self.title} logs no evaluations here")

    def flush(self) -> object:
        """Return when everything is sent."""


class Nothing(Contestant):
    """No tracing at all: what it shows is the noise of the measurement."""

    title, environment, is_peer = "no tracing (the noise)", "sdk", False


class Tracer(Contestant):
    """This project."""

    title, environment, is_peer = "tracer", "tracer", False
    distribution, imports = "tracer-evals", "import tracer"

    def set_up(self, url: str) -> None:
        import tracer

        tracer.configure(endpoint=url, project="bench")

    def decorate(self, function: Function) -> Function:
        import tracer

        return tracer.trace(function)

    def wrap(self, make: Function) -> Any:
        import tracer

        return tracer.wrap_openai(make())

    def evaluation_logger(self, *, trace_scores: bool) -> Any:
        import tracer

        return tracer.EvaluationLogger(name="bench", model="none")

    def flush(self) -> object:
        import tracer

        return tracer.flush(timeout_s=60)
