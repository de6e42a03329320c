"""The job `run_model`: a model on a dataset, with trials, scored as it goes."""

import asyncio
from contextlib import suppress
from typing import Any, Final

import tracer
from tracer._openai.patching import client_classes
from tracer.client import Client
from tracer.errors import SpendingLimitError
from tracer.evaluation import Evaluation
from tracer.evaluation._caught import Caught, described
from tracer.evaluation._names import memorable_name
from tracer.evaluation._outcomes import failure_of
from tracer.evaluation._running import Running
from tracer.evaluation.logger import EvaluationLogger
from tracer.evaluation.results import ResultRow
from tracer.evaluation.scorers import named_scorers
from tracer.judges import Judge
from tracer.judges._asking import Reply
from tracer.judges._calling import ROOM_S, reply_of
from tracer.judges._money import InFlightError, Purse
from tracer.judges._tokens import estimated_tokens
from tracer.worker import templates
from tracer.worker.desk import Desk, Job
from tracer.worker.estimating import MOST_ANSWER
from tracer.worker.grading import Grader
from tracer.worker.judging import price_of
from tracer.worker.score_dataset import wanted_rows

CONCURRENCY: Final = 8
LOOK_EVERY_S: Final = 0.5
"""How often the run is looked at: whether it has ended, or is to stop."""


def run_model(
    client: Client, job: Job, desk: Desk, *, judge_cache: str | None = None
) -> dict[str, Any]:
    """Write an evaluation run of a model on a dataset.

    Parameters of the job: ``dataset version split``, ``limit`` (rows, from the first),
    ``model`` (as the worker's endpoint knows it), ``prompt`` and ``system`` over the
    columns of the inputs, ``temperature``, ``max_output_tokens``, ``trials``,
    ``concurrency``, ``metrics``, ``judges``, ``spending_limit_usd`` (of model and
    judges together), ``name``. A job that was stopped goes on with its run.

    Returns:
        ``{"evaluation_id", "n_predictions", "cost_usd", "requests", "errors",
        "causes", "failures"}``; with judges also ``judge_requests`` and
        ``judge_cost_usd``; ``stopped`` and ``n_left`` where the limit was reached.

    Raises:
        ConfigurationError: A template names what is no column, a metric is unknown, or
            there is a limit and a model without a price.
        MissingExtraError: `openai` is not installed.
        NotFoundError: There is no such dataset, version or judge.
    """
    project, params = job["project"], job["params"]
    tracer.configure(endpoint=client.endpoint, project=project)
    grader = Grader(client, job, cache=judge_cache, may_be_empty=True)
    dataset = wanted_rows(client, params, project=project, goes_on=desk.goes_on)
    model = _Model(client, params, grader)
    if dataset.examples:
        model.asked(dataset.examples[0].inputs)  # a wrong template, before any call
    evaluation = Evaluation(
        dataset,
        trials=params.get("trials") or 1,
        name=params.get("name") or f"{dataset.name}-runs",
        evaluation_name=memorable_name(params["model"]),
        metadata=_facts(job),
        concurrency=params.get("concurrency") or CONCURRENCY,
        resume=desk.goes_on,
    )
    limited = named_scorers(_Limited(judge, grader) for judge in grader.judges)
    evaluation.scorers = [*grader.metrics, *limited]
    watcher = _Watcher(grader, model)
    running = Running(evaluation, model, watcher=watcher)
    try:
        asyncio.run(_watched(running, watcher, desk))
    finally:
        tracer.flush()
    return watcher.ended()


def _facts(job: Job) -> dict[str, Any]:
    params = job["params"]
    said = {name: params.get(name) for name in ("temperature", "prompt", "system")}
    return {"job": job["id"]} | {
        name: value for name, value in said.items() if value is not None
    }


