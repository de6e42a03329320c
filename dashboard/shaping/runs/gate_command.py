"""A comparison as the command that lets a release pass only if it holds."""

import shlex
from collections.abc import Iterable

from tracer.stats import ScoreComparison

_MARGIN = "0.02"
"""Of shares: two points."""
_USUAL_ENDPOINT = "http://127.0.0.1:4318"


def gate_command(
    baseline: str,
    candidate: str,
    scores: Iterable[ScoreComparison],
    *,
    project: str | None,
    endpoint: str,
) -> str:
    """Return a `tracer gate` that asks of every score not to be worse.

    Shares may lose two points, other means 5 %; the 95th percentile of latency may
    grow by a tenth, and at most two points more predictions may fail. Whoever copies
    it changes the bounds.

    Args:
        baseline: Id of the run that is measured against.
        candidate: Id of the other.
        scores: Their comparison; labels have no mean to ask for.
        project: Project of the runs.
        endpoint: Address of the collector.
    """
    words = ["tracer", "gate", baseline, candidate]
    if project:
        words += ["--project", project]
    if endpoint.rstrip("/") != _USUAL_ENDPOINT:
        words += ["--collector", endpoint]
    asked = [_requirement(one) for one in scores if one.difference is not None]
    asked += ["latency_p95_ms <= 1.1x", f"failed <= {_MARGIN}"]
    lines = [shlex.join(words)]
    lines += [f"    --require {shlex.quote(one)}" for one in asked]
    return " \\\n".join(lines)


def _requirement(score: ScoreComparison) -> str:
    if score.type == "bool" or (score.baseline_mean or 0.0) <= 0:
        return f"{score.name} {_bound(score, f'-{_MARGIN}', _MARGIN)}"
    return f"{score.name} {_bound(score, '0.95x', '1.05x')}"


def _bound(score: ScoreComparison, floor: str, ceiling: str) -> str:
    return f">= {floor}" if score.higher_is_better else f"<= {ceiling}"
