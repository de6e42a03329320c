"""Into which dataset new rows go, and which of them only repeat others."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from dashboard import data
from dashboard.parts.dataset import columns
from dashboard.shaping import numbers
from dashboard.shaping.datasets.nearness import Near
from dashboard.texts import section, text

MOST_NEW: Final = 20_000
"""New rows up to which it is told which ones repeat others."""


@dataclass(frozen=True)
class Repeats:
    """Which new rows nearly repeat others."""

    near: Mapping[int, Near] = field(default_factory=dict)
    """Number of a new row → the row that it repeats."""
    n_compared: int = 0
    """Rows of the dataset that were looked at, its last."""
    is_partial: bool = False
    """Whether the dataset has more."""
    is_skipped: bool = False
    """Whether there are too many new rows to compare."""


def dataset_name(project: str, *, key: str, suggested: str = "") -> str:
    """Draw the choice of a dataset, or of a new one's name; return it, or nothing."""
    known = [row["name"] for row in data.datasets(project)]
    if suggested and suggested not in known:
        known = [*known, suggested]
    chosen: str | None = st.selectbox(
        text("adding.dataset"),
        known,
        index=known.index(suggested) if suggested else None,
        accept_new_options=True,
        placeholder=text("adding.dataset_hint"),
        key=key,
    )
    return (chosen or "").strip()


def repeats(
    name: str,
    project: str,
    rows: Sequence[data.Row],
    *,
    key: str,
    mark: Hashable,
) -> Repeats:
    """Return which rows nearly repeat the dataset's or each other.

    Args:
        name: The dataset; empty for none.
        project: Its project.
        rows: The new rows.
        key: Identity of what is kept between two runs.
        mark: Tells these rows from others: what was found is kept as long as it and the
            dataset are the same.
    """
    if len(rows) > MOST_NEW:
        return Repeats(is_skipped=True)
    known = {row["name"]: row for row in data.datasets(project)}
    of = known.get(name)
    whole = (mark, name, of["version"] if of else None, len(rows))
    found: tuple[Hashable, Repeats] | None = st.session_state.get(f"{key}-found")
    if found is None or found[0] != whole:
        with st.spinner(text("adding.comparing")):
            stored = data.last_rows(name, project) if of else []
            is_partial = of is not None and of["n_rows"] > len(stored)
            near = columns.near_of(rows, stored)
            found = (whole, Repeats(near, len(stored), is_partial))
        st.session_state[f"{key}-found"] = found
    return found[1]


def kept(rows: Sequence[data.Row], repeated: Repeats, *, key: str) -> list[data.Row]:
    """Let people leave out rows that repeat others; return the rest."""
    if repeated.is_skipped:
        st.caption(text("adding.near_skipped", n=f"{MOST_NEW:,}"))
    if repeated.is_partial:
        n = f"{repeated.n_compared:,}"
        st.caption(text("adding.near_partial", n=n))
    if not repeated.near:
        return list(rows)
    names = section("adding.nears")
    n_near = numbers.plural(len(repeated.near), text("counts.row"))
    chosen = st.segmented_control(
        text("adding.near", rows=n_near),
        list(names),
        default="leave",
        required=True,
        format_func=names.__getitem__,
        key=f"{key}-choice",
    )
    if chosen == "keep":
        return list(rows)
    return [row for number, row in enumerate(rows) if number not in repeated.near]
