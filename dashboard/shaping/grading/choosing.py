"""What rows can be graded by: metrics and judges, and what each still lacks."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboard.shaping import numbers
from tracer.errors import TracerError
from tracer.judges import Judge
from tracer.metrics import REGISTRY
from tracer.worker.estimating import JobEstimate

Columns = Mapping[str, Any]

ASKS_A_MODEL: Final = frozenset({"embedding_similarity", "bert_score"})
"""Metrics that need a model of their own: asked for from Python."""

SETTINGS: Final = {"pattern": "", "schema": "", "k": "5", "tool_name": ""}
"""Settings that a person can type here, and what stands there at first."""

TRIED: Final = 3
"""Rows that a metric is tried on: what fails on all of them fits none."""

_ON_CALLS: Final = ("tool_", "trajectory_")


@dataclass(frozen=True, slots=True)
class Offer:
    """A metric or judge, and why it cannot be chosen, if it cannot."""

    name: str
    """Its name, or a judge's id."""
    about: str
    """What it says, in one line."""
    settings: tuple[str, ...] = ()
    """What a person must give: `SETTINGS`."""
    lacks: tuple[str, ...] = ()
    """Columns that no row has."""
    reason: str = ""
    """Key of a reason that is none of columns (``model``, ``rows``, ``calls``), or the
    words of an error after ``error:``."""

    @property
    def fits(self) -> bool:
        """Whether it can be chosen."""
        return not self.lacks and not self.reason


def metric_offers(
    sample: Sequence[Columns], *, with_outputs: bool = True
) -> list[Offer]:
    """Return every metric, and what it lacks in these rows.

    Args:
        sample: Columns and ``output`` of some rows.
        with_outputs: Whether outputs are stored; a model to be run will make texts.
    """
    return [_metric_offer(name, sample, with_outputs) for name in REGISTRY]


def _metric_offer(name: str, sample: Sequence[Columns], with_outputs: bool) -> Offer:
    metric = REGISTRY[name]
    if metric.over == "rows":
        return Offer(name, metric.about, reason="rows")
    if name in ASKS_A_MODEL:
        return Offer(name, metric.about, reason="model")
    wanted = [need for need in metric.needs if need not in SETTINGS]
    if with_outputs:
        wanted = ["output", *wanted]
    lacks = tuple(need for need in wanted if not _has(sample, need))
    settings = tuple(need for need in metric.needs if need in SETTINGS)
    reason = ""
    if not lacks and name.startswith(_ON_CALLS) and not _has_calls(sample):
        reason = "calls"
    if not lacks and not reason and not settings and with_outputs:
        reason = _failure(name, sample)
    return Offer(name, metric.about, settings, lacks, reason)


def _has(sample: Sequence[Columns], column: str) -> bool:
    return any(row.get(column) is not None for row in sample)


def _has_calls(sample: Sequence[Columns]) -> bool:
    """Whether some output is more than words."""
    outputs = (row.get("output") for row in sample)
    return any(isinstance(one, list | Mapping) for one in outputs)


def _failure(name: str, sample: Sequence[Columns]) -> str:
    """Return why a metric fits none of the rows; empty if it fits one."""
    metric = REGISTRY[name]
    needed = ("output", *metric.needs)
    whole = [row for row in sample if all(row.get(one) is not None for one in needed)]
    said = ""
    for row in whole[:TRIED]:
        try:
            metric.scorer().score(**{one: row[one] for one in needed})
        except TracerError as error:
            return f"error:{error}"
        except (TypeError, ValueError, AttributeError, KeyError, LookupError) as error:
            said = f"error:{error}"
        else:
            return ""
    return said


def asked_metrics(
    names: Iterable[str], settings: Mapping[str, Mapping[str, Any]]
) -> list[Any]:
    """Return what a job asks for: names, or objects with settings."""
    return [
        {"metric": name, **settings[name]} if settings.get(name) else name
        for name in names
    ]


def setting(name: str, text: str) -> Any:
    """Return a setting that a person typed.

    Raises:
        ValueError: It is no number, or no JSON, where it must be.
    """
    if name == "k":
        return int(text)
    return json.loads(text) if name == "schema" else text


def judge_offer(
    row: Mapping[str, Any],
    judge: Judge[Any],
    sample: Sequence[Columns],
    *,
    with_outputs: bool = True,
) -> Offer:
    """Return a stored judge, and which parts it lacks in all of these rows.

    Args:
        row: The stored judge.
        judge: The same, made.
        sample: Columns and ``output`` of some rows.
        with_outputs: Whether outputs are stored; a model to be run will make them.
    """
    rows = sample if with_outputs else [{**one, "output": "…"} for one in sample]
    lacks = tuple(judge.lacking(rows))
    return Offer(row["id"], about_judge(row["definition"]), lacks=lacks)


def about_judge(definition: Mapping[str, Any]) -> str:
    """Return what a judge is, in a few words: its kind, what it judges, its model."""
    model = definition.get("model")
    name = model.get("model") if isinstance(model, Mapping) else model
    rubric = definition.get("rubric")
    what = rubric.get("name") if isinstance(rubric, Mapping) else rubric
    parts = [definition.get("kind"), what, definition.get("language"), name]
    return " · ".join(str(one) for one in parts if one)


def estimate_facts(
    found: JobEstimate, texts: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return an estimate as label–value pairs."""
    cost = "?" if found.cost_usd is None else f"≈ {numbers.money(found.cost_usd)}"
    read, written = (
        numbers.compact(n) for n in (found.input_tokens, found.output_tokens)
    )
    tokens = f"≈ {read} + {written}"
    nothing = not found.n_requests
    return [
        (texts["rows"], numbers.count(found.n_predictions)),
        (texts["requests"], numbers.count(found.n_requests)),
        (texts["tokens"], "0" if nothing else tokens),
        (texts["cost"], numbers.money(0.0) if nothing else cost),
    ]


def suggested_limit(found: JobEstimate) -> float | None:
    """Return a limit above an estimate, in round figures; None without one.

    Estimates are off by replies that are longer than thought: twice as much is room,
    and the last request needs room for the longest that it may get.
    """
    if not found.n_requests or found.unpriced or not found.cost_usd:
        return None
    wanted = 2 * found.cost_usd + found.most_request_usd
    for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0):
        if wanted <= step:
            return step
    return float(round(wanted + 0.5))
