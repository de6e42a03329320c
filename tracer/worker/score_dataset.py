"""The job `score_dataset`: computed metrics over the outputs that a dataset holds."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import tracer
from tracer import metrics
from tracer.client import Client
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.worker.desk import Desk, Job


def score_dataset(client: Client, job: Job, desk: Desk) -> dict[str, Any]:
    """Write an evaluation run that scores a dataset's stored outputs.

    Parameters of the job: ``dataset``, ``version`` (the newest if absent), ``metrics``
    (names from `tracer.metrics`). A row without output or expected counts as missing; a
    metric that cannot read a row counts as an error of that row.

    Returns:
        ``{"evaluation_id", "n_predictions"}``.

    Raises:
        ValueError: A metric is unknown, or none is named.
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
        scorers=list(measures),
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
                for name, measure in measures.items():
                    measured(prediction, name, measure, expected=example.expected)
    tracer.flush()
    desk.report(len(dataset), len(dataset))
    return {"evaluation_id": log.id, "n_predictions": log.n_predictions}


def named_metrics(names: Iterable[str]) -> dict[str, Callable[..., float]]:
    """Return the metrics of those names, in their order."""
    wanted = list(names)
    unknown = [name for name in wanted if name not in metrics.__all__]
    if unknown or not wanted:
        raise ValueError(
            f"metrics {unknown or wanted} cannot be computed; "
            f"name some of {', '.join(metrics.__all__)}"
        )
    return {name: getattr(metrics, name) for name in wanted}


def measured(
    prediction: Prediction, name: str, measure: Callable[..., float], *, expected: Any
) -> None:
    """Log one metric of one row."""
    if prediction.output is None or expected is None:
        prediction.log_score(name, None, explanation="nothing to compare in this row")
        return
    # the block has recorded the error as this row's score; the other rows go on
    with suppress(TypeError, ValueError), prediction.log_score(name) as score:
        score.value = measure(prediction.output, expected)
