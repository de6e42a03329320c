"""What helps to decide between two runs: slices, measures, the gate's command."""

import streamlit as st

from dashboard import data
from dashboard.parts import components
from dashboard.parts.runs.chosen import one_of
from dashboard.parts.runs.pair import Pairing
from dashboard.parts.runs.placeholder import while_reading
from dashboard.parts.runs.slices import chosen_key
from dashboard.shaping.runs import comparisons, run_slices
from dashboard.shaping.runs.gate_command import gate_command
from dashboard.texts import section, text


def slices(pairing: Pairing) -> None:
    """Draw one score of both runs by groups of examples."""
    names = [name for name, score in pairing.measured().items()]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = chosen_key([*pairing.old.examples, *pairing.new.examples])
        score = one_of(names, names[0]) if by and names else None
    if by is None or score is None:
        return
    with while_reading(240):
        found = data.compared_slices(pairing.old.id, pairing.new.id, by)
    words = section("compare.columns")
    components.table(
        run_slices.compared_columns({**words, "slice": by}),
        run_slices.compared_rows(
            found, score, section("compare.verdicts"), points=text("formats.points")
        ),
        key="compared-slices",
        label=text("compare.sections.slices"),
    )
    st.caption(text("compare.slices_note"))


def measures(pairing: Pairing) -> None:
    """Draw what both runs took."""
    with while_reading(240):
        found = data.compared_measures(pairing.old.id, pairing.new.id)
    components.table(
        comparisons.columns(
            {**section("compare.columns"), "score": text("compare.measure")}
        ),
        comparisons.rows(
            found,
            section("compare.verdicts"),
            points=text("formats.points"),
            names=section("evaluations.measures"),
        ),
        key="compared-measures",
        label=text("compare.sections.measures"),
    )
    st.caption(text("compare.measures_note"))


def gate(pairing: Pairing) -> None:
    """Draw the comparison as a command for CI, to copy and to change."""
    st.markdown(text("compare.gate"))
    command = gate_command(
        pairing.old.id,
        pairing.new.id,
        pairing.scores,
        project=pairing.new.row["project"],
        endpoint=st.secrets["collector"]["url"],
    )
    st.code(command, language="shell")
    st.caption(text("compare.gate_note"))
