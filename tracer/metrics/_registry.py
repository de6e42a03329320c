"""Every metric there is, with what people and programs must know to choose one."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tracer.errors import ConfigurationError

OUTPUT = "output"
"""The parameter that every metric of a row has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric."""

    name: str
    """As it is named in `tracer.metrics`, in jobs and on the page."""

    make: Callable[..., Any] = field(repr=False)
    """The function; or the class whose objects score, where there is a model."""

    about: str
    """What it says, in one line."""

    low: float
    """The least it can be."""

    high: float | None
    """The most it can be; None if there is no bound."""

    higher_is_better: bool = True
    """Direction."""

    korean: str = "as any text"
    """What it does with Korean."""

    checked: str = "by hand"
    """What it is held against in tests."""

    over: Literal["row", "rows"] = "row"
    """Whether it scores one row, or a run as a whole."""

    is_yes_no: bool = False
    """Whether there is nothing between the least and the most."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns or settings that must be given, beside the output."""
        required = [one.name for one in self._parameters if one.default is one.empty]
        return tuple(name for name in required if name != OUTPUT)

    @property
    def options(self) -> tuple[str, ...]:
        """Settings that may be given, beside what it needs."""
        settings = self._settings
        return tuple(name for name in settings if name not in self.needs)

    def scorer(
        self,
        *,
        name: str | None = None,
        column_map: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        """Return a scorer for `Evaluation(scorers=…)` with these settings.

        Args:
            name: Name of the score; the metric's unless given. Two scorers of one
                metric need two names.
            column_map: What it compares to its column, or to a place within one:
                ``{"output": "output.answer"}``.
            options: Settings by name; what is needed and not among them is a column of
                the row.

        Raises:
            ConfigurationError: It has no such setting, or scores no single row.
        """
        if self.over == "rows":
            raise ConfigurationError(
                f"metric {self.name!r} is of a run as a whole, not of a row; give its "
                "rows to tracer.metrics." + self.make.__name__
            )
        unknown = [one for one in options if one not in self._settings]
        if unknown:
            raise ConfigurationError(
                f"metric {self.name!r} has no setting {', '.join(map(repr, unknown))}; "
                f"it has {', '.join(self._settings) or 'none'}"
            )
        if inspect.isclass(self.make):
            make: Callable[..., Any] = self.make
            made = make(name=name or self.name, **options)
        else:
            made = FunctionScorer(self, name=name or self.name, options=options)
        made.column_map = dict(column_map or {})
        return made

    @property
    def _parameters(self) -> list[inspect.Parameter]:
        score = getattr(self.make, "score", self.make)
        found = inspect.signature(score).parameters.values()
        return [one for one in found if one.name != "self"]

    @property
    def _settings(self) -> list[str]:
        """Everything that `scorer` takes, but for output and expected."""
        asked = inspect.signature(self.make).parameters
        return [name for name in asked if name not in (OUTPUT, "expected", "name")]


class FunctionScorer:
    """A metric with its settings; asks for the columns that it still needs."""

    column_map: Mapping[str, str]
    """Parameter to column, or to a place within one."""

    def __init__(
        self, metric: Metric, *, name: str, options: Mapping[str, Any]
    ) -> None:
        self.name = name
        self.higher_is_better = metric.higher_is_better
        self.scale = None if metric.high is None else (metric.low, metric.high)
        self.score = _bound(metric.make, metric.needs, options)


def _bound(
    function: Callable[..., Any], needs: Iterable[str], options: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return the function with options set, and a signature without them."""
    asked = [OUTPUT, *(name for name in needs if name not in options)]

    def score(**columns: Any) -> Any:
        return function(**columns, **options)

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(name, kind) for name in asked]
    score.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return score


def read_scorer(asked: Any, metrics: Mapping[str, Metric]) -> Any:
    """Return the scorer that a job asks for.

    Args:
        asked: Name of a metric; or a mapping with ``metric``, its name, and settings,
            ``name`` (of the score) and ``column_map`` among them:
            ``{"metric": "recall_at_k", "k": 5}``.
        metrics: Those to choose from.

    Raises:
        ConfigurationError: There is no such metric, or no such setting.
    """
    options = dict(asked) if isinstance(asked, Mapping) else {"metric": asked}
    name = options.pop("metric", None)
    if name not in metrics:
        raise ConfigurationError(
            f"metric {name!r} is unknown; name some of {', '.join(metrics)}"
        )
    return metrics[name].scorer(**options)
