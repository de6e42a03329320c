"""Choices among a few things, kept in the address under names that no language changes.

Streamlit's own binding to the address stores the label that people see; these store the
value, so that a link works in every language.
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboard import address


def segmented(
    label: str, options: Sequence[str], *, names: Mapping[str, str], param: str
) -> str:
    """Draw a row of choices, the first of them the default; return the chosen one."""
    current = _current(options, param)
    key = f"{param}-{current}"
    chosen = st.segmented_control(
        label,
        options,
        default=current,
        required=True,
        format_func=names.__getitem__,
        key=key,
        on_change=_writer(key, param, options),
    )
    return chosen or current


def select(
    label: str, options: Sequence[str], *, names: Mapping[str, str], param: str
) -> str:
    """Draw a list to choose from, the first the default; return the chosen one."""
    current = _current(options, param)
    key = f"{param}-{current}"
    chosen: str | None = st.selectbox(
        label,
        options,
        index=options.index(current),
        format_func=names.__getitem__,
        key=key,
        on_change=_writer(key, param, options),
    )
    return chosen or current


def _current(options: Sequence[str], param: str) -> str:
    asked = address.get(param) or ""
    return asked if asked in options else options[0]


def _writer(key: str, param: str, options: Sequence[str]) -> Callable[[], None]:
    def write() -> None:
        chosen = st.session_state[key]
        address.put(param, None if chosen == options[0] else chosen)

    return write
