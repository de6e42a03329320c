"""One dataset: its facts, what can be done with it, its rows, versions and schema."""

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import choices, components
from dashboard.parts.dataset import actions, rows, saving, schema, versions
from dashboard.shaping.datasets import listing
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConflictError

SHOWS = ("rows", "versions", "schema")


def draw(name: str, project: str) -> None:
    """Draw the dataset that the address names."""
    saving.tell()
    st.button(
        text("datasets.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=address.close,
        args=("dataset",),
    )
    known = data.dataset_versions(name, project)
    newest = known[0]["version"] if known else None
    version = address.get("version") or newest
    page = rows.page_of(name, project, version)
    is_newest = version == newest
    can_edit = is_newest and roles.may("edit")
    _head(page, is_newest=is_newest)
    if not is_newest:
        _older(page.row, str(newest))
    if saving.draw_conflict(name, project):
        return
    show = choices.segmented(
        text("datasets.show"),
        SHOWS,
        names=section("datasets.shows"),
        param="show",
        label_visibility="collapsed",
    )
    if show == "versions":
        versions.draw(name, project, str(version))
    elif show == "schema":
        schema.draw(page, can_edit=can_edit)
    else:
        rows.draw(page, can_edit=can_edit)


def _head(page: data.DatasetPage, *, is_newest: bool) -> None:
    row = page.row
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        components.facts([], key="dataset-title", title=row["name"])
        # beside a long name they go to the next line together
        with st.container(horizontal=True, width="content", gap="small"):
            actions.draw(page, is_newest=is_newest)
    if row["description"]:
        st.markdown(plain(row["description"]))
    components.facts(
        listing.facts(row, texts=section("datasets.facts")), key="dataset-head"
    )


def _older(row: data.Row, newest: str) -> None:
    """Say that an older version is shown, and offer to make it the newest."""
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        told = text("datasets.older", version=row["version"][:8])
        st.markdown(f":material/history: {told}")
        st.space("stretch")
        st.button(
            text("datasets.show_newest"),
            on_click=lambda: address.put("version", None),
            key="show-newest",
        )
        if roles.may("edit") and st.button(
            text("datasets.restore"), icon=":material/restore:", key="restore"
        ):
            st.dialog(text("datasets.restore_title"))(_restore)(row, newest)


def _restore(row: data.Row, newest: str) -> None:
    changed = data.dataset_changes(
        row["name"], row["project"], before=newest, after=row["version"]
    )
    st.markdown(text("datasets.restore_body"))
    st.caption(versions.counts_line(changed.counts))
    if not st.button(
        text("datasets.restore_confirm"), type="primary", key="restore-confirm"
    ):
        return
    note = text("datasets.restore_note", version=row["version"][:8])
    try:
        saved = data.copy_dataset(
            row["name"],
            row["name"],
            row["project"],
            version=row["version"],
            replaces=newest,
            note=note,
        )
    except ConflictError:
        saving.came_too_late()
        return
    saving.done(text("datasets.restored", version=saved["version"][:8]))
