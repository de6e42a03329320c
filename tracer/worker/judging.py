"""Judges of a job: made of stored definitions, with the worker's own endpoint."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from tracer.client import Client
from tracer.errors import NotFoundError
from tracer.evaluation._blocking import run_blocking
from tracer.evaluation._caught import Caught
from tracer.evaluation.prediction import Prediction
from tracer.judges import Judge, JudgeModel, judge_of
from tracer.judges.definition import model_settings


def stored_judges(
    client: Client, ids: Iterable[str], *, project: str, cache: str | None = None
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
    return [_judge(client, id, project, cache) for id in ids]


def _judge(client: Client, id: str, project: str, cache: str | None) -> Judge[Any]:
    from tracer._openai.patching import client_classes

    definition = client.judge(id, project=project)["definition"]
    settings = model_settings(definition)
    if settings.get("price") is None:
        with suppress(NotFoundError):
            settings["price"] = client.price(settings["model"])
    sync, _ = client_classes("a judge")
    return judge_of(definition, JudgeModel(**settings, client=sync(), cache=cache))


def judged(
    prediction: Prediction, judge: Judge[Any], columns: Mapping[str, Any]
) -> None:
    """Log what a judge says of one row; what goes wrong is an error of its score.

    A row without output gets no score of a judge who would look at it.
    """
    if prediction.output is None and "output" in judge.needs:
        return
    block = prediction.log_score(judge.name, source="model", author=judge.author)
    with Caught(), block as score:
        asked = judge.score(output=prediction.output, **columns)
        score.value = run_blocking(asked)


def spent(judges: Iterable[Judge[Any]]) -> dict[str, Any]:
    """Return what the judges asked and cost, for the result of a job."""
    spendings = [judge.model.spending for judge in judges]
    costs = [one.cost_usd for one in spendings if one.cost_usd is not None]
    return {
        "judge_requests": sum(one.n_requests for one in spendings),
        "judge_cost_usd": sum(costs) if costs else None,
    }
