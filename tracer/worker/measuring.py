"""Computed metrics, as a job asks for them."""

from collections.abc import Iterable
from typing import Any

from tracer.errors import ConfigurationError, MissingExtraError
from tracer.evaluation._caught import Caught, described
from tracer.evaluation._rows import Example
from tracer.evaluation.prediction import Prediction
from tracer.evaluation.scorers import NamedScorer, named_scorers
from tracer.metrics import REGISTRY
from tracer.metrics._registry import read_scorer


def named_metrics(asked: Iterable[Any]) -> list[NamedScorer]:
    """Return the metrics that a job asks for, in their order.

    Args:
        asked: Names, or objects with a name under ``metric`` and settings.

    Raises:
        ConfigurationError: A metric or a setting is unknown, or none is named.
    """
    wanted = list(asked)
    if not wanted:
        known = ", ".join(REGISTRY)
        raise ConfigurationError(f"the job names no metric; name some of {known}")
    return named_scorers(read_scorer(one, REGISTRY) for one in wanted)


def measured(
    prediction: Prediction, metric: NamedScorer, example: Example
) -> str | None:
    """Log one metric of one row; return what went wrong, which is its score.

    A row that lacks what it compares counts as missing.

    Raises:
        MissingExtraError: It needs a library that is not installed.
    """
    lacks_expected = "expected" in metric.call.names and example.expected is None
    if example.output is None or lacks_expected:
        said = "nothing to compare in this row"
        prediction.log_score(metric.name, None, explanation=said, author=metric.author)
        return None
    columns = metric.columns(example.columns, example.output)
    score = prediction.log_score(
        metric.name, source=metric.source, author=metric.author, scale=metric.scale
    )
    # the block records an error as this row's score; the other rows go on
    with Caught() as caught, score:
        metric.call.check(columns)
        score.value = metric.call.bind(columns)()
    if isinstance(caught.error, MissingExtraError):
        raise caught.error
    return None if caught.error is None else described(caught.error)
