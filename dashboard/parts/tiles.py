"""Numbers that lead a page: each with its course and its change."""

from collections.abc import Sequence
from typing import Final, Literal

import streamlit as st

from dashboard.shaping.markdown import plain
from dashboard.shaping.numbers import STEADY
from dashboard.shaping.overview import Tile
from dashboard.texts import text

COLORS: Final[dict[str, Literal["normal", "inverse", "off"]]] = {
    "more": "normal",
    "less": "inverse",
    "neither": "off",
}


def draw(tiles: Sequence[Tile]) -> None:
    """Draw the overview's tiles in one row."""
    for column, tile in zip(st.columns(len(tiles), gap="small"), tiles, strict=True):
        with column:
            st.metric(
                text(f"overview.tiles.{tile.key}"),
                tile.value,
                tile.change,
                delta_color="off" if tile.change == STEADY else COLORS[tile.better],
                delta_arrow="off" if tile.change == STEADY else "auto",
                chart_data=tile.series,
                chart_type="area",
                border=True,
                help=text("overview.against"),
            )


def score(name: str, value: str, interval: str, note: str) -> None:
    """Draw one score: its mean, the interval of the mean, and n."""
    with st.container(border=True, gap=None):
        st.caption(plain(name))
        st.markdown(f"## {plain(value)}")
        st.caption(f"95%  {plain(interval)}")
        st.caption(plain(note))
