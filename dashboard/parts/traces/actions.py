"""What can be done with the traces of a list: each action is one small function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard import data, roles
from dashboard.parts.grading import dialog
from dashboard.parts.review import adding as review_adding
from dashboard.parts.traces import adding, score_many
from dashboard.parts.traces.filterbar import Filters
from dashboard.scope import Scope
from dashboard.shaping.conditions import Condition
from dashboard.shaping.markdown import plain
from dashboard.texts import text

MOST_ADDED: Final = 500


@dataclass(frozen=True)
class Chosen:
    """What an action is about."""

    here: Scope
    """What the page looks at."""
    filters: Filters
    """What the list is filtered by."""
    project: str
    """The project of the first row in question: an action is about one project."""
    checked: tuple[str, ...]
    """Ids of the checked traces of that project; none to act on all that match."""
    left_out: int
    """Checked traces of other projects."""
    done: Callable[[], None]
    """Unchecks the rows, once something has been done with them."""


def chosen(
    rows: Sequence[data.Row],
    checked: Sequence[str],
    here: Scope,
    filters: Filters,
    done: Callable[[], None],
) -> Chosen:
    """Return what actions over a page of the list are about.

    Args:
        rows: The page's rows, one at least.
        checked: Ids of those that are checked.
        here: What the page looks at.
        filters: What the list is filtered by.
        done: Unchecks the rows.
    """
    picked = [row for row in rows if row["trace_id"] in checked]
    project = (picked or rows)[0]["project"]
    of_it = tuple(row["trace_id"] for row in picked if row["project"] == project)
    return Chosen(here, filters, project, of_it, len(picked) - len(of_it), done)


@roles.for_editors
def draw(about: Chosen) -> None:
    """Draw the actions side by side: those on the checked rows, or those on all."""
    for action in ON_CHECKED if about.checked else ON_ALL:
        action(about)
    if about.left_out:
        project = plain(about.project)
        st.caption(text("traces.left_out", n=about.left_out, project=project))


def add_checked(about: Chosen) -> None:
    """Offer to add the checked traces to a dataset."""
    pressed = st.button(
        text("traces.add_checked", n=len(about.checked)),
        icon=":material/playlist_add:",
        type="primary",
        key="add-checked",
    )
    if pressed:
        ids = ("trace_id", "in", list(about.checked))
        adding.open_dialog(
            _entries(about, [ids], most=len(about.checked)),
            project=about.project,
            most=len(about.checked),
            on_saved=about.done,
        )


def score_checked(about: Chosen) -> None:
    """Offer to score the checked traces."""
    score_many.button(about.project, about.checked, on_saved=about.done)


def queue_checked(about: Chosen) -> None:
    """Offer to have people look at the checked traces."""
    review_adding.button(about.project, about.checked, on_saved=about.done)


def add_all(about: Chosen) -> None:
    """Offer to add everything of one project that the filter lets through."""
    pressed = st.button(
        text("traces.add_all")
        if about.here.project
        else text("traces.add_all_of", project=plain(about.project)),
        icon=":material/playlist_add:",
        help=text("traces.add_all_help", n=MOST_ADDED),
        key="add-all",
    )
    if pressed:
        adding.open_dialog(
            _entries(about, about.filters.where, most=MOST_ADDED),
            project=about.project,
            most=MOST_ADDED,
        )


def _entries(about: Chosen, where: Sequence[Condition], *, most: int) -> adding.Pages:
    """Return what reads the entry spans of traces, page by page."""
    return lambda: data.entry_spans(
        about.project,
        about.here.window,
        where=where,
        origin=about.filters.origin,
        most=most,
    )


def grade_checked(about: Chosen) -> None:
    """Offer to grade the checked traces."""
    dialog.checked_button(about.project, about.checked)


def grade_all(about: Chosen) -> None:
    """Offer to grade everything of one project that the filter lets through."""
    filters = about.filters
    dialog.filter_button(
        about.project, about.here.window, filters.where, filters.origin
    )


ON_CHECKED: Final[tuple[Callable[[Chosen], None], ...]] = (
    add_checked,
    grade_checked,
    score_checked,
    queue_checked,
)
"""Actions on checked rows, left to right."""
ON_ALL: Final[tuple[Callable[[Chosen], None], ...]] = (add_all, grade_all)
"""Actions on everything that the filter lets through."""
