"""What stands on a page while it reads, so that it is never blank."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def while_reading(height_px: int) -> Iterator[None]:
    """Hold a place of that height until the block has read what is drawn there."""
    with st.skeleton(height=height_px):
        yield
