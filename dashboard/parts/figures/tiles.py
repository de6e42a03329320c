"""Numbers that lead a page: each with its course and its change."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import address
from dashboard.parts import components, going
from dashboard.shaping import cells
from dashboard.shaping.markdown import plain
from dashboard.shaping.traffic.means import ScoreTile
from dashboard.shaping.traffic.overview import Tile
from dashboard.texts import section, text

MOST_LETTERS: Final = 22
"""Of a score's name over its mean: six of them stand side by side."""


def draw(tiles: Sequence[Tile]) -> None:
    """Draw the overview's tiles in one row; each leads to its traces."""
    names = section("overview.tiles")
    components.tiles(
        [
            {
                "label": names[tile.key],
                "value": tile.value,
                "change": tile.change,
                "tone": tile.tone,
                "series": tile.series,
                "href": address.link("traces", **tile.link),
            }
            for tile in tiles
        ],
        key="tiles",
        label=text("overview.title"),
        against=text("overview.against"),
        on_open=lambda at: going.later("traces", **tiles[int(at)].link),
    )


def draw_scores(tiles: Sequence[ScoreTile]) -> None:
    """Draw a period's scores, each with interval, n and change."""

    def open_score(at: str) -> None:
        page, link = _place(tiles[int(at)])
        going.later(page, **link)

    components.tiles(
        [
            {
                "label": tile.name,
                "value": tile.value,
                "note": f"95% {tile.interval} · n {tile.n:,}",
                "change": tile.change,
                "tone": tile.tone,
                "series": None,
                "href": address.link(_place(tile)[0], **_place(tile)[1]),
            }
            for tile in tiles
        ],
        key="score-tiles",
        label=text("overview.scores"),
        against=text("overview.against_interval"),
        on_open=open_score,
    )


def _place(tile: ScoreTile) -> tuple[str, dict[str, str]]:
    """Return the page, and its parameters, that a score's tile leads to."""
    return ("traces", dict(tile.link)) if tile.link else ("trends", {})


def score(name: str, value: str, interval: str, note: str) -> None:
    """Draw one score: its mean, what is said of the interval of the mean, and n."""
    with st.container(border=True, gap=None):
        st.caption(plain(cells.middle_cut(name, most=MOST_LETTERS)))
        st.markdown(f"## {plain(value)}")
        st.caption(plain(interval))
        st.caption(plain(note))
