"""A run read back from the collector, so that it can go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracer._setup import ensure_configured, settings
from tracer.errors import ConfigurationError
from tracer.evaluation._caught import INTERRUPTIONS
from tracer.evaluation._run import Run
from tracer.evaluation._stored import StoredPrediction, with_scores
from tracer.evaluation._tally import Tally

if TYPE_CHECKING:
    from tracer._client.records import EvaluationRun
    from tracer.client import Client


def collector() -> "Client":
    """Return a client of the collector that evaluations are sent to."""
    from tracer.client import Client

    ensure_configured()
    return Client(settings().endpoint, settings().api_key)


@dataclass(frozen=True, kw_only=True)
class FoundRun:
    """A run of the collector's."""

    run: Run
    """What it is."""

    tally: Tally
    """The sums of its scores."""

    places: Sequence[tuple[str, int]]
    """Example and trial of each prediction that it has."""

    stored: "EvaluationRun"
    """Where more of it is read."""

    interrupted: Sequence[Mapping[str, Any]]
    """Predictions that their process left before the end."""

    def cut_off(self, late: Mapping[str, Any]) -> list[StoredPrediction]:
        """Return these with their scores; `late` is what late ones are done with."""
        return with_scores(self.stored, self.interrupted, **late)


def read_run(evaluation_id: str) -> FoundRun:
    """Return a run, its sums, and which predictions it has.

    Raises:
        NotFoundError: The collector does not know the run.
    """
    found = collector().evaluation(evaluation_id)
    row, rows = found.row, found.predictions()
    n_failed = sum(one["status"] == "error" for one in rows)
    tally = Tally(row["scorers"] or ())
    tally.resume(found.sums, n_done=len(rows) - n_failed, n_failed=n_failed)
    return FoundRun(
        run=_run(evaluation_id, row),
        tally=tally,
        places=[(one["example_id"] or "", one["trial"] or 0) for one in rows],
        stored=found,
        interrupted=[one for one in rows if one["error_type"] in INTERRUPTIONS],
    )


def check_same(evaluation_id: str, *, model: str, dataset_version: str) -> None:
    """Raise if a run is not of this model and dataset: it cannot go on with them.

    Raises:
        ConfigurationError: It was made of another model or dataset.
        NotFoundError: The collector does not know the run.
    """
    row = collector().evaluation(evaluation_id).row
    for what, asked in (("model", model), ("dataset_version", dataset_version)):
        if row[what] not in (None, asked):
            raise ConfigurationError(
                f"the run {evaluation_id} is of {what} {row[what]!r}, not {asked!r}; "
                "give what it began with, or begin a run without resume"
            )


def _run(evaluation_id: str, row: Mapping[str, Any]) -> Run:
    return Run(
        id=evaluation_id,
        name=row["name"] or "",
        display_name=row["display_name"] or row["name"] or "",
        model=row["model"] or "",
        dataset=row["dataset"] or "",
        dataset_version=row["dataset_version"] or "",
        scorers=row["scorers"] or (),
        n_planned=row["n_planned"],
        metadata=row["metadata"] or {},
    )
