"""The page's address: what is open is in the URL, so links and Back work."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

import streamlit as st

SHARED: Final = ("project", "range", "lang")
"""Parameters that hold on every page."""

OF_TRACE: Final = ("trace", "span", "look", "against")
"""Parameters of an open trace: which, its chosen step, how that is looked at, and the
step that it is compared with."""

OWN: Final = {
    "trace": OF_TRACE,
    "session": ("session", "of", "turn"),
    "dataset": (
        *("dataset", "of", "version", "before", "show", "edit", "find"),
        *("split", "rows_page", "changes_page", "new", "into"),
    ),
    "evaluation": (
        *("evaluation", "baseline", "also", "trace", "score", "show", "order", "page"),
        *("tab", "by", "example", "pair", "trial"),
    ),
    "queue": ("queue", "of", "view", "item", "into", "expects"),
    "judge": ("judge", "of"),
    "job": ("job", "of"),
}
"""What can be open on a page → all parameters that are about it."""


MOST_DIGITS: Final = 9
"""Of a number: what is longer, somebody made up."""

Words = str | Sequence[str] | None
"""A parameter's value; a list stands in the address once for each of its own."""


def get(name: str) -> str | None:
    """Return a parameter of the address, None if it is absent or empty."""
    return st.query_params.get(name) or None


def number(name: str) -> int:
    """Return a parameter that counts from 1, as `counted` reads it."""
    return counted(get(name) or "")


def counted(written: str) -> int:
    """Return a number that counts from 1; 1 for whatever else stands there."""
    is_number = written.isascii() and written.isdigit()
    return max(1, int(written)) if is_number and len(written) <= MOST_DIGITS else 1


def put(name: str, value: str | None) -> None:
    """Set a parameter of the address, or take it away with None."""
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def change(**values: Words) -> None:
    """Set several parameters in one step, so that Back undoes them in one.

    None takes a parameter away: a list without values writes nothing. A list stands in
    the address once for each of its values.
    """
    st.query_params.update({name: value or [] for name, value in values.items()})


def close(what: str) -> None:
    """Forget what is open and everything about it; to be called by a callback.

    Args:
        what: Which kind of `OWN`.
    """
    leave(*OWN[what])


def leave(*names: str) -> None:
    """Forget parameters of the address; to be called by a callback."""
    change(**dict.fromkeys(names))


def get_all(name: str) -> list[str]:
    """Return every value of a parameter that may stand several times."""
    return [value for value in st.query_params.get_all(name) if value]


def put_all(name: str, values: Sequence[str]) -> None:
    """Set a parameter once for each value, or take it away with none."""
    change(**{name: values})


def carry(page: str) -> None:
    """Bring the shared parameters along when another page was chosen.

    Streamlit begins a page that is chosen in its navigation without parameters.
    """
    kept: dict[str, str | None] = st.session_state.get("shared", {})
    if st.session_state.get("page") != page:
        for name in SHARED:
            put(name, get(name) or kept.get(name))
    st.session_state["page"] = page
    st.session_state["shared"] = {name: get(name) for name in SHARED}


def link(page: str, **params: Words) -> str:
    """Return the address of another page, beside any of ours, that keeps the scope."""
    return f"{page}?{urlencode(with_scope(**params), doseq=True)}"


def with_scope(**params: Words) -> dict[str, str | Sequence[str]]:
    """Return parameters for another page that keep this one's project and period."""
    kept: dict[str, Words] = {name: get(name) for name in (*SHARED, "since", "until")}
    return {name: value for name, value in (kept | params).items() if value}
