"""Saving edits of a dataset, and what to do if somebody else saved meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import components
from dashboard.parts.dataset.versions import counts_line, named
from dashboard.shaping import numbers, word_changes
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConflictError

TOLD: Final = "dataset-told"
LOST: Final = "dataset-lost"
MOST_SHOWN: Final = 5


@dataclass(frozen=True)
class Draft:
    """Edits that are not saved yet."""

    name: str
    """The dataset."""
    project: str
    """Its project."""
    base: str
    """The version in which rows are counted."""
    changed: Mapping[int, Mapping[str, Any] | None] = field(default_factory=dict)
    """Place → the row from now on, None for none."""
    added: Sequence[Mapping[str, Any]] = ()
    """Rows that come at the end."""
    note: str = ""
    """What is said of the version."""


def save(draft: Draft, *, replaces: str | None = None) -> None:
    """Save edits and draw the page anew, which tells what came of it."""
    try:
        saved = data.edit_dataset(
            draft.name,
            draft.project,
            base=draft.base,
            changed=draft.changed,
            added=draft.added,
            replaces=replaces,
            note=draft.note,
        )
    except ConflictError:
        data.forget()
        st.session_state[LOST] = draft
        st.rerun()
    st.session_state.pop(LOST, None)
    done(text("datasets.saved", version=saved["version"][:8]))


def done(message: str) -> None:
    """Go to the newest version, and tell there what was done."""
    address.change(version=None, before=None, edit=None)
    st.session_state[TOLD] = message
    st.rerun()


def came_too_late() -> None:
    """Say that another version is the newest: it is shown next time."""
    data.forget()
    st.warning(text("datasets.too_late"), icon=":material/sync_problem:")


def tell() -> None:
    """Tell what the run before has done: a rerun can lose a toast before it."""
    if message := st.session_state.pop(TOLD, None):
        st.toast(message, icon=":material/check:")


def draw_conflict(name: str, project: str) -> bool:
    """Let people choose what becomes of edits that came too late; False for none."""
    draft: Draft | None = st.session_state.get(LOST)
    if draft is None or (draft.name, draft.project) != (name, project):
        return False
    newest = data.dataset_versions(name, project)[0]
    with st.container(border=True):
        _explain(draft, newest)
        with st.container(horizontal=True):
            _choices(draft, newest)
        _show_theirs(draft, newest)
    return True


def _explain(draft: Draft, newest: data.Row) -> None:
    n_mine = len(draft.changed) + len(draft.added)
    st.warning(
        text(
            "datasets.conflict_body",
            who=plain(newest["author"] or "?"),
            version=named(newest),
            mine=numbers.plural(n_mine, text("counts.row")),
        ),
        title=text("datasets.conflict"),
        icon=":material/call_split:",
    )


def _show_theirs(draft: Draft, newest: data.Row) -> None:
    theirs = data.dataset_changes(
        draft.name, draft.project, before=draft.base, after=newest["version"]
    )
    st.caption(counts_line(theirs.counts))
    components.changes(
        word_changes.cards(
            theirs.rows[:MOST_SHOWN],
            words=section("datasets.kinds"),
            parts=section("datasets.parts"),
        ),
        key="conflict-changes",
        label=text("datasets.theirs"),
    )


def _choices(draft: Draft, newest: data.Row) -> None:
    if st.button(
        text("datasets.put_on_top"),
        type="primary",
        help=text("datasets.put_on_top_help"),
        key="conflict-mine",
    ):
        save(draft, replaces=newest["version"])
    if st.button(text("datasets.drop_mine"), key="conflict-theirs"):
        st.session_state.pop(LOST, None)
        done(text("datasets.dropped"))
