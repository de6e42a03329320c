"""Why predictions and scorers of a run failed, and what is missing."""

import streamlit as st

from dashboard import address, data
from dashboard.parts import components
from dashboard.parts.runs.placeholder import while_reading
from dashboard.shaping.markdown import plain
from dashboard.shaping.runs import evaluations, failed
from dashboard.texts import section, text
from tracer._client.records import EvaluationRun


def draw(run: EvaluationRun) -> None:
    """Draw the commonest causes, and what each score lacks."""
    with while_reading(200):
        causes = data.causes(run.row)
    words = section("evaluations.failed_columns")
    if causes:
        components.table(
            failed.columns(words),
            failed.rows(causes, words),
            key="causes",
            label=text("evaluations.causes"),
            on_open=lambda trace_id: address.put("trace", trace_id),
        )
        st.caption(text("evaluations.causes_note"))
    lines = evaluations.lacking(run.summary, section("evaluations"))
    for line in lines:
        st.markdown(f"- {plain(line)}")
    if not causes and not lines:
        st.caption(text("evaluations.nothing_failed"))
