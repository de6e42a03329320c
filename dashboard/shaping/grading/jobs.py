"""Jobs as people read them: what each does, how far it is, what it cost."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Cell, Column, Tone
from tracer._client.jobs import ALIVE_S

Row = Mapping[str, Any]

ENDED: Final = frozenset({"done", "failed", "cancelled"})

_MODULES: Final = re.compile(r"\b(?:[a-z_]\w*\.)+(?=[A-Z]\w*(?:Error|Exception)\b)")
"""What stands before the name of an error: ``tracer.errors.``."""

_TONES: Final[Mapping[str, Tone]] = {
    "queued": "none",
    "running": "info",
    "done": "good",
    "failed": "bad",
    "cancelled": "warn",
    "limit": "warn",
}


def state(job: Row) -> str:
    """Return a job's state; ``limit`` for one that its spending limit ended."""
    stopped = (job["result"] or {}).get("stopped")
    return "limit" if job["state"] == "done" and stopped else str(job["state"])


def badge(job: Row, states: Mapping[str, str]) -> dict[str, Any]:
    """Return a job's state as a badge of a heading."""
    name = state(job)
    return {"text": states[name], "tone": _TONES[name], "dot": True}


def subject(job: Row, texts: Mapping[str, str]) -> str:
    """Return what a job is about: a dataset, a model on it, a filter, a judge.

    Args:
        job: The job.
        texts: What is said of all traces, and of chosen ones.
    """
    params = job["params"]
    if job["kind"] == "score_dataset":
        return str(params.get("dataset"))
    if job["kind"] == "run_model":
        return f"{params.get('model')} → {params.get('dataset')}"
    if job["kind"] == "score_traces":
        chosen = params.get("trace_ids")
        where = params.get("where") or []
        told = ", ".join(" ".join(map(str, one)) for one in where)
        if chosen is not None:
            return texts["chosen"].format(n=numbers.count(len(chosen)))
        return told or texts["all"]
    return str(params.get("judge") or (params.get("definition") or {}).get("kind", ""))


def kind(job: Row, kinds: Mapping[str, str]) -> str:
    """Return what people call a job's kind."""
    return kinds.get(job["kind"], job["kind"])


def known(job: Row) -> Row:
    """Return what is known of how a job goes: its result, else its progress."""
    return {**job["progress"], **(job["result"] or {})}


def cost_usd(job: Row) -> float | None:
    """Return what a job has cost so far, judges and model; None if nobody knows."""
    found = known(job)
    costs = [found.get("cost_usd"), found.get("judge_cost_usd")]
    told = [one for one in costs if one is not None]
    return sum(told) if told else None


def share(job: Row) -> float:
    """Return how much of a job is done, 0 to 1."""
    done, total = job["progress"].get("done") or 0, job["progress"].get("total") or 0
    return min(1.0, done / total) if total else 0.0


def left_s(job: Row, *, now_ns: int | None = None) -> float | None:
    """Return how long a job goes on at its pace so far; None while nobody can know."""
    progress = job["progress"]
    done: int = progress.get("done") or 0
    total: int = progress.get("total") or 0
    began_ns = progress.get("began_ns")
    if job["state"] != "running" or not began_ns or not 0 < done < total:
        return None
    took_s: float = ((now_ns or time.time_ns()) - began_ns) / 1e9
    return took_s / done * (total - done)


