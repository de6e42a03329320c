"""Find the runs that a gate names, and read what they say."""

from tracer._client.records import EvaluationRun
from tracer.client import Client
from tracer.errors import ConfigurationError, NotFoundError
from tracer.gate.judging import Figures

EVER = "3650d"


def find_run(client: Client, named: str, *, project: str | None) -> EvaluationRun:
    """Return the run of that id, else the latest finished one of that name.

    Args:
        client: The collector that has it.
        named: Id, name of one run, or name that runs of an evaluation share.
        project: Only runs of this project.

    Raises:
        ConfigurationError: There is none, or that of the id is not done.
    """
    try:
        return _ended(client.evaluation(named, project=project))
    except NotFoundError:
        pass
    for field in ("display_name", "name"):
        where = [(field, "=", named), ("status", "=", "done")]
        found = client.evaluations(project=project, since=EVER, where=where, limit=1)
        if found:
            return client.evaluation(found[0]["id"], project=found[0]["project"])
    raise ConfigurationError(
        f"there is no run with id {named!r}, and none of that name that is done; "
        "`tracer.Client().evaluations()` lists them"
    )


def _ended(run: EvaluationRun) -> EvaluationRun:
    """Return a run that is done; half of one says nothing about the whole."""
    if run.status == "done":
        return run
    made, planned = run.row["n_predictions"], run.row["n_planned"]
    of_planned = "" if planned is None else f" of {planned}"
    raise ConfigurationError(
        f"run {run.id} is {run.status}, with {made}{of_planned} predictions; a gate "
        "judges runs that are done: wait for it, or resume it"
    )


def figures_of(run: EvaluationRun) -> Figures:
    """Return what a run says about its scores and what it took."""
    name = str(run.row["display_name"] or run.row["name"] or run.id)
    return Figures(
        name,
        run.summary,
        run.measures,
        id=run.id,
        lower_is_better=run.lower_is_better,
    )
