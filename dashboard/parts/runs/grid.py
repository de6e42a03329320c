"""Every example of a run and every trial of it, a page at a time."""

from collections.abc import Sequence

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices, components
from dashboard.parts.components import Main
from dashboard.parts.runs import paged
from dashboard.parts.runs.chosen import WIDTH_PX, chosen_score
from dashboard.parts.runs.placeholder import while_reading
from dashboard.shaping import numbers
from dashboard.shaping.runs import examples, grid
from dashboard.shaping.runs.examples import Example
from dashboard.texts import section, text
from tracer._client.records import EvaluationRun
from tracer.stats import higher_is_better


def draw(run: EvaluationRun) -> None:
    """Draw the grid of the run that is open."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        score = chosen_score(run.summary, labels=True)
        is_yes_no = score is None or run.summary[score].type == "bool"
        upwards = score is None or higher_is_better(score, lower=run.lower_is_better)
        found = examples.examples(run.examples, run.sums, score)
        show = _show(found, is_yes_no=is_yes_no)
        order = choices.select(
            text("evaluations.order"),
            examples.ORDERS,
            names=section("evaluations.orders"),
            param="order",
            width=WIDTH_PX,
        )
    shown = examples.ordered(
        examples.narrowed(found, show, is_yes_no=is_yes_no),
        order,
        higher_is_better=upwards,
    )
    page = paged.page_of(shown, key="grid", question=(run.id, score, show, order))
    if not page:
        st.caption(text("evaluations.no_rows"))
        return
    values = [value for one in found for value in one.values]
    scale = grid.scale_of(values, higher_is_better=upwards)
    _page(run, score, page, scale=scale)
    paged.draw(len(shown), key="grid")


def _page(
    run: EvaluationRun,
    score: str | None,
    page: Sequence[Example],
    *,
    scale: tuple[float, float],
) -> None:
    """Read the predictions of some examples, and draw them."""
    ids = tuple(one.id for one in page)
    with while_reading(560):
        predictions = data.predictions(run.id, ids)
    columns, rows = grid.grid(
        predictions,
        score,
        section("evaluations.columns"),
        order=ids,
        words=section("statuses"),
        scale=scale,
    )
    components.table(
        columns,
        rows,
        key="grid",
        label=text("evaluations.grid"),
        height_px=620,
        on_open=lambda trace_id: address.put("trace", trace_id),
        main=Main(on_close=lambda _: address.close("evaluation")),
    )


def _show(found: list[Example], *, is_yes_no: bool) -> str:
    words = section("evaluations.shows")
    counts = examples.counts(found, is_yes_no=is_yes_no)
    options = [show for show in examples.SHOW if is_yes_no or show != "failing"]
    return choices.segmented(
        text("evaluations.show"),
        options,
        names={
            show: f"{words[show]} {numbers.count(counts[show])}" for show in options
        },
        param="show",
    )
