"""Where the recordings of real packages are, and a collector to store into."""

from pathlib import Path

import pytest


@pytest.fixture
def recorded() -> Path:
    """The files that `record.py` keeps."""
    return Path(__file__).parent / "recorded"
