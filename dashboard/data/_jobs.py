"""Work that takes long: jobs, the workers that do them, judges, what they will cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard import roles
from dashboard.data._reading import (
    FRESH_S,
    STEADY_S,
    Row,
    cached,
    client,
    forget,
    kept,
    live,
    long_cached,
    together,
)
from tracer.judges import Price, judge_agreement
from tracer.stats import Agreement
from tracer.worker.estimating import sampled
from tracer.worker.judging import price_of

MOST_JOBS: Final = 100
MOST_SCORES: Final = 5000


@dataclass(frozen=True)
class Sample:
    """Some of the rows that a job would be about."""

    rows: list[Mapping[str, Any]]
    """Columns by name, and ``output``."""
    n_rows: int
    """How many rows there are."""


@live
def jobs(project: str | None, *, state: str | None = None) -> list[Row]:
    """Return the latest changed jobs, `MOST_JOBS` at most."""
    return list(client().jobs(project=project, state=state, limit=MOST_JOBS))


@live
def job(job_id: str, project: str | None) -> Row:
    """Return one job as it is now.

    Raises:
        NotFoundError: There is no such job.
    """
    return dict(client().job(job_id, project=project))


@live
def open_jobs(project: str | None) -> list[Row]:
    """Return the jobs that wait or run."""
    reader = client()
    running, queued = together(
        lambda state: reader.jobs(project=project, state=state, limit=MOST_JOBS),
        ("running", "queued"),
    )
    return [*running, *queued]


@live
def workers() -> list[Row]:
    """Return the workers heard of lately, the latest first."""
    return list(client().workers())


def start_job(kind: str, params: Mapping[str, Any], project: str) -> str:
    """Put a job into the queue; return its id."""
    made = client().start_job(kind, params, project=project, asked_by=roles.author())
    forget_jobs()
    return str(made["id"])


def cancel_job(job_id: str, project: str) -> None:
    """Ask for a job to end."""
    client().cancel_job(job_id, project=project)
    forget_jobs()


def retry_job(job_id: str, project: str, params: Mapping[str, Any]) -> None:
    """Put a job that ended back into the queue."""
    client().retry_job(job_id, project=project, params=params)
    forget_jobs()


def forget_jobs() -> None:
    """Read jobs anew."""
    reads: list[Any] = [jobs, job, open_jobs]
    for cache in reads:
        cache.clear()


@kept(ttl_s=STEADY_S, max_entries=20)
def sample(kind: str, params: Mapping[str, Any], project: str) -> Sample:
    """Return some of the rows that a job would be about; nobody may change them.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    rows, n_rows = sampled(client(), kind, params, project=project)
    return Sample(rows, n_rows)


@cached
def judges(project: str | None) -> list[Row]:
    """Return the stored judges, the latest changed first."""
    return list(client().judges(project=project))


def save_judge(
    judge_id: str, definition: Mapping[str, Any], project: str, *, replaces: int
) -> None:
    """Store a judge.

    Raises:
        ConfigurationError: No judge can be made of the definition.
        ConflictError: Somebody else changed it since.
    """
    client().save_judge(
        judge_id, definition, project=project, replaces=replaces, author=roles.author()
    )
    forget()


def delete_judge(judge_id: str, project: str) -> None:
    """Take a judge away; its scores stay."""
    client().delete_judge(judge_id, project=project)
    forget()


@long_cached
def price(model: str) -> Price | None:
    """Return what the collector's lists say that a model costs; None if nothing."""
    return price_of(client(), model)


@kept(ttl_s=FRESH_S, max_entries=50)
def agreement(name: str, author: str, project: str) -> Agreement | None:
    """Return how far a judge agrees with people; None if nothing is scored by both."""

    def scores(field: str, value: str) -> list[Row]:
        """Read apart: of a judge of all traffic the newest alone are no person's."""
        where = [("name", "=", name), (field, "=", value)]
        return list(client().scores(project=project, where=where, limit=MOST_SCORES))

    people = scores("source", "human")
    if not people:
        return None
    found = [*people, *scores("author", author)]
    return judge_agreement(found, name, author=author)
