"""The versions of a dataset, and what changed from one to another."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import choices, components
from dashboard.shaping import numbers, word_changes
from dashboard.shaping.cells import Column
from dashboard.shaping.datasets import listing
from dashboard.texts import section, text


def draw(name: str, project: str, version: str) -> None:
    """Draw the versions beside the changes of the one that is chosen."""
    versions = data.counted_versions(name, project)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _list(versions, version)
    with right:
        _changes(name, project, versions, version)


def _list(versions: list[data.Row], version: str) -> None:
    names = section("datasets.columns")
    numbers_of = [row["version"] for row in versions]
    components.table(
        [
            Column("version", names["version"], "max-content"),
            Column("at", names["at"], "max-content"),
            Column("author", names["author"], "max-content"),
            Column("rows", names["rows"], "max-content", end=True),
            Column(
                "changes",
                names["changes"],
                "max-content",
                end=True,
                help=text("datasets.changes_help"),
            ),
            Column("note", names["note"], "minmax(80px, 1fr)"),
        ],
        listing.version_rows(versions),
        key="dataset-versions",
        label=text("datasets.versions"),
        selected=str(numbers_of.index(version)) if version in numbers_of else None,
        height_px=620,
        on_open=lambda number: _open(versions, int(number)),
    )


def _open(versions: list[data.Row], number: int) -> None:
    older = versions[number + 1 : number + 2]
    address.change(
        version=versions[number]["version"] if number else None,
        before=older[0]["version"] if older else None,
        changes_page=None,
    )


def _changes(name: str, project: str, versions: list[data.Row], version: str) -> None:
    known = listing.unique_versions(versions)
    others = [one for one in known if one != version]
    if not others:
        st.info(text("datasets.only_version"), icon=":material/history:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        before = choices.select(
            text("datasets.before"),
            others,
            names={one: named(row) for one, row in known.items()},
            param="before",
            default=_usual(list(known), version),
        )
    number = address.number("changes_page")
    found = data.dataset_changes(
        name, project, before=before, after=version, page=number
    )
    st.caption(counts_line(found.counts))
    if not found.rows and number == 1:
        st.info(text("datasets.no_changes"), icon=":material/equal:")
        return
    components.changes(
        word_changes.cards(
            found.rows, words=section("datasets.kinds"), parts=section("datasets.parts")
        ),
        key="dataset-changes",
        label=text("datasets.changes"),
    )
    _pages(sum(n for kind, n in found.counts.items() if kind != "unchanged"), number)


def _usual(known: list[str], version: str) -> str:
    """Return what a version is held against at first: the one before it."""
    at = known.index(version) if version in known else 0
    return known[at + 1] if at + 1 < len(known) else known[at - 1]


def _pages(n_changes: int, number: int) -> None:
    n_pages = -(-n_changes // data.CHANGES_OF_PAGE)
    if n_pages < 2:
        return
    key = f"changes-page-{number}-{n_pages}"
    st.pagination(
        n_pages,
        default=min(number, n_pages),
        key=key,
        on_change=lambda: _turn(st.session_state[key]),
    )


def _turn(number: int) -> None:
    address.put("changes_page", None if number == 1 else str(number))


def counts_line(counts: dict[str, int]) -> str:
    """Return how many rows were added, removed, changed or are alike, in one line."""
    words = section("datasets.counted")
    told = {kind: n for kind, n in counts.items() if n or kind == "unchanged"}
    return " · ".join(words[kind].format(n=f"{n:,}") for kind, n in told.items())


def named(row: data.Row) -> str:
    """Return a version as people tell it from others: when, how many rows, its hash."""
    when = row["at"].astimezone(scope.zone()).strftime("%Y-%m-%d %H:%M")
    rows = numbers.plural(row["n_rows"], text("counts.row"))
    return f"{row['version'][:8]} · {when} · {rows}"
