"""The registry as a table, for a terminal and for docs/metrics.md."""

from collections.abc import Sequence

from tracer.metrics._catalogue import REGISTRY
from tracer.metrics._registry import Metric

HEAD = (
    "metric",
    "what it says",
    "needs",
    "range",
    "better",
    "Korean",
    "checked against",
)


def rows() -> list[tuple[str, ...]]:
    """Return a row of texts for every metric, in the registry's order (`HEAD`)."""
    return [_row(metric) for metric in REGISTRY.values()]


def markdown(table: Sequence[Sequence[str]]) -> str:
    """Return rows under `HEAD` as a Markdown table."""
    lines = [HEAD, ("---",) * len(HEAD), *table]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(metric: Metric) -> tuple[str, ...]:
    high = "∞" if metric.high is None else f"{metric.high:g}"
    return (
        f"`{metric.name}`",
        metric.about,
        " ".join(f"`{name}`" for name in metric.needs) or "–",
        "yes/no" if metric.is_yes_no else f"{metric.low:g} … {high}",
        "higher" if metric.higher_is_better else "lower",
        metric.korean,
        metric.checked,
    )
