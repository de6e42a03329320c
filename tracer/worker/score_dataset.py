"""The job `score_dataset`: computed metrics over the outputs that a dataset holds."""

from collections.abc import Iterable
from typing import Any

import tracer
from tracer import metrics
from tracer.client import Client
from tracer.errors import ConfigurationError, MissingExtraError
from tracer.evaluation._caught import Caught
from tracer.evaluation._rows import Example
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.evaluation.scorers import NamedScorer, named_scorers
from tracer.metrics._registry import read_scorer
from tracer.worker.desk import Desk, Job


def score_dataset(client: Client, job: Job, desk: Desk) -> dict[str, Any]:
    """Write an evaluation run that scores a dataset's stored outputs.

    Parameters of the job: ``dataset``, ``version`` (the newest if absent), ``metrics``:
    names from `tracer.metrics.REGISTRY`, or objects with a name under ``metric`` and
    settings. A row that lacks what a metric compares counts as missing; a metric that
    cannot read a row counts as an error of that row.

    Returns:
        ``{"evaluation_id", "n_predictions"}``.

    Raises:
        ConfigurationError: A metric or a setting is unknown, or no metric is named.
        MissingExtraError: A metric needs a library that is not installed.
        NotFoundError: There is no such dataset or version.
    """
    project, params = job["project"], job["params"]
    scorers = wanted_scorers(params.get("metrics") or ())
    found = client.dataset(params["dataset"], params.get("version"), project=project)
    dataset = Dataset(found.rows, name=found.name, version=found.version)
    tracer.configure(endpoint=client.endpoint, project=project)
    with EvaluationLogger(
        name=f"{dataset.name}-scores",
        dataset=dataset,
        scorers=[scorer.name for scorer in scorers],
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
                for scorer in scorers:
                    measure(prediction, scorer, example)
    tracer.flush()
    desk.report(len(dataset), len(dataset))
    return {"evaluation_id": log.id, "n_predictions": log.n_predictions}


def wanted_scorers(asked: Iterable[Any]) -> list[NamedScorer]:
    """Return the scorers that a job asks for, in their order."""
    wanted = list(asked)
    if not wanted:
        known = ", ".join(metrics.REGISTRY)
        raise ConfigurationError(f"the job names no metric; name some of {known}")
    return named_scorers(read_scorer(one, metrics.REGISTRY) for one in wanted)


def measure(prediction: Prediction, scorer: NamedScorer, example: Example) -> None:
    """Log one metric of one row."""
    lacks_expected = "expected" in scorer.call.names and example.expected is None
    if example.output is None or lacks_expected:
        said = "nothing to compare in this row"
        prediction.log_score(scorer.name, None, explanation=said, author=scorer.author)
        return
    columns = scorer.columns(example.columns, example.output)
    block = prediction.log_score(
        scorer.name, source=scorer.source, author=scorer.author
    )
    # the block records an error as this row's score; the other rows go on
    with Caught() as caught, block:
        scorer.call.check(columns)
        block.value = scorer.call.bind(columns)()
    if isinstance(caught.error, MissingExtraError):
        raise caught.error
