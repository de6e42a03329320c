"""The story of `tracer demo`: a week of traffic, what a team makes of it, a trial."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from openai import OpenAI

import tracer
from dashboard.demo import keeping, reviewing, working
from dashboard.demo.model import is_paid
from dashboard.demo.past import Past, enter_the_past
from dashboard.demo.trial import evaluate, gather
from dashboard.demo.week import Week, live_through
from examples.openai_server import running
from tracer.client import Client
from tracer.evaluation import Dataset, EvaluationResult

PROJECT = "support-bot"

LOCAL_SIZE, PAID_SIZE = 75, 10
"""Conversations for each prompt version, and rows of the dataset at most: many with the
local server, few where every call costs."""

GRADED, TO_READ = 40, 20
"""How many of the newest traces the judge sees, and people are asked about."""


@dataclass(frozen=True)
class Story:
    """What was done, as the demo knows it without asking the collector."""

    project: str
    """Where it is recorded."""
    past: Past
    """Counted every span."""
    week: Week
    """Counted every call and score."""
    dataset: Dataset
    """Made of the traffic."""
    results: Mapping[str, EvaluationResult]
    """One run for each prompt version."""
    jobs: Mapping[str, str]
    """What the worker was asked for, by id, and the state that each has come to."""
    n_read: int
    """Answers that people gave in the queue."""


def play(reader: Client, say: Callable[[str], None]) -> Story:
    """Live through the week, have it looked after, try both prompts on its questions.

    Args:
        reader: The collector; a worker of it does what the story asks for meanwhile.
        say: Told what is done next, in a few words.
    """
    tracer.configure(
        endpoint=reader.endpoint,
        project=PROJECT,
        service="support-bot",
        environment="production",
    )
    past = enter_the_past()
    with model() as (client, size):
        say("a week of traffic: customers ask, the bot answers, some say how it was")
        week = live_through(past, client, size=size)
        tracer.flush()
        n_graded, n_to_read = min(GRADED, size), min(TO_READ, size)
        say("judges, alerts, views and a queue; the worker grades and runs a model")
        keeping.keep(reader, project=PROJECT, queue_size=n_to_read)
        jobs = [working.grade_traffic(reader, project=PROJECT, size=n_graded)]
        dataset = gather(reader, project=PROJECT, limit=size)
        jobs.append(working.run_a_model(reader, dataset, project=PROJECT))
        say("two people read answers, and both prompts are tried on the dataset")
        n_read = reviewing.review(reader, project=PROJECT, size=n_to_read)
        results = evaluate(dataset, client)
    tracer.flush()
    states = working.ended(reader, jobs, project=PROJECT)
    return Story(PROJECT, past, week, dataset, results, states, n_read)


@contextlib.contextmanager
def model() -> Iterator[tuple[OpenAI, int]]:
    """Yield a wrapped client, OpenAI's or a local one's, and how much to ask of it."""
    if is_paid():
        yield tracer.wrap_openai(OpenAI()), PAID_SIZE
        return
    with running(failure_rate=0.03) as url:
        client = OpenAI(base_url=url, api_key="not-needed", max_retries=0)
        yield tracer.wrap_openai(client), LOCAL_SIZE
