"""The scores of a step: each can be corrected, which keeps its past, or taken back."""

from collections.abc import Sequence

import streamlit as st

from dashboard import data, roles
from dashboard.data import Row
from dashboard.parts import components
from dashboard.parts.traces import scoring
from dashboard.shaping.cells import Column
from dashboard.shaping.markdown import plain
from dashboard.shaping.traces import details
from dashboard.texts import section, text


def show(scores: Sequence[Row], span: Row) -> None:
    """Draw the scores, and the one that was clicked with its versions.

    Args:
        scores: Those of the step; of the trace as a whole on its entry.
        span: The step.
    """
    if not scores:
        st.caption(text("trace.no_scores"))
        place = {key: span[key] for key in ("project", "trace_id", "span_id")}
        st.code(text("snippets.score_step", **place), language="python")
        return
    names = section("trace.columns")
    chosen_key = f"score-chosen-{span['span_id']}"
    chosen = st.session_state.get(chosen_key)
    components.table(
        [
            Column("name", names["name"], "max-content"),
            Column("value", names["value"], "max-content", end=True),
            Column(
                "explanation", names["explanation"], "minmax(120px, 1fr)", wrap=True
            ),
            Column("source", names["source"], "max-content"),
            Column("at", names["time"], "max-content"),
        ],
        details.score_rows(scores, section("scores.sources")),
        key=f"scores-{span['span_id']}",
        label=text("trace.scores"),
        selected=chosen,
        on_open=lambda score_id: _put(chosen_key, score_id),
    )
    found = next((score for score in scores if score["score_id"] == chosen), None)
    if found is None:
        if roles.may("edit"):
            st.caption(text("scores.choose"))
        return
    with st.container(border=True):
        _one(found)


def _put(key: str, value: object) -> None:
    st.session_state[key] = value


def _one(score: Row) -> None:
    key = f"edit-{score['score_id']}"
    st.markdown(f"**{plain(score['name'])}**")
    _edit(score, key=key)
    versions = data.score_versions(score["score_id"], score["project"])
    if len(versions) > 1:
        _versions(versions, key=key)


@roles.for_editors
def _edit(score: Row, *, key: str) -> None:
    edited = scoring.correction(score, key=key)
    with st.container(horizontal=True):
        is_pressed = st.button(
            text("scores.save"), key=f"{key}-save", disabled=edited is None
        )
        if is_pressed and edited is not None:
            data.edit_score(
                score,
                value=edited.value,
                label=edited.label,
                explanation=edited.explanation,
            )
            st.toast(text("score.saved"), icon=":material/check:")
            st.rerun()
        _deletion(score, key=key)


def _deletion(score: Row, *, key: str) -> None:
    """Offer to take a score back; it is asked once more first."""
    asking = f"{key}-asking"
    if not st.session_state.get(asking):
        st.button(
            text("scores.delete"),
            icon=":material/delete:",
            on_click=_put,
            args=(asking, True),
            key=f"{key}-delete",
        )
        return
    if st.button(text("scores.delete_confirm"), type="primary", key=f"{key}-sure"):
        _put(asking, False)
        data.delete_score(score)
        st.toast(text("scores.deleted"), icon=":material/check:")
        st.rerun()
    st.button(
        text("scores.keep"), on_click=_put, args=(asking, False), key=f"{key}-keep"
    )
    st.caption(text("scores.delete_body"))


def _versions(versions: Sequence[Row], *, key: str) -> None:
    names = section("trace.columns")
    components.table(
        [
            Column("value", names["value"], "max-content"),
            Column(
                "explanation", names["explanation"], "minmax(120px, 1fr)", wrap=True
            ),
            Column("at", names["time"], "max-content"),
        ],
        details.version_rows(versions, deleted=text("scores.taken_back")),
        key=f"{key}-versions",
        label=text("scores.versions"),
    )
