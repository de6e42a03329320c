"""Numbers that lead a page: each with its course and its change."""

from collections.abc import Sequence

import streamlit as st

from dashboard.parts import components
from dashboard.shaping.markdown import plain
from dashboard.shaping.overview import Tile
from dashboard.texts import section, text


def draw(tiles: Sequence[Tile]) -> None:
    """Draw the overview's tiles in one row."""
    names = section("overview.tiles")
    components.tiles(
        [
            {
                "label": names[tile.key],
                "value": tile.value,
                "change": tile.change,
                "tone": tile.tone,
                "series": tile.series,
            }
            for tile in tiles
        ],
        key="tiles",
        label=text("overview.title"),
        against=text("overview.against"),
    )


def score(name: str, value: str, interval: str, note: str) -> None:
    """Draw one score: its mean, the interval of the mean, and n."""
    with st.container(border=True, gap=None):
        st.caption(plain(name))
        st.markdown(f"## {plain(value)}")
        st.caption(f"95%  {plain(interval)}")
        st.caption(plain(note))
