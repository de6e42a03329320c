"""The job `score_dataset`: metrics and judges over the outputs that a dataset holds."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from itertools import islice
from typing import Any

import tracer
from tracer.client import Client
from tracer.evaluation._rows import Example
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.scorers import NamedScorer
from tracer.judges import Judge
from tracer.worker.desk import Desk, Job
from tracer.worker.judging import judged, spent, stored_judges
from tracer.worker.measuring import measured, named_metrics

MOST_AT_ONCE = 32
"""Rows that are graded at a time, whatever the judges' definitions say."""

HEARTBEAT_S = 10.0
"""The job's lease is renewed at least this often, also while a judge is waited for."""


def score_dataset(
    client: Client, job: Job, desk: Desk, *, judge_cache: str | None = None
) -> dict[str, Any]:
    """Write an evaluation run that scores a dataset's stored outputs.

    Parameters of the job: ``dataset``, ``version`` (the newest if absent), ``metrics``
    (names, or objects with a name under ``metric`` and settings), ``judges`` (ids of
    stored judges). A row that lacks what a metric compares counts as missing; a metric
    or judge that fails on a row counts as an error of that row.

    Returns:
        ``{"evaluation_id", "n_predictions"}``; with judges also ``judge_requests`` and
        ``judge_cost_usd``.

    Raises:
        ConfigurationError: A metric or a setting is unknown, or nothing is named to
            score by.
        MissingExtraError: A metric needs a library that is not installed.
        NotFoundError: There is no such dataset, version or judge.
    """
    project, params = job["project"], job["params"]
    tracer.configure(endpoint=client.endpoint, project=project)
    ids = params.get("judges") or ()
    judges = stored_judges(client, ids, project=project, cache=judge_cache)
    asked = params.get("metrics") or ()
    measures = [] if judges and not asked else named_metrics(asked)
    found = client.dataset(params["dataset"], params.get("version"), project=project)
    dataset = Dataset(found.rows, name=found.name, version=found.version)
    with EvaluationLogger(
        name=f"{dataset.name}-scores",
        dataset=dataset,
        scorers=[*(one.name for one in measures), *(one.name for one in judges)],
        eval_attributes={"job": job["id"]},
    ) as log:
        at_once = max((judge.model.concurrency for judge in judges), default=1)
        at_once = min(at_once, MOST_AT_ONCE)

        def grade(example: Example) -> None:
            _grade(log, example, measures, judges)

        for measure in measures:
            measure.prepare(dataset.examples, has_output=True)
        with closing(_worked_off(grade, dataset.examples, at_once)) as steps:
            for done in steps:
                desk.report(done, len(dataset))
    tracer.flush()
    desk.report(len(dataset), len(dataset))
    result = {"evaluation_id": log.id, "n_predictions": log.n_predictions}
    return result | (spent(judges) if judges else {})


def _worked_off(
    work: Callable[[Example], None], examples: Sequence[Example], at_once: int
) -> Generator[int, None, None]:
    """Do the work, and yield before it and as it goes how many are done.

    It yields at least every `HEARTBEAT_S`, however long one takes. Whoever stops
    listening ends it: what has not begun never will.
    """
    yield 0
    waiting, done = iter(examples), 0
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="tracer-grading")
    try:
        begun = {pool.submit(work, one) for one in islice(waiting, 2 * at_once)}
        while begun:
            ended, begun = wait(begun, HEARTBEAT_S, return_when=FIRST_COMPLETED)
            for one in ended:
                one.result()
            done += len(ended)
            begun |= {pool.submit(work, one) for one in islice(waiting, len(ended))}
            yield done
    finally:
        pool.shutdown(cancel_futures=True)


def _grade(
    log: EvaluationLogger,
    example: Example,
    measures: Sequence[NamedScorer],
    judges: Sequence[Judge[Any]],
) -> None:
    with log.log_prediction(
        example.inputs,
        example.output,
        expected=example.expected,
        example_id=example.id,
    ) as prediction:
        for measure in measures:
            measured(prediction, measure, example)
        for judge in judges:
            judged(prediction, judge, example.columns)
