"""The chosen step of a trace: what is known of it, and one look at it at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from dashboard import roles
from dashboard.data import Row, Trace
from dashboard.parts import choices, components
from dashboard.parts.step import code, compare, replay, tables
from dashboard.parts.step import scores as step_scores
from dashboard.shaping.conversation import messages
from dashboard.shaping.traces import steps
from dashboard.texts import section, text

MODEL_KINDS: Final = frozenset({"llm", "embedding"})
MOST_JSON: Final = 100_000
"""Characters of a step's JSON that are drawn; the download has all."""


def show(found: Trace, span: Row) -> None:
    """Draw the step; only the look that is chosen is made, and sent to the browser.

    Args:
        found: Its trace.
        span: The step with its content.
    """
    scores = [
        score
        for score in found.scores
        if steps.is_about(score, span["span_id"], found.row["span_id"])
    ]
    with st.container(border=True):
        components.facts(
            steps.span_facts(span, section("trace.facts")),
            key=f"step-{span['span_id']}",
            title=span["name"],
            badges=steps.span_badges(span, section("statuses")),
        )
        if span["status_message"]:
            st.code(span["status_message"], language=None, wrap_lines=True)
        looks = _looks(found, span, scores)
        chosen = choices.segmented(
            text("step.look"),
            list(looks),
            names=_names(span, scores, looks),
            param="look",
            label_visibility="collapsed",
        )
        looks[chosen]()


def _looks(
    found: Trace, span: Row, scores: Sequence[Row]
) -> Mapping[str, Callable[[], None]]:
    looks: dict[str, Callable[[], None]] = {
        "said": lambda: _content(span),
        "attributes": lambda: tables.attributes(span),
        "events": lambda: tables.events(span),
        "scores": lambda: step_scores.show(scores, span),
    }
    if span["links"]:
        looks["links"] = lambda: tables.links(span)
    looks["json"] = lambda: _json(span)
    if span["kind"] in MODEL_KINDS:
        looks["code"] = lambda: code.show(span)
    looks["compare"] = lambda: compare.show(found, span)
    if span["kind"] == "llm" and roles.may("edit"):
        looks["replay"] = lambda: replay.show(span)
    return looks


def _names(
    span: Row, scores: Sequence[Row], looks: Mapping[str, object]
) -> dict[str, str]:
    names = dict(section("step.looks"))
    if span["messages"]:
        names["said"] = text("trace.messages")
    counts = {"events": span["events"], "links": span["links"], "scores": scores}
    for look, rows in counts.items():
        if rows:
            names[look] = f"{names[look]} {len(rows)}"
    return {look: names[look] for look in looks}


def _content(span: Row) -> None:
    shown = steps.content(
        span, {name: text(f"trace.{name}") for name in ("input", "output", "expected")}
    )
    if not shown:
        st.caption(text("trace.no_content"))
        return
    components.conversation(shown, key=f"said-{span['span_id']}")
    if span["tool_definitions"]:
        with st.expander(text("trace.tools")):
            st.code(messages.pretty(span["tool_definitions"]), language="json")


def _json(span: Row) -> None:
    whole = steps.as_json(span)
    st.download_button(
        text("step.download"),
        data=whole,
        file_name=f"{span['trace_id']}.{span['span_id']}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key=f"download-{span['span_id']}",
    )
    if len(whole) > MOST_JSON:
        st.caption(text("step.json_cut", n=f"{MOST_JSON:,}"))
    st.code(whole[:MOST_JSON], language="json", wrap_lines=True, height=520)
