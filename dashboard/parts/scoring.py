"""The form by which a person scores a trace or one of its steps."""

import streamlit as st

from dashboard import data
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

KINDS = ("bool", "number", "label")


def button(trace: data.Row, span: data.Row) -> None:
    """Offer the form in a popover."""
    with st.popover(text("trace.add_score"), icon=":material/star:"):
        _form(trace, span)


def _form(trace: data.Row, span: data.Row) -> None:
    key = f"score-{span['span_id']}"
    known = sorted(trace["scores"] or {})
    name = st.selectbox(
        text("score.name"),
        known,
        index=0 if known else None,
        accept_new_options=True,
        placeholder=text("score.name_hint"),
        key=f"{key}-name",
    )
    kinds = section("score.kinds")
    kind = st.segmented_control(
        text("score.kind"),
        KINDS,
        default="bool",
        required=True,
        format_func=kinds.__getitem__,
        key=f"{key}-kind",
    )
    value = _value(kind or "bool", key=key)
    explanation = st.text_input(text("score.explanation"), key=f"{key}-why")
    about = [text("score.whole"), text("score.step", name=plain(span["name"]))]
    on = st.radio(text("score.target"), about, index=1, key=f"{key}-on")
    if st.button(text("score.save"), type="primary", key=f"{key}-save"):
        _save(
            trace,
            span if on == about[1] else None,
            name=name,
            value=value,
            explanation=explanation,
        )


def _value(kind: str, *, key: str) -> bool | float | str:
    if kind == "number":
        return st.number_input(
            text("score.value"), value=1.0, step=0.1, key=f"{key}-number"
        )
    if kind == "label":
        return st.text_input(text("score.label"), key=f"{key}-label")
    good = text("score.pass")
    chosen = st.segmented_control(
        text("score.value"),
        [good, text("score.fail")],
        default=good,
        required=True,
        key=f"{key}-bool",
    )
    return chosen == good


def _save(
    trace: data.Row,
    span: data.Row | None,
    *,
    name: str | None,
    value: bool | float | str,
    explanation: str,
) -> None:
    if not name or not name.strip():
        st.warning(text("score.needs_name"))
        return
    if value == "" and isinstance(value, str):
        st.warning(text("score.needs_label"))
        return
    is_label = isinstance(value, str)
    data.add_score(
        trace["project"],
        name.strip(),
        value=None if is_label else value,
        label=value if is_label else None,
        explanation=explanation or None,
        trace_id=trace["trace_id"],
        span_id=span["span_id"] if span else None,
    )
    st.toast(text("score.saved"), icon=":material/check:")
    st.rerun()
