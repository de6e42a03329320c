"""A project in which something has happened, shared by the tests of the pages."""

import pytest
import streamlit as st
from dashboard_pages import tell_story
from processes import CollectorProcess


@pytest.fixture(scope="session")
def told(collector: CollectorProcess) -> str:
    """The project that the story was told in."""
    return tell_story(collector, "a-story")


@pytest.fixture(autouse=True)
def fresh_caches() -> None:
    """Each test reads for itself."""
    st.cache_data.clear()
    st.cache_resource.clear()
