"""The job `score_dataset`: metrics and judges over the outputs that a dataset holds."""

import asyncio
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

import tracer
from tracer.client import Client
from tracer.evaluation._caught import Caught
from tracer.evaluation._rows import Example
from tracer.evaluation.dataset import Dataset
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.prediction import Prediction
from tracer.worker.desk import Desk, Job
from tracer.worker.grading import Grader
from tracer.worker.judging import judged
from tracer.worker.measuring import measured

T = TypeVar("T")

HEARTBEAT_S: Final = 10.0
"""The job's lease is renewed at least this often, also while a judge is waited for."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One row to grade."""

    example: Example
    """The row."""

    trial: int
    """Which of the rows of its id it is, from 0."""


def score_dataset(
    client: Client, job: Job, desk: Desk, *, judge_cache: str | None = None
) -> dict[str, Any]:
    """Write an evaluation run that scores a dataset's stored outputs.

    Parameters of the job: ``dataset``, ``version`` (the newest if absent), ``metrics``
    (names, or objects with a name under ``metric`` and settings), ``judges`` (ids of
    stored judges), ``split`` (only its rows), ``limit`` (rows, from the first),
    ``spending_limit_usd``. A row that
    lacks what a metric compares counts as missing; a metric or judge that fails on a
    row counts as an error of that row. A job that was stopped goes on with its run.

    Returns:
        ``{"evaluation_id", "n_predictions", "errors", "causes", "failures"}``; with
        judges also ``judge_requests`` and ``judge_cost_usd``; ``stopped`` and
        ``n_left`` where the limit was reached.

    Raises:
        ConfigurationError: A metric or a setting is unknown, nothing is named to score
            by, or there is a limit and a judge without a price.
        MissingExtraError: A metric needs a library that is not installed.
        NotFoundError: There is no such dataset, version or judge.
    """
    project, params = job["project"], job["params"]
    tracer.configure(endpoint=client.endpoint, project=project)
    grader = Grader(client, job, cache=judge_cache)
    dataset = wanted_rows(client, params, project=project, goes_on=desk.goes_on)
    log, todo = _begin(dataset, grader, job, desk.goes_on)
    for metric in grader.metrics:
        metric.prepare([one.example for one in todo], has_output=True)
    total, stored = len(dataset), len(dataset) - len(todo)
    done = stored
    try:
        steps = worked_off(
            lambda one: _grade(log, one, grader),
            _until_limit(todo, grader),
            grader.at_once,
        )
        with log, closing(steps):
            for n_done in steps:
                done = stored + n_done - len(grader.stopped)
                desk.report(done, total, evaluation_id=log.id, **grader.said())
            if grader.budget.is_reached:
                log.finish(asyncio.CancelledError("the spending limit is reached"))
    finally:
        tracer.flush()
    if not grader.budget.is_reached:
        desk.report(total, total, evaluation_id=log.id, **grader.said())
    return {
        "evaluation_id": log.id,
        "n_predictions": done,
        **grader.ended(done, total),
    }


def wanted_rows(
    client: Client,
    params: Mapping[str, Any],
    *,
    project: str,
    goes_on: str | None = None,
) -> Dataset:
    """Return the rows of a dataset that a job is about.

    Args:
        client: The collector that has them.
        params: Of the job: ``dataset``, ``version``, ``split``, ``limit``.
        project: Of the job.
        goes_on: A run that is taken up: its version is meant where none is named.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    version = params.get("version")
    if version is None and goes_on is not None:
        row = client.evaluation(goes_on, project=project).row
        version = row["dataset_version"] or None
    found = client.dataset(params["dataset"], version, project=project)
    rows = list(found.rows)
    if split := params.get("split"):
        rows = [row for row in rows if row["metadata"].get("split") == split]
    if limit := params.get("limit"):
        rows = rows[:limit]
    return Dataset(rows, name=found.name, version=found.version)


def _begin(
    dataset: Dataset, grader: Grader, job: Job, goes_on: str | None
) -> tuple[EvaluationLogger, list[Todo]]:
    """Begin the run, or take up the one that was left; return what is to be done."""
    seen: Counter[str] = Counter()
    todo = []
    for example in dataset.examples:
        todo.append(Todo(example, seen[example.id]))
        seen[example.id] += 1
    if goes_on is None:
        log = EvaluationLogger(
            name=f"{dataset.name}-scores",
            dataset=dataset,
            scorers=grader.names,
            eval_attributes={"job": job["id"]},
        )
        return log, todo
    log = EvaluationLogger.resume(goes_on, n_planned=len(dataset))
    stored = set()
    for prediction in log.predictions():
        if prediction.was_interrupted:
            log.forget(prediction)
        else:
            stored.add((prediction.example_id, prediction.trial))
    return log, [one for one in todo if (one.example.id, one.trial) not in stored]


def _until_limit(todo: Iterable[T], grader: Grader) -> Iterator[T]:
    for one in todo:
        if grader.budget.is_reached:
            return
        yield one


def worked_off(
    work: Callable[[T], None], waiting: Iterable[T], at_once: int
) -> Generator[int, None, None]:
    """Do the work, and yield before it and as it goes how many are done.

    It yields at least every `HEARTBEAT_S`, however long one takes. Whoever stops
    listening ends it: what has not begun never will.
    """
    yield 0
    todo, done = iter(waiting), 0
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="tracer-grading")
    try:
        begun = {pool.submit(work, one) for one in islice(todo, 2 * at_once)}
        while begun:
            ended, begun = wait(begun, HEARTBEAT_S, return_when=FIRST_COMPLETED)
            for one in ended:
                one.result()
            done += len(ended)
            begun |= {pool.submit(work, one) for one in islice(todo, len(ended))}
            yield done
    finally:
        pool.shutdown(cancel_futures=True)


def _grade(log: EvaluationLogger, todo: Todo, grader: Grader) -> None:
    """Grade one row; one that the limit stops is left to be made another time."""
    example = todo.example
    with (
        suppress(asyncio.CancelledError),
        log.log_prediction(
            example.inputs,
            example.output,
            expected=example.expected,
            example_id=example.id,
            trial_index=todo.trial,
            metadata=example.metadata,
        ) as prediction,
    ):
        _attach(prediction, example)
        for name, said in _said(prediction, example, grader):
            if grader.is_at_limit(said):
                grader.stop(example.id)
                raise asyncio.CancelledError(said)
            if said is not None:
                grader.faults.add(name, said, example_id=example.id)


def _said(
    prediction: Prediction, example: Example, grader: Grader
) -> Iterator[tuple[str, str | None]]:
    for metric in grader.metrics:
        yield metric.name, measured(prediction, metric, example)
    for judge in grader.judges:
        yield judge.name, judged(prediction, judge, example.columns)


def _attach(prediction: Prediction, example: Example) -> None:
    """Count the call that made a stored output as its prediction's."""
    source = example.source or {}
    with Caught():  # other systems' rows may name calls by ids that are none of ours
        if trace_id := source.get("trace_id"):
            prediction.attach(trace_id, source.get("span_id"))
