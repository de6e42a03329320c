"""The forms by which a person scores a trace or a step, and corrects a score."""

from dataclasses import dataclass

import streamlit as st

from dashboard import data, roles
from dashboard.shaping.markdown import plain
from dashboard.texts import in_words, section, text

KINDS = ("bool", "number", "label")


@roles.for_editors
def button(trace: data.Row, span: data.Row) -> None:
    """Offer the form in a popover."""
    with st.popover(text("trace.add_score"), icon=":material/star:"):
        _form(trace, span)


@dataclass(frozen=True)
class Correction:
    """What a score is to say instead."""

    value: float | bool | None
    """None for a label."""
    label: str | None
    """None for a value."""
    explanation: str | None
    """Why."""


def correction(score: data.Row, *, key: str) -> Correction | None:
    """Draw the fields of a score that is there; return what was changed, if anything.

    Args:
        score: As it holds now; its name, author and target stay.
        key: Identity of the widgets.
    """
    values, why = st.columns([1, 2])
    with values:
        value = _corrected(score, key=key)
    with why:
        explanation = st.text_input(
            text("score.explanation"), score["explanation"] or "", key=f"{key}-why"
        )
    label = value if isinstance(value, str) else None
    number = None if isinstance(value, str) else value
    held = score["value"] if label is None else score["label"]
    if value == held and explanation == (score["explanation"] or ""):
        return None
    if label == "":
        st.warning(text("score.needs_label"))
        return None
    return Correction(number, label, explanation or None)


def _corrected(score: data.Row, *, key: str) -> bool | float | str:
    if score["type"] == "label":
        return st.text_input(
            text("score.label"), score["label"] or "", key=f"{key}-label"
        )
    if score["type"] == "bool":
        return _yes_no(bool(score["value"]), key=key)
    return st.number_input(
        text("score.value"), value=float(score["value"] or 0), key=f"{key}-number"
    )


def _form(trace: data.Row, span: data.Row) -> None:
    key = in_words(f"score-{span['span_id']}")
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
    return _yes_no(True, key=key)


def _yes_no(held: bool, *, key: str) -> bool:
    good, bad = text("score.pass"), text("score.fail")
    chosen = st.segmented_control(
        text("score.value"),
        [good, bad],
        default=good if held else bad,
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
