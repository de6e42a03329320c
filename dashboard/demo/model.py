"""What worker and replays of the demo ask: OpenAI, or a small server of its own."""

import contextlib
import os
from collections.abc import Iterator, Mapping

from dashboard.demo.examples_path import find_examples


def is_paid() -> bool:
    """Return whether OpenAI is asked, and every call costs."""
    return bool(os.environ.get("OPENAI_API_KEY"))


@contextlib.contextmanager
def at_hand() -> Iterator[Mapping[str, str]]:
    """Yield the environment that leads to a model; empty where OpenAI's key is set.

    The server answers in a thread while the block runs.
    """
    if is_paid():
        yield {}
        return
    find_examples()
    from examples.openai_server import running

    with running() as url:
        yield {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "not-needed"}
