"""Choices among a few things, kept in the address under names that no language changes.

Streamlit's own binding to the address stores the label that people see; these store the
value, so that a link works in every language.

What was chosen is taken out of the session once it is in the address: Streamlit keeps
what it knows of a widget past a script that `st.stop` ends, and a choice that is drawn
again would come back with its old answer.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import streamlit as st

from dashboard import address
from dashboard.texts import in_words

Visibility = Literal["visible", "collapsed"]


def segmented(
    label: str,
    options: Sequence[str],
    *,
    names: Mapping[str, str],
    param: str,
    default: str | None = None,
    label_visibility: Visibility = "visible",
) -> str:
    """Draw a row of choices; return the chosen one.

    Args:
        label: What is chosen.
        options: The values; each stands in the address as it is.
        names: What people see for each value.
        param: Parameter of the address, absent while the default is chosen.
        default: The value at first; None for the first option.
        label_visibility: Whether the label is seen, or only read out.
    """
    usual = default or options[0]
    current = _current(options, param, usual)
    key = _key(param, current)
    chosen = st.segmented_control(
        label,
        options,
        default=current,
        required=True,
        format_func=names.__getitem__,
        key=key,
        label_visibility=label_visibility,
        on_change=_writer(key, param, usual),
    )
    return chosen or current


def select(
    label: str,
    options: Sequence[str],
    *,
    names: Mapping[str, str],
    param: str,
    default: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Draw a list to choose from; return the chosen one.

    The arguments are those of `segmented`, and how wide it is, in pixels.
    """
    usual = options[0] if default is None else default
    current = _current(options, param, usual)
    key = _key(param, current)
    chosen: str | None = st.selectbox(
        label,
        options,
        index=options.index(current),
        format_func=names.__getitem__,
        key=key,
        on_change=_writer(key, param, usual),
        width=width,
    )
    return current if chosen is None else chosen


def pills(
    label: str,
    options: Sequence[str],
    *,
    names: Mapping[str, str],
    param: str,
    forgets: Sequence[str] = (),
) -> str | None:
    """Draw choices of which one, or none, holds; return it.

    The arguments are those of `segmented`, and parameters of the address that belong to
    the choice of before.
    """
    asked = address.get(param)
    current = asked if asked in options else None
    key = _key(param, current)
    chosen: str | None = st.pills(
        label,
        options,
        default=current,
        format_func=names.__getitem__,
        key=key,
        on_change=_writer(key, param, None, forgets),
    )
    return chosen


def several(
    label: str,
    options: Sequence[str],
    *,
    param: str,
    default: Sequence[str],
    most: int,
    names: Mapping[str, str] | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> list[str]:
    """Draw a choice of several things; return them in the order chosen.

    Args:
        label: What is chosen.
        options: The values; each stands in the address as it is.
        param: Parameter of the address, absent while the default is chosen.
        default: The values at first.
        most: How many may be chosen.
        names: What people see for each value; None for the value itself.
        width: Of the box, in pixels.
    """
    asked = [name for name in address.get_all(param) if name in options]
    current = asked or list(default)
    key = _key(param, *current)

    def write() -> None:
        chosen = list(st.session_state.pop(key))
        address.put_all(param, [] if chosen == list(default) else chosen)

    chosen: list[str] = st.multiselect(
        label,
        options,
        default=current,
        format_func=lambda value: (names or {}).get(value, value),
        max_selections=most,
        select_all=False,
        key=key,
        on_change=write,
        width=width,
    )
    return chosen or current


def free(label: str, suggested: Sequence[str], *, param: str, hint: str) -> list[str]:
    """Draw a box for several texts, suggested or typed; return them in their order.

    They stay in the address also while the page draws something else.

    Args:
        label: What is asked for.
        suggested: Texts to choose from while typing.
        param: Parameter of the address, once for each text.
        hint: Shown while the box is empty.
    """
    current = address.get_all(param)
    key = _key(param, *current)
    chosen: list[str] = st.multiselect(
        label,
        list(dict.fromkeys([*current, *suggested])),
        default=current,
        accept_new_options=True,
        select_all=False,
        placeholder=hint,
        key=key,
        on_change=lambda: address.put_all(param, list(st.session_state.pop(key))),
    )
    return chosen


def _key(param: str, *current: str | None) -> str:
    return in_words(f"{param}-{'|'.join(map(str, current))}")


def _current(options: Sequence[str], param: str, usual: str) -> str:
    asked = address.get(param) or ""
    return asked if asked in options else usual


def _writer(
    key: str, param: str, usual: str | None, forgets: Sequence[str] = ()
) -> Callable[[], None]:
    def write() -> None:
        chosen = st.session_state.pop(key)
        written = {param: None if chosen == usual else chosen}
        address.change(**dict.fromkeys(forgets), **written)

    return write
