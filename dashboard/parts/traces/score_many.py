"""The form by which a person gives several traces the same score."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import data
from dashboard.parts.traces.scoring import KINDS
from dashboard.scope import current
from dashboard.shaping import numbers
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text


def button(
    project: str, trace_ids: Sequence[str], *, on_saved: Callable[[], None]
) -> None:
    """Offer the form in a popover; it is drawn when it opens."""
    place = st.popover(
        text("score.many", n=len(trace_ids)),
        icon=":material/star:",
        key="score-many",
        on_change="rerun",
    )
    if place.open:
        with place:
            _form(project, trace_ids, on_saved)


def _form(project: str, trace_ids: Sequence[str], on_saved: Callable[[], None]) -> None:
    known = data.values(("score",), project, current().window.coarse())["score"]
    name = st.selectbox(
        text("score.name"),
        known,
        index=0 if known else None,
        accept_new_options=True,
        placeholder=text("score.name_hint"),
        key="many-name",
    )
    kinds = section("score.kinds")
    kind = st.segmented_control(
        text("score.kind"),
        KINDS,
        default="bool",
        required=True,
        format_func=kinds.__getitem__,
        key="many-kind",
    )
    value = _value(kind or "bool")
    why = st.text_input(text("score.explanation"), key="many-why")
    counted = numbers.plural(len(trace_ids), text("counts.trace"))
    label = text("score.save_many", traces=counted)
    if not st.button(label, type="primary", key="many-save"):
        return
    if problem := _problem(name, value):
        st.warning(problem)
        return
    held = "label" if isinstance(value, str) else "value"
    score = {held: value, "explanation": why or None}
    data.add_scores(project, (name or "").strip(), trace_ids, **score)
    st.toast(
        text("score.saved_many", name=plain(name), traces=counted),
        icon=":material/check:",
    )
    on_saved()
    st.rerun()


def _value(kind: str) -> bool | float | str:
    if kind == "number":
        return st.number_input(text("score.value"), value=1.0, step=0.1, key="many-n")
    if kind == "label":
        return st.text_input(text("score.label"), key="many-label").strip()
    good = text("score.pass")
    options = [good, text("score.fail")]
    chosen = st.segmented_control(
        text("score.value"), options, default=good, required=True, key="many-bool"
    )
    return chosen == good


def _problem(name: str | None, value: bool | float | str) -> str | None:
    if not (name or "").strip():
        return text("score.needs_name")
    return text("score.needs_label") if value == "" else None
