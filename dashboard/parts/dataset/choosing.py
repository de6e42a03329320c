"""Into which dataset new rows go, and which of them only repeat others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from dashboard import data
from dashboard.parts.dataset import columns
from dashboard.shaping import numbers
from dashboard.shaping.nearness import Near
from dashboard.texts import section, text
from tracer.evaluation._identity import content_hash


@dataclass(frozen=True)
class Repeats:
    """Which new rows nearly repeat others."""

    near: Mapping[int, Near] = field(default_factory=dict)
    """Number of a new row → the row that it repeats."""
    n_compared: int = 0
    """Rows of the dataset that were looked at, its last."""
    is_partial: bool = False
    """Whether the dataset has more."""


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


def repeats(name: str, project: str, rows: Sequence[data.Row], *, key: str) -> Repeats:
    """Return which rows nearly repeat the dataset's or each other.

    What was found is kept as long as rows and dataset are the same.
    """
    stored = data.last_rows(name, project) if name else []
    n_rows = next(
        (row["n_rows"] for row in data.datasets(project) if row["name"] == name), 0
    )
    mark = content_hash(
        [name, [row["id"] for row in stored], [row["inputs"] for row in rows]]
    )
    kept = st.session_state.get(f"{key}-found")
    if kept is None or kept[0] != mark:
        with st.spinner(text("adding.comparing")):
            kept = (mark, columns.near_of(rows, stored))
        st.session_state[f"{key}-found"] = kept
    return Repeats(kept[1], len(stored), n_rows > len(stored))


def kept(rows: Sequence[data.Row], repeated: Repeats, *, key: str) -> list[data.Row]:
    """Let people leave out rows that repeat others; return the rest."""
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
