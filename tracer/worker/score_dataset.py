"""The job `score_dataset`: computed metrics over the outputs that a dataset holds."""

from typing import Any

import tracer
from tracer.client import Client
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.worker.desk import Desk, Job
from tracer.worker.measuring import measured, named_metrics


def score_dataset(client: Client, job: Job, desk: Desk) -> dict[str, Any]:
    """Write an evaluation run that scores a dataset's stored outputs.

    Parameters of the job: ``dataset``, ``version`` (the newest if absent), ``metrics``
    (names, or objects with a name under ``metric`` and settings). A row that lacks what
    a metric compares counts as missing; a metric that fails on a row counts as an error
    of that row.

    Returns:
        ``{"evaluation_id", "n_predictions"}``.

    Raises:
        ConfigurationError: A metric or a setting is unknown, or no metric is named.
        MissingExtraError: A metric needs a library that is not installed.
        NotFoundError: There is no such dataset or version.
    """
    project, params = job["project"], job["params"]
    measures = named_metrics(params.get("metrics") or ())
    found = client.dataset(params["dataset"], params.get("version"), project=project)
    dataset = Dataset(found.rows, name=found.name, version=found.version)
    tracer.configure(endpoint=client.endpoint, project=project)
    with EvaluationLogger(
        name=f"{dataset.name}-scores",
        dataset=dataset,
        scorers=[measure.name for measure in measures],
        eval_attributes={"job": job["id"]},
    ) as log:
        for done, example in enumerate(dataset):
            desk.report(done, len(dataset))
            with log.log_prediction(
                example.inputs,
                example.output,
                expected=example.expected,
                example_id=example.id,
            ) as prediction:
                for measure in measures:
                    measured(prediction, measure, example)
    tracer.flush()
    desk.report(len(dataset), len(dataset))
    return {"evaluation_id": log.id, "n_predictions": log.n_predictions}
