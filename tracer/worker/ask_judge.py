"""The job `ask_judge`: one row, judged once, with all that was said."""

from typing import Any

import tracer
from tracer._capture.context import using_evaluation
from tracer.client import Client
from tracer.evaluation._blocking import run_blocking
from tracer.evaluation._outcomes import outcomes_of
from tracer.judges import Budget, Judge
from tracer.judges._asking import Reply, Steps
from tracer.worker.desk import Desk, Job
from tracer.worker.judging import judge_by


def ask_judge(
    client: Client, job: Job, desk: Desk, *, judge_cache: str | None = None
) -> dict[str, Any]:
    """Ask a judge about one row; nothing is stored but the job.

    Parameters of the job: ``judge`` (id of a stored one) or ``definition``,
    ``columns`` and ``output`` of the row, ``spending_limit_usd``. The reply comes from
    the model, never from a cache.

    Returns:
        ``{"scores": [{"name", "value", "label", "explanation", "error"}], "said":
        [{"messages", "reply"}], "requests", "input_tokens", "output_tokens",
        "cost_usd"}``.

    Raises:
        ConfigurationError: No judge can be made of it, or the row lacks what it needs.
        NotFoundError: There is no such judge.
        JudgeError: There is no judgement that could be read, or paid.
    """
    params, columns = job["params"], dict(job["params"]["columns"])
    desk.report(0, 1)
    definition = params.get("definition")
    if definition is None:
        found = client.judge(params.get("judge") or "", project=job["project"])
        definition = found["definition"]
    budget = Budget(params.get("spending_limit_usd"))
    judge = judge_by(client, definition, cache=None, budget=budget)
    said: list[dict[str, Any]] = []
    listened(judge, said)
    tracer.configure(endpoint=client.endpoint, project=job["project"])
    # the id keeps the trial out of production lists, charts and costs
    with using_evaluation(f"job:{job['id']}", "trial", 0):
        verdict = run_blocking(judge.ajudge(params.get("output"), **columns))
    tracer.flush()
    desk.report(1, 1)
    spending = judge.model.spending
    return {
        "scores": [
            {
                "name": name,
                "value": one.value,
                "label": one.label,
                "explanation": one.detail,
                "error": one.error,
            }
            for name, one in outcomes_of(judge.name, verdict)
        ],
        "said": said,
        "requests": spending.n_requests,
        "input_tokens": spending.input_tokens,
        "output_tokens": spending.output_tokens,
        "cost_usd": spending.cost_usd,
    }


def listened(judge: Judge[Any], said: list[dict[str, Any]]) -> None:
    """Have every question of a judge, and the reply to it, noted in a list."""
    steps = judge.steps

    def heard(*args: Any) -> Steps[Any]:
        inner = steps(*args)
        reply: Reply | None = None
        while True:
            try:
                question = next(inner) if reply is None else inner.send(reply)
            except StopIteration as ended:
                return ended.value
            reply = yield question
            said.append({"messages": question.messages, "reply": reply.text})

    judge.steps = heard  # type: ignore[method-assign, assignment]
