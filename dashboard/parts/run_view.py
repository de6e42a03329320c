"""One evaluation run: its scores with intervals, and every example and trial."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices, components, tiles
from dashboard.shaping import cells, evaluations, grid, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.markdown import disarmed, plain
from dashboard.texts import section, text
from tracer.stats import ScoreSummary

MOST_TILES = 12
TILES_IN_A_ROW = 6
MOST_DRAWN = 1000
MOST_CHARACTERS = 100_000
"""Of a view; a browser stalls over more."""


def draw(run_id: str) -> None:
    """Draw the run that the address names."""
    st.button(
        text("evaluations.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=close,
    )
    found = data.evaluation(run_id)
    scores = data.summaries(run_id)
    views = data.views(run_id)  # read before the grid, which takes clicks once drawn
    components.facts(
        evaluations.run_facts(found.row, section("evaluations.facts")),
        key="run-head",
        title=found.row["display_name"] or found.row["name"],
        badges=[cells.status_badge(found.row["status"], section("statuses"))],
    )
    if found.row["error"]:
        st.code(found.row["error"], language=None, wrap_lines=True)
    _tiles(scores)
    _compare_with(found.row)
    _grid(found.row, scores)
    _noise(scores)
    _views(views)


def _tiles(scores: Mapping[str, ScoreSummary]) -> None:
    """Draw each score's mean; those beyond the most are said to be in the grid."""
    shown = list(scores.values())[:MOST_TILES]
    for first in range(0, len(shown), TILES_IN_A_ROW):
        row = shown[first : first + TILES_IN_A_ROW]
        n_columns = max(4, min(len(shown), TILES_IN_A_ROW))
        for column, summary in zip(
            st.columns(n_columns, gap="small"), row, strict=False
        ):
            with column:
                tiles.score(
                    summary.name,
                    evaluations.headline(summary),
                    evaluations.bounds(summary),
                    evaluations.note(summary, section("evaluations")),
                )
    if len(scores) > MOST_TILES:
        n = numbers.count(len(scores) - MOST_TILES)
        st.caption(text("evaluations.more_tiles", n=n))


def _compare_with(run: data.Row) -> None:
    others = {row["id"]: row for row in data.comparable(run)}
    if not others:
        return

    def choose() -> None:
        address.put("baseline", st.session_state["compare-with"])

    st.selectbox(
        text("evaluations.compare_with"),
        list(others),
        index=None,
        format_func=lambda id: evaluations.run_name(others[id]),
        placeholder=text("evaluations.compare_with"),
        label_visibility="collapsed",
        key="compare-with",
        on_change=choose,
        width=420,
    )


def _grid(run: data.Row, scores: Mapping[str, ScoreSummary]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        score = None
        if scores:
            score = choices.segmented(
                text("evaluations.score"),
                list(scores),
                names={name: name for name in scores},
                param="score",
                default=evaluations.first_shown(scores),
            )
        show = choices.segmented(
            text("evaluations.show"),
            grid.SHOW,
            names=section("evaluations.shows"),
            param="show",
        )
    predictions = data.predictions(run["id"])
    columns, rows = grid.grid(
        predictions, score, section("evaluations.columns"), show=show
    )
    _grid_rows(columns, rows)
    if len(predictions) < run["n_predictions"]:
        read = numbers.count(len(predictions))
        total = numbers.count(run["n_predictions"])
        st.caption(text("evaluations.read_of", read=read, n=total))


def _grid_rows(columns: list[Column], rows: list[data.Row]) -> None:
    if not rows:
        st.caption(text("evaluations.no_rows"))
        return
    components.table(
        columns,
        rows[:MOST_DRAWN],
        key="grid",
        label=text("evaluations.grid"),
        height_px=560,
        on_open=lambda trace_id: address.put("trace", trace_id),
    )
    drawn(len(rows))


def drawn(n_rows: int) -> None:
    """Say how many examples a table shows where it does not show all."""
    if n_rows > MOST_DRAWN:
        counts = {"shown": numbers.count(MOST_DRAWN), "n": numbers.count(n_rows)}
        st.caption(text("evaluations.shown_of", **counts))


def _noise(scores: Mapping[str, ScoreSummary]) -> None:
    lines = [
        line
        for summary in scores.values()
        for line in evaluations.noise(summary, section("evaluations"))
    ]
    if not lines:
        return
    with st.expander(text("evaluations.sees")):
        for line in lines:
            st.markdown(f"- {plain(line)}")


def _views(views: Sequence[data.Row]) -> None:
    """Show the run's own views: Markdown without HTML and images, all else as text."""
    for view in views:
        with st.expander(plain(view["name"])):
            content = view["content"]
            if view["media_type"] == "text/markdown":
                st.markdown(disarmed(content[:MOST_CHARACTERS]))
            else:
                st.code(content[:MOST_CHARACTERS], language=None, wrap_lines=True)
            if len(content) > MOST_CHARACTERS:
                sizes = numbers.count(MOST_CHARACTERS), numbers.count(len(content))
                said = dict(zip(("shown", "n"), sizes, strict=True))
                st.caption(text("evaluations.view_cut", **said))


def close() -> None:
    """Go back to the list of runs."""
    for name in ("evaluation", "baseline", "trace", "score", "show"):
        address.put(name, None)
