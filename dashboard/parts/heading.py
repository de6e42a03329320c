"""The head of a page: its title, at the same place on every page."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def with_tools(title: str) -> Iterator[None]:
    """Draw a page's title; what the block draws stands in its line, at the right."""
    with st.container(horizontal=True, vertical_alignment="center", key="page-head"):
        st.header(title, anchor=False, width="stretch")
        yield


def draw(title: str) -> None:
    """Draw the title of a page that has nothing beside it."""
    with with_tools(title):
        pass
