"""A condition put together by choosing: a field, an operator, a value that is there."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.scope import Scope
from dashboard.shaping import conditions
from dashboard.shaping.conditions import NUMBER_FIELDS
from dashboard.shaping.markdown import plain
from dashboard.shaping.traces.mistakes import CLOSED
from dashboard.texts import section, text

PLAIN: Final = (
    *("status", "name", "kind", "model", "provider", "user_id", "session_id", "tags"),
    *("environment", "release", "service", "prompt_name", "prompt_version"),
    *("duration_ms", "cost_usd", "total_tokens", "n_errors", "n_spans"),
    *("text", "input", "output", "error_type"),
)
_FREE: Final = frozenset({"text", "input", "output"})
"""Fields whose values nobody chooses from a list."""
_ALONE: Final = frozenset({"exists", "missing"})
"""What is said of a field without a value."""
_MOST_VALUES: Final = 50


def draw(here: Scope) -> None:
    """Offer the builder in a popover; what there is to choose is read when it opens."""
    place = st.popover(
        "",
        icon=":material/add:",
        help=text("builder.title"),
        key="builder",
        on_change="rerun",
    )
    if place.open:
        with place:
            _form(here)


def _form(here: Scope) -> None:
    found = data.values(("metadata", "score"), here.project, here.window.coarse())
    own = [f"metadata.{key}" for key in found["metadata"]]
    own += [f"score.{name}" for name in found["score"]]
    field = st.selectbox(
        text("builder.field"),
        [*PLAIN, *own],
        format_func=lambda name: section("builder.fields").get(name, name),
        accept_new_options=True,
        key="builder-field",
        width=320,
    )
    if not conditions.is_field(field):
        st.warning(text("builder.unknown", field=plain(field)))
        return
    op = st.selectbox(
        text("builder.operator"),
        operators(field),
        format_func=_said,
        key=f"builder-op-{field}",
        width=320,
    )
    value = "" if op in _ALONE else _value(here, field)
    st.button(
        text("builder.add"),
        type="primary",
        disabled=op not in _ALONE and not value,
        on_click=_add_chosen,
        key="builder-add",
    )


def _said(op: str) -> str:
    named = {"=": "equal", "!=": "unequal"}
    return section("builder.operators").get(named.get(op, op), op)


def _add_chosen() -> None:
    """Add what the boxes say at the click: the run before may not know it yet."""
    held = st.session_state
    field = held["builder-field"]
    op, value = held[f"builder-op-{field}"], held.get(f"builder-value-{field}")
    if op in _ALONE:
        add(f"{field} {op}")
    elif said := _as_written(field, value):
        add(f"{field} {op} {said}")


def add(written: str) -> None:
    """Put a condition into the filter box; to be called by a callback."""
    now = list(st.session_state.get("filter") or st.query_params.get_all("filter"))
    if written not in now:
        st.session_state["filter"] = [*now, written]


def operators(field: str) -> list[str]:
    """Return what may be said of a field, the likeliest first."""
    if field in CLOSED:
        return ["=", "!="]
    if field == "tags":
        return ["contains", "!=", "exists", "missing"]
    if field in _FREE:
        return ["contains", "exists", "missing"]
    if field in NUMBER_FIELDS:
        return [">", ">=", "<", "<=", "=", "exists", "missing"]
    if field.startswith("score."):
        return ["=", "<", "<=", ">", ">=", "!=", "exists", "missing"]
    return ["=", "!=", "contains", "starts_with", "exists", "missing"]


def _value(here: Scope, field: str) -> str:
    label = text("builder.value")
    if _is_typed(field):
        hint = text("builder.number") if field in NUMBER_FIELDS else ""
        typed = st.text_input(
            label, placeholder=hint, key=f"builder-value-{field}", width=320
        )
        return _as_written(field, typed)
    known = CLOSED.get(field) or _stored(here, field)
    chosen = st.selectbox(
        label,
        known,
        index=None,
        accept_new_options=field not in CLOSED,
        placeholder=text("builder.choose"),
        key=f"builder-value-{field}",
        width=320,
    )
    return _as_written(field, chosen)


def _is_typed(field: str) -> bool:
    return field in _FREE or field in NUMBER_FIELDS or field.startswith("score.")


def _as_written(field: str, value: str | None) -> str:
    """Return a value as it would be written by hand: text that is a number quoted."""
    if not value or _is_typed(field):
        return (value or "").strip()
    return conditions.write((field, "=", value)).split(" = ", 1)[1]


def _stored(here: Scope, field: str) -> list[str]:
    if field not in PLAIN and not field.startswith("metadata."):
        return []
    return data.values((field,), here.project, here.window.coarse())[field][
        :_MOST_VALUES
    ]