def roughly(seconds: float) -> str:
    """Return a time that nobody knows exactly, in one unit."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1.0, seconds):.0f} s"


def counted(job: Row) -> str:
    """Return how far a job is in rows: ``40 / 200``."""
    total = job["progress"].get("total")
    if not total:
        return numbers.NOTHING
    done = numbers.count(job["progress"].get("done") or 0)
    return f"{done} / {numbers.count(total)}"


def errors(job: Row) -> int:
    """Return how many scores failed."""
    return int(known(job).get("errors") or 0)


def columns(texts: Mapping[str, str]) -> list[Column]:
    """Return the columns of the list of jobs."""
    return [
        Column("state", texts["state"], "max-content"),
        Column("kind", texts["kind"], "max-content"),
        Column("subject", texts["subject"], "minmax(120px, 1fr)"),
        Column("progress", texts["progress"], "minmax(110px, max-content)", end=True),
        Column("cost", texts["cost"], "max-content", end=True),
        Column("errors", texts["errors"], "max-content", end=True),
        Column("message", texts["message"], "minmax(100px, 1.4fr)"),
        Column("asked", texts["asked"], "max-content"),
        Column("by", texts["by"], "max-content"),
    ]


def rows(
    jobs: Iterable[Row],
    *,
    states: Mapping[str, str],
    kinds: Mapping[str, str],
    subjects: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return jobs as rows of a table; a row's id is ``project/id``."""
    return [
        cells.row(
            f"{job['project']}/{job['id']}",
            state={"badge": badge(job, states)},
            kind=kind(job, kinds),
            subject=cells.words(subject(job, subjects)),
            progress=_progress(job),
            cost=_cost(job),
            errors=cells.failures(errors(job)),
            message=cells.words(said(job), soft=True),
            asked=cells.time(job.get("asked_ns")),
            by=cells.words(job.get("asked_by"), soft=True),
        )
        for job in jobs
    ]


def _progress(job: Row) -> Cell:
    shown = counted(job)
    if job["state"] != "running":
        return shown
    return cells.bar(share(job), most=1.0, text=shown)


def _cost(job: Row) -> Cell:
    cost = cost_usd(job)
    return None if cost is None else numbers.money(cost)


def said(job: Row) -> str | None:
    """Return what a job says of its end: why it failed, else its commonest fault."""
    if job["message"]:
        return briefly(job["message"])
    causes = known(job).get("causes") or []
    return briefly(causes[0][0]) if causes else None


def briefly(cause: object) -> str:
    """Return what went wrong with errors by their own names, without their modules."""
    return _MODULES.sub("", str(cause))


def failure_rows(failures: Iterable[Row]) -> list[dict[str, Any]]:
    """Return what failed, row by row; a row's id is its trace, or its example."""
    return [
        cells.row(
            f"{number}/{one.get('trace_id') or one.get('example_id') or ''}",
            target=cells.example(str(one.get("trace_id") or one.get("example_id"))),
            score=cells.words(one["score"]),
            said=cells.words(briefly(one["said"])),
        )
        for number, one in enumerate(failures)
    ]


def alive(workers: Sequence[Row], *, now_ns: int | None = None) -> list[Row]:
    """Return the workers that were heard of just now."""
    oldest = (now_ns or time.time_ns()) - ALIVE_S * 10**9
    return [one for one in workers if one["seen_ns"] >= oldest]


def facts(job: Row, texts: Mapping[str, str]) -> list[tuple[str, Cell]]:
    """Return what was asked for and how it went; unknown things left out."""
    params, began_ns = job["params"], job["progress"].get("began_ns")
    took_ms = None
    if began_ns and job["state"] in ENDED:
        took_ms = job["at"].timestamp() * 1e3 - began_ns / 1e6
    limit = params.get("spending_limit_usd")
    metrics = [_name_of(one) for one in params.get("metrics") or ()]
    pairs: list[tuple[str, Cell]] = [
        (texts["asked"], cells.time(job.get("asked_ns"))),
        (texts["by"], cells.words(job.get("asked_by"))),
        (texts["took"], None if took_ms is None else numbers.duration(took_ms)),
        (texts["judges"], cells.chips(params.get("judges") or ())),
        (texts["metrics"], cells.chips(metrics)),
        (texts["trials"], cells.words(params.get("trials"))),
        (texts["limit"], None if limit is None else numbers.money(limit)),
        (texts["worker"], cells.words(job.get("worker"))),
    ]
    return [(label, value) for label, value in pairs if value is not None]


def _name_of(metric: object) -> str:
    """Return the name of a metric as a job has it: a name, or a table with settings."""
    return str(metric["metric"] if isinstance(metric, Mapping) else metric)


def can_retry(job: Row) -> bool:
    """Whether another try can make more of a job."""
    return job["state"] in {"failed", "cancelled"} or state(job) == "limit"
