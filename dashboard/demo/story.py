"""The story of `tracer demo`: a week of traffic, a dataset out of it, an evaluation."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openai import OpenAI

import tracer
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


def play(reader: Client) -> Story:
    """Live through the week and try both prompts on what was asked in it."""
    tracer.configure(
        endpoint=reader.endpoint,
        project=PROJECT,
        service="support-bot",
        environment="production",
    )
    past = enter_the_past()
    with model() as (client, size):
        week = live_through(past, client, size=size)
        tracer.flush()
        dataset = gather(reader, project=PROJECT, limit=size)
        results = evaluate(dataset, client)
    tracer.flush()
    return Story(PROJECT, past, week, dataset, results)


@contextlib.contextmanager
def model() -> Iterator[tuple[OpenAI, int]]:
    """Yield a wrapped client, OpenAI's or a local one's, and how much to ask of it."""
    if os.environ.get("OPENAI_API_KEY"):
        yield tracer.wrap_openai(OpenAI()), PAID_SIZE
        return
    with running(failure_rate=0.03) as url:
        client = OpenAI(base_url=url, api_key="not-needed", max_retries=0)
        yield tracer.wrap_openai(client), LOCAL_SIZE
