"""What examples run beside: a model that answers, and the session's collector."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from example_programs import surroundings
from processes import CollectorProcess

from examples.openai_server import running


@pytest.fixture(scope="session")
def model_url() -> Iterator[str]:
    """Base URL of the OpenAI-compatible server, ending in /v1."""
    with running() as url:
        yield url


@pytest.fixture
def env(collector: CollectorProcess, model_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of one example."""
    return surroundings(collector.url, model_url, tmp_path)
