"""The chosen step beside another one, of this trace or of any other."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from dashboard import address, data
from dashboard.data import Row, Trace
from dashboard.parts import components
from dashboard.shaping import numbers, word_diff
from dashboard.shaping.cells import Column
from dashboard.shaping.markdown import plain
from dashboard.shaping.traces import spans_compared, steps
from dashboard.texts import section, text

MOST_OFFERED = 200


def show(found: Trace, span: Row) -> None:
    """Draw the comparison that the address names, else ask with which step.

    Args:
        found: The trace of the step.
        span: The step with its content.
    """
    named = spans_compared.parsed_address(address.get("against") or "")
    if named is None:
        _choose(found, span)
        return
    trace_id, span_id = named
    other = data.span(trace_id, span_id) if span_id else data.entry_span(trace_id)
    names = section("step_compare.columns")
    if spans_compared.is_replay(other, span):
        names = section("step_compare.replayed")
    _head(span, other)
    _table(span, other, names)
    for what, written in (
        ("input", spans_compared.asked),
        ("output", spans_compared.answered),
    ):
        titles = (names["left"], names["right"])
        shown = word_diff.words(written(span), written(other), names=titles)
        key = f"diff-{what}-{span['span_id']}-{other['span_id']}"
        components.diff(shown, key=key, name=text(f"trace.{what}"))


def _head(span: Row, other: Row) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            text(
                "step_compare.with",
                name=plain(other["name"]),
                trace=plain(other["trace_id"][:8]),
            ),
            width="stretch",
        )
        st.button(
            text("step_compare.open"),
            icon=":material/open_in_new:",
            on_click=_go,
            args=(other, span),
            key=f"compare-open-{span['span_id']}",
        )
        st.button(
            text("step_compare.stop"),
            icon=":material/close:",
            on_click=address.put,
            args=("against", None),
            key=f"compare-stop-{span['span_id']}",
        )


def _go(other: Row, span: Row) -> None:
    """Open the other step, held against this one."""
    address.change(
        trace=other["trace_id"],
        span=other["span_id"],
        against=f"{span['trace_id']}.{span['span_id']}",
    )


def _table(span: Row, other: Row, names: Mapping[str, str]) -> None:
    width = "minmax(90px, 1fr)"
    components.table(
        [
            Column("what", "", "max-content"),
            Column("left", names["left"], width, wrap=True),
            Column("right", names["right"], width, wrap=True),
            Column("change", names["change"], "max-content", end=True),
        ],
        spans_compared.rows(span, other, section("step_compare.fields")),
        key=f"compared-{span['span_id']}-{other['span_id']}",
        label=text("step.looks.compare"),
    )


def _choose(found: Trace, span: Row) -> None:
    """Ask for the other step: one of its kind in this trace, or any by its address."""
    others = {
        other["span_id"]: other
        for other in steps.alike(found.spans, span)[:MOST_OFFERED]
    }
    here, elsewhere = st.columns(2)
    with here:
        chosen = st.selectbox(
            text("step_compare.here"),
            list(others),
            index=None,
            format_func=lambda span_id: _offered(others[span_id]),
            placeholder=text(
                "step_compare.here_hint" if others else "step_compare.none_here"
            ),
            disabled=not others,
            key=f"compare-here-{span['span_id']}",
        )
    with elsewhere:
        written = st.text_input(
            text("step_compare.elsewhere"),
            placeholder=text("step_compare.elsewhere_hint"),
            key=f"compare-elsewhere-{span['span_id']}",
        )
    wanted = f"{span['trace_id']}.{chosen}" if chosen else _address(written or "")
    if wanted:
        address.put("against", wanted)
        st.rerun()
    if written:
        st.warning(text("step_compare.no_address"))
    st.caption(text("step_compare.help"))


def _offered(span: Mapping[str, Any]) -> str:
    figures = [numbers.duration(span["duration_ms"]), span["model"] or ""]
    return " · ".join(each for each in (span["name"], *figures) if each)


def _address(written: str) -> str:
    """Return what a person wrote as ``TRACE.SPAN``: ids, or a link to a step."""
    asked = parse_qs(urlsplit(written.strip()).query)
    if trace_id := asked.get("trace"):
        span_id = asked.get("span", [""])
        written = f"{trace_id[0]}.{span_id[0]}"
    found = spans_compared.parsed_address(written)
    return ".".join(part for part in found if part) if found else ""
