"""Fixtures for every room: a running collector and a project of one's own."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import CollectorProcess, start_collector

os.environ["TRACER_STRICT"] = "1"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """One real collector over an embedded store, shared by the whole session."""
    directory: Path = tmp_path_factory.mktemp("store")
    with start_collector(directory) as running:
        yield running


@pytest.fixture
def project() -> str:
    """A project name that no other test uses: isolation on a shared collector."""
    return f"project-{next(_numbers)}"
