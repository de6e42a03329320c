"""The lines of Python that take a run up again."""

from collections.abc import Mapping
from typing import Any

from dashboard.shaping.runs.evaluations import trials

Row = Mapping[str, Any]


def snippet(run: Row) -> str:
    """Return what to paste: the declared evaluation, else the logger, with its id."""
    if run["n_planned"] and run["dataset"]:
        return _declared(run)
    return (
        "import tracer\n\n"
        f"with tracer.EvaluationLogger.resume({run['id']!r}) as log:\n"
        "    for row in rows:                     # those that it lacks\n"
        "        with log.log_prediction(row) as prediction:\n"
        "            prediction.output = model(**row)\n"
    )


def _declared(run: Row) -> str:
    version = run["dataset_version"]
    dataset = f"{run['dataset']}:{version}" if version else run["dataset"]
    tried = trials(run)
    planned = f"    trials={tried},\n" if tried.isdigit() and tried != "1" else ""
    scorers = ", ".join(run["scorers"] or ())
    return (
        "import tracer\n\n"
        "evaluation = tracer.Evaluation(\n"
        f"    {dataset!r},\n"
        f"    [{scorers}],\n"
        f"{planned}"
        f"    resume={run['id']!r},\n"
        ")\n"
        f"evaluation.run(model)  # {run['model'] or 'the same model as before'}\n"
    )
