"""Groups of a run's examples: where is it weak, by more than luck?"""

import streamlit as st

from dashboard import data
from dashboard.parts import choices, components
from dashboard.parts.runs.chosen import WIDTH_PX, chosen_score
from dashboard.parts.runs.placeholder import while_reading
from dashboard.shaping.runs import run_slices, scores
from dashboard.texts import section, text
from tracer._client.records import EvaluationRun


def draw(run: EvaluationRun) -> None:
    """Draw one score of the run that is open by one key of its examples' metadata."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = chosen_key(run.examples)
        score = chosen_score(run.summary) if by else None
    if by is None or score is None:
        return
    with while_reading(240):
        found = data.slices(run.id, by, run.row["last_ns"])
    components.table(
        run_slices.columns(section("evaluations.figures")),
        run_slices.rows(
            found, score, section("compare.verdicts"), points=text("formats.points")
        ),
        key="slices",
        label=text("evaluations.sections.slices"),
    )
    st.caption(text("evaluations.slices_note"))


def chosen_key(examples: list[data.Row]) -> str | None:
    """Draw the choice of a metadata key; teach how to have one where there is none."""
    keys = scores.slice_keys(examples)
    if not keys:
        with st.container(border=True):
            st.markdown(text("evaluations.no_slices"))
            st.code(text("snippets.slices"), language="python")
        return None
    names = {key: key for key in keys}
    return choices.select(
        text("evaluations.by"), keys, names=names, param="by", width=WIDTH_PX
    )
