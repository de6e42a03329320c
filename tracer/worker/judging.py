"""Judges of a job: made of stored definitions, with the worker's own endpoint."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from tracer.client import Client
from tracer.errors import NotFoundError
from tracer.evaluation._blocking import run_blocking
from tracer.evaluation._caught import Caught, described
from tracer.evaluation._outcomes import failure_of
from tracer.evaluation.prediction import Prediction
from tracer.judges import Budget, Judge, JudgeModel, Price, judge_of
from tracer.judges.definition import model_settings


def stored_judges(
    client: Client,
    ids: Iterable[str],
    *,
    project: str,
    cache: str | None = None,
    budget: Budget | None = None,
) -> list[Judge[Any]]:
    """Return the judges of those ids; they keep replies in a cache, if there is one.

    They are asked at the worker's own endpoint, ``OPENAI_BASE_URL`` with
    ``OPENAI_API_KEY``. What tokens cost, the collector's lists say, unless the
    definition does.

    Raises:
        NotFoundError: There is no such judge.
        ConfigurationError: No judge can be made of its definition.
        MissingExtraError: `openai` is not installed.
    """
    definitions = (client.judge(id, project=project)["definition"] for id in ids)
    return [
        judge_by(client, one, cache=cache, budget=budget or Budget(None))
        for one in definitions
    ]


def judge_by(
    client: Client,
    definition: Mapping[str, Any],
    *,
    cache: str | None,
    budget: Budget,
) -> Judge[Any]:
    """Return the judge of a definition, with the worker's own endpoint.

    Raises:
        ConfigurationError: No judge can be made of it.
        MissingExtraError: `openai` is not installed.
    """
    from tracer._openai.patching import client_classes

    settings = model_settings(definition)
    if settings.get("price") is None:
        settings["price"] = price_of(client, settings["model"])
    sync, _ = client_classes("a judge")
    model = JudgeModel(**settings, client=sync(), cache=cache, budget=budget)
    return judge_of(definition, model)


def price_of(client: Client, model: str) -> Price | None:
    """Return what the collector's lists say that a model costs; None if nothing."""
    with suppress(NotFoundError):
        return client.price(model)
    return None


def judged(
    prediction: Prediction, judge: Judge[Any], columns: Mapping[str, Any]
) -> str | None:
    """Log what a judge says of one row; return what went wrong, which is its score.

    A row without output gets no score of a judge who would look at it.
    """
    if prediction.output is None and "output" in judge.needs:
        return None
    block = prediction.log_score(judge.name, source="model", author=judge.author)
    with Caught() as caught, block as score:
        asked = judge.score(output=prediction.output, **columns)
        score.value = run_blocking(asked)
    if caught.error is not None:
        return described(caught.error)
    return failure_of(score.value)


def spent(judges: Iterable[Judge[Any]]) -> dict[str, Any]:
    """Return what the judges asked and cost, for the result of a job."""
    spendings = [judge.model.spending for judge in judges]
    costs = [one.cost_usd for one in spendings if one.cost_usd is not None]
    return {
        "judge_requests": sum(one.n_requests for one in spendings),
        "judge_cost_usd": sum(costs) if costs else None,
    }
