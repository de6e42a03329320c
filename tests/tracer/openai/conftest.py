"""The real openai client, wrapped, over a real socket; what it records in memory."""

from collections.abc import AsyncIterator, Iterator

import openai
import pytest
from openai_ways import Way
from otlp_sink import OtlpSink

import tracer.testing
from examples.openai_server import running
from tracer.testing import Captured


@pytest.fixture
def captured() -> Iterator[Captured]:
    """What ended in this test."""
    with tracer.testing.capture() as recorded:
        yield recorded


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """Where the OpenAI-compatible server of the examples answers."""
    with running() as url:
        yield url


@pytest.fixture
def bare(base_url: str) -> Iterator[openai.OpenAI]:
    """A client that is not wrapped."""
    with openai.OpenAI(base_url=base_url, api_key="secret-key") as client:
        yield client


@pytest.fixture
def client(bare: openai.OpenAI) -> openai.OpenAI:
    """A wrapped client."""
    return tracer.wrap_openai(bare)


@pytest.fixture
async def async_client(base_url: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """A wrapped asynchronous client."""
    async with openai.AsyncOpenAI(base_url=base_url, api_key="secret-key") as client:
        yield tracer.wrap_openai(client)


@pytest.fixture
def sink() -> Iterator[OtlpSink]:
    """A collector that keeps what it is sent."""
    sink = OtlpSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(params=["sync", "async"])
async def way(request: pytest.FixtureRequest, base_url: str) -> AsyncIterator[Way]:
    """A wrapped client of either kind; a test that takes it runs with both."""
    if request.param == "sync":
        with openai.OpenAI(base_url=base_url, api_key="secret-key") as client:
            yield Way(tracer.wrap_openai(client))
    else:
        asynchronous = openai.AsyncOpenAI(base_url=base_url, api_key="secret-key")
        async with asynchronous as client:
            yield Way(tracer.wrap_openai(client))
