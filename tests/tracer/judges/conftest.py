from collections.abc import Iterator

import pytest
from judging import Wire
from sent import sent

from examples.openai_server import running

__all__ = ["sent"]


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """Where the OpenAI-compatible server of the examples answers."""
    with running() as url:
        yield url


@pytest.fixture
def wire(base_url: str) -> Iterator[Wire]:
    """Clients of that server, and what goes over the socket."""
    wire = Wire(base_url)
    yield wire
    wire.close()
