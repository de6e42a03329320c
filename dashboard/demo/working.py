"""What the team asks of the worker: grade traffic, run a model; and the wait for it."""

import time
from collections.abc import Iterable
from typing import Any, Final

from dashboard.demo.keeping import AUTHOR, INCOMPLETE
from examples.support_bot.bot import MODEL
from examples.support_bot.knowledge import ARTICLES
from examples.support_bot.prompts import instructions
from tracer.client import Client
from tracer.evaluation import Dataset

PATIENCE_S: Final = 90.0
LOOK_EVERY_S: Final = 0.2
MOST_USD: Final = 0.25
"""What each job may cost."""


def grade_traffic(reader: Client, *, project: str, size: int) -> str:
    """Have the newest incomplete answers judged; return the job's id."""
    params = {
        "judges": ["answer-quality"],
        "where": INCOMPLETE,
        "since": "7d",
        "limit": size,
        "spending_limit_usd": MOST_USD,
    }
    return _start(reader, "score_traces", params, project=project)


def run_a_model(reader: Client, dataset: Dataset, *, project: str) -> str:
    """Have a model that sees all articles answer the dataset; return the job's id."""
    params = {
        "dataset": dataset.name,
        "model": MODEL,
        "system": instructions("v2", ARTICLES),
        "prompt": "{question}",
        "trials": 2,
        "judges": ["correct-by-the-book"],
        "name": "all-articles",
        "spending_limit_usd": MOST_USD,
    }
    return _start(reader, "run_model", params, project=project)


def _start(reader: Client, kind: str, params: dict[str, Any], *, project: str) -> str:
    job = reader.start_job(kind, params, project=project, asked_by=AUTHOR)
    return str(job["id"])


def ended(reader: Client, ids: Iterable[str], *, project: str) -> dict[str, str]:
    """Wait for jobs, while there is a worker to do them; return the state of each."""
    until_s = time.monotonic() + PATIENCE_S
    wanted = list(ids)
    while True:
        states = {id: reader.job(id, project=project)["state"] for id in wanted}
        is_open = any(state in ("queued", "running") for state in states.values())
        if not is_open or time.monotonic() > until_s or not reader.workers():
            return states
        time.sleep(LOOK_EVERY_S)


def alerts(reader: Client, *, project: str) -> dict[str, bool]:
    """Wait until the worker has judged every rule; return which have fired."""
    until_s = time.monotonic() + PATIENCE_S
    while True:
        rules = reader.alert_rules(project=project)
        is_judged = all(rule["reading"] for rule in rules)
        if is_judged or time.monotonic() > until_s or not reader.workers():
            return {rule["id"]: bool(rule["firings"]) for rule in rules}
        time.sleep(LOOK_EVERY_S)
