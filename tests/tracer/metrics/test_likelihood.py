import math
from collections.abc import Iterator
from typing import Any

import numpy
import openai
import pytest
from processes import CollectorProcess

import tracer.testing
from examples.openai_server import running
from tracer import metrics

ASK: Any = {
    "model": "gpt-4o-mini",
    "logprobs": True,
    "messages": [{"role": "user", "content": "안녕하세요?"}],
}


@pytest.fixture
def client() -> Iterator[openai.OpenAI]:
    with (
        running() as base_url,
        openai.OpenAI(base_url=base_url, api_key="secret-key") as client,
    ):
        yield tracer.wrap_openai(client)


@pytest.mark.parametrize("k", [2, 3, 1_000])
def test_perplexity_of_a_choice_among_equals_is_their_number(k: int) -> None:
    assert metrics.perplexity([math.log(1 / k)] * 7) == pytest.approx(k)


def test_perplexity_gives_the_text_books_example() -> None:
    # Jurafsky & Martin, 3rd edition, 3.3: red red red red blue, p(red) = 0.8,
    # p(blue) = 0.1: the fifth root of 1 / 0.04096
    logprobs = [math.log(0.8)] * 4 + [math.log(0.1)]
    assert metrics.perplexity(logprobs) == pytest.approx(1.89, abs=5e-3)


def test_perplexity_is_read_from_a_response_in_every_form(
    client: openai.OpenAI,
) -> None:
    logprobs = client.chat.completions.create(**ASK).choices[0].logprobs
    assert logprobs is not None and logprobs.content
    numbers = [token.logprob for token in logprobs.content]
    theirs = float(numpy.exp(-numpy.mean(numbers)))
    forms: list[Any] = [
        numbers,
        logprobs,
        logprobs.model_dump(),
        {"text": "…", "logprobs": numbers},
    ]
    for form in forms:
        assert metrics.perplexity(form) == pytest.approx(theirs)


def test_perplexity_is_read_from_a_recorded_span(
    client: openai.OpenAI, collector: CollectorProcess, project: str
) -> None:
    tracer.configure(endpoint=collector.url, project=project)
    logprobs = client.chat.completions.create(**ASK).choices[0].logprobs
    tracer.flush()
    tracer.shutdown()
    reader = tracer.Client(collector.url)
    (row,) = reader.traces(project=project)
    (span,) = reader.trace(row["trace_id"], project=project).spans
    assert metrics.perplexity(span) == pytest.approx(metrics.perplexity(logprobs))


def test_perplexity_counts_all_choices_and_leaves_unknown_tokens_out() -> None:
    recorded = [
        {"n_tokens": 1, "sum": math.log(0.5), "logprobs": [math.log(0.5)]},
        {"n_tokens": 3, "sum": 3 * math.log(0.5), "logprobs": []},
    ]
    assert metrics.perplexity(recorded) == pytest.approx(2)
    assert metrics.perplexity([None, math.log(0.5)]) == pytest.approx(2)


def test_perplexity_without_logprobs_says_how_to_get_them() -> None:
    for nothing in ([], {"attributes": {}}, {"output": "텍스트"}, [None], "텍스트"):
        with pytest.raises(ValueError, match="logprobs=True"):
            metrics.perplexity(nothing)


def test_perplexity_of_the_impossible_has_no_bound() -> None:
    assert metrics.perplexity([-9999.0]) == math.inf