class _Model:
    """The model at the worker's endpoint, asked by a template, within a limit."""

    def __init__(self, client: Client, params: dict[str, Any], grader: Grader) -> None:
        self.name: str = params["model"]
        self._params = params
        self._most_output = params.get("max_output_tokens") or MOST_ANSWER
        self.purse = Purse(price_of(client, self.name), None, grader.budget)
        _, asynchronous = client_classes("a model")
        self._client = tracer.wrap_openai(asynchronous())

    def asked(self, inputs: dict[str, Any]) -> list[templates.Message]:
        """Return what the model is sent for a row."""
        params = self._params
        return templates.messages(params["prompt"], inputs, system=params.get("system"))

    async def predict(self, inputs: dict[str, Any]) -> str:
        """Return what the model says to a row.

        Raises:
            ConfigurationError: The template names what the row has not.
            CancelledError: It could cost too much: the run ends here, and can go on.
        """
        messages = self.asked(inputs)
        n_input = estimated_tokens(_as_texts(messages))
        reserved_usd = await self._reserved(n_input)
        try:
            completion = await self._client.chat.completions.create(
                model=self.name, messages=messages, **self._settings()
            )
            reply: Reply = reply_of(completion, n_input)
            self.purse.pay(reply)
        finally:
            self.purse.release(reserved_usd)
        return reply.text or reply.refusal

    async def _reserved(self, n_input: int) -> float:
        """Set aside what a request may cost; wait while others may need it."""
        while True:
            try:
                return self.purse.reserve(n_input, self._most_output)
            except InFlightError:
                await asyncio.sleep(ROOM_S)
            except SpendingLimitError as error:
                raise asyncio.CancelledError(str(error)) from None

    async def close(self) -> None:
        """Close the connections; they belong to the loop that runs."""
        await self._client.close()

    def _settings(self) -> dict[str, Any]:
        settings = {"max_completion_tokens": self._most_output}
        if (temperature := self._params.get("temperature")) is not None:
            settings["temperature"] = temperature
        return settings


class _Limited:
    """A judge that ends the run where the job's limit is reached."""

    def __init__(self, judge: Judge[Any], grader: Grader) -> None:
        self.name, self.author, self.source = judge.name, judge.author, judge.source
        self._judge, self._grader = judge, grader

    async def score(self, *, output: Any, **columns: Any) -> Any:
        """Return what the judge says.

        Raises:
            CancelledError: It could cost too much: the run ends here, and can go on.
        """
        with Caught() as caught:
            found = await self._judge.score(output=output, **columns)
        said = failure_of(found) if caught.error is None else described(caught.error)
        if self._grader.is_at_limit(said):
            raise asyncio.CancelledError(said)
        if caught.error is not None:
            raise caught.error
        return found


def _as_texts(messages: list[templates.Message]) -> list[dict[str, str]]:
    return [{"role": one["role"], "content": str(one["content"])} for one in messages]


class _Watcher:
    """Counts how far the run is."""

    def __init__(self, grader: Grader, model: _Model) -> None:
        self.grader = grader
        self._model = model
        self._log: EvaluationLogger | None = None
        self.done = self.total = 0

    def began(self, log: EvaluationLogger, n_stored: int, n_planned: int) -> None:
        """Hear that the run is open."""
        self._log = log
        self.done, self.total = n_stored, n_planned

    def made(self, row: ResultRow) -> None:
        """Count a prediction, and what went wrong in it."""
        self.done += 1
        for name, said in row.errors.items():
            self.grader.faults.add(
                name, said, example_id=row.example_id, trial=row.trial
            )

    async def close(self) -> None:
        """Close what the model needed."""
        await self._model.close()

    @property
    def said(self) -> dict[str, Any]:
        """What is known so far, for the job's progress."""
        spending = self._model.purse.spending
        found: dict[str, Any] = {
            "cost_usd": spending.cost_usd,
            "requests": spending.n_requests,
        }
        if self._log is not None:
            found |= {"evaluation_id": self._log.id}
        return found | self.grader.said()

    def ended(self) -> dict[str, Any]:
        """Return what came of it, for the job's result."""
        counted = {"n_predictions": self.done}
        return self.said | counted | self.grader.ended(self.done, self.total)


async def _watched(running: Running, watcher: _Watcher, desk: Desk) -> None:
    """Run to the end, the limit, or until somebody stops it; the run stays open then.

    Raises:
        JobStopped: The job was cancelled, or the worker is to end.
    """
    task = asyncio.create_task(running.run())
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK_EVERY_S)
            await asyncio.to_thread(
                desk.report, watcher.done, watcher.total, **watcher.said
            )
            if watcher.grader.budget.is_reached:
                break
    finally:
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await watcher.close()
    if task.done() and not task.cancelled():
        task.result()
        # it may have ended while an earlier look was being written
        said = watcher.said
        await asyncio.to_thread(desk.report, watcher.done, watcher.total, **said)
