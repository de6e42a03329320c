"""A project in which something has happened, shared by the tests of the pages."""

import os
import subprocess
from pathlib import Path

import pytest
import streamlit as st
from dashboard_pages import story
from processes import CollectorProcess

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def told(collector: CollectorProcess) -> str:
    """The project that the story was told in."""
    project = "a-story"
    subprocess.run(
        [*story(), collector.url, project],
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return project


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """Each test reads for itself."""
    st.cache_data.clear()
    st.cache_resource.clear()
