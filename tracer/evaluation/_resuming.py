"""A run read back from the collector, so that it can go on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tracer._setup import ensure_configured, settings
from tracer.errors import ConfigurationError
from tracer.evaluation._run import Run
from tracer.evaluation._tally import Tally

if TYPE_CHECKING:
    from tracer.client import Client


def collector() -> "Client":
    """Return a client of the collector that evaluations are sent to."""
    from tracer.client import Client

    ensure_configured()
    return Client(settings().endpoint, settings().api_key)


def read_run(evaluation_id: str) -> tuple[Run, Tally, dict[str, int]]:
    """Return a run, the sums of its scores, and the next trial of each example.

    Raises:
        NotFoundError: The collector does not know the run.
    """
    found = collector().evaluation(evaluation_id)
    row, next_trial = found.row, dict[str, int]()
    n_failed = n_done = 0
    for prediction in found.predictions():
        example_id, trial = prediction["example_id"], prediction["trial"] or 0
        next_trial[example_id] = max(next_trial.get(example_id, 0), trial + 1)
        if prediction["status"] == "error":
            n_failed += 1
        else:
            n_done += 1
    tally = Tally(row["scorers"] or ())
    tally.resume(found.sums, n_done=n_done, n_failed=n_failed)
    return _run(evaluation_id, row), tally, next_trial


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
