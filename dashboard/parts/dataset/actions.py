"""What can be done with a dataset as a whole, each a small function in one row."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import states
from dashboard.parts.dataset import saving, splitting
from dashboard.parts.grading import dialog as grading
from dashboard.parts.grading import model
from dashboard.shaping import numbers
from dashboard.shaping.datasets import downloads
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConflictError


def draw(page: data.DatasetPage, *, is_newest: bool) -> None:
    """Draw the actions; those that change the dataset only on its newest version."""
    actions: Sequence[Callable[[data.DatasetPage], None]] = (
        [_run, _grade, _download, _add, _more]
        if is_newest
        else [_run, _grade, _download]
    )
    for action in actions:
        action(page)


def _run(page: data.DatasetPage) -> None:
    row = page.row
    model.button(row["name"], row["project"], row["version"])


def _grade(page: data.DatasetPage) -> None:
    row = page.row
    grading.dataset_button(row["name"], row["project"], row["version"])


def _download(page: data.DatasetPage) -> None:
    """Offer the files in a popover; which forms fit is found out when it opens."""
    place = st.popover(
        text("datasets.download"),
        icon=":material/download:",
        key="dataset-download",
        on_change="rerun",
    )
    if place.open:
        with place:
            _files(page)


def _files(page: data.DatasetPage) -> None:
    row, names = page.row, section("datasets.downloads")
    for kind, form in downloads.FORMS.items():
        why = downloads.why_not(kind, page.rows)
        st.download_button(
            names[kind],
            data=_writer(row, kind),
            file_name=_file_name(row, form.ending),
            mime=form.mime,
            on_click="ignore",
            disabled=why is not None,
            help=plain(why) if why else None,
            type="tertiary",
            key=f"download-{kind}",
        )
    n_rows = numbers.plural(row["n_rows"], text("counts.row"))
    st.caption(text("datasets.download_all", rows=n_rows))
    st.caption(text("datasets.download_openai"))


def _file_name(row: data.Row, ending: str) -> str:
    name = row["name"].replace("/", "-").replace("\\", "-")
    return f"{name}-{row['version'][:8]}.{ending}"


def _writer(row: data.Row, kind: str) -> Callable[[], bytes]:
    """Return what reads all rows and makes the file, once it is asked for."""
    name, project, version = row["name"], row["project"], row["version"]

    def write() -> bytes:
        rows = data.whole_dataset(name, project, version=version).rows
        return downloads.FORMS[kind].write(rows)

    return write


@roles.for_editors
def _add(page: data.DatasetPage) -> None:
    def upload() -> None:
        address.change(new="file", into=page.row["name"])

    st.button(
        text("datasets.add_rows"),
        icon=":material/upload_file:",
        on_click=upload,
        key="add-rows",
    )


@roles.for_editors
def _more(page: data.DatasetPage) -> None:
    dialogs: dict[str, tuple[str, Callable[[data.DatasetPage], None]]] = {
        "describe": (":material/edit_note:", _describe),
        "split": (":material/call_split:", splitting.dialog),
        "copy": (":material/content_copy:", _copy),
        "rename": (":material/badge:", _rename),
        "delete": (":material/delete:", _delete),
    }
    names, titles = section("datasets.actions"), section("datasets.action_titles")
    with st.popover(text("datasets.more"), icon=":material/more_horiz:"):
        for name, (icon, dialog) in dialogs.items():
            if st.button(names[name], icon=icon, type="tertiary", key=f"do-{name}"):
                st.dialog(titles[name])(dialog)(page)


@states.explained()
def _describe(page: data.DatasetPage) -> None:
    row = page.row
    description = st.text_area(
        text("datasets.columns.description"),
        value=row["description"] or "",
        key="describe-text",
    )
    tags = st.multiselect(
        text("datasets.columns.tags"),
        sorted({tag for one in data.datasets(row["project"]) for tag in one["tags"]}),
        default=row["tags"],
        accept_new_options=True,
        key="describe-tags",
    )
    if st.button(text("datasets.keep"), type="primary", key="describe-save"):
        data.describe_dataset(
            row["name"], row["project"], description=description.strip(), tags=tags
        )
        _told(text("datasets.described"))


@states.explained()
def _copy(page: data.DatasetPage) -> None:
    row = page.row
    to = st.text_input(
        text("datasets.new_name"), value=f"{row['name']}-copy", key="copy-name"
    ).strip()
    if st.button(
        text("datasets.copy_make"), type="primary", key="copy-save"
    ) and _is_new(to, row):
        note = text("datasets.copy_note", name=row["name"], version=row["version"][:8])
        try:
            data.copy_dataset(
                row["name"],
                to,
                row["project"],
                version=row["version"],
                replaces="",
                note=note,
            )
        except ConflictError:
            st.warning(text("datasets.name_taken", name=plain(to)))
            return
        address.put("dataset", to)
        _told(text("datasets.copied", name=plain(to)))


@states.explained()
def _rename(page: data.DatasetPage) -> None:
    row = page.row
    st.caption(text("datasets.rename_help"))
    to = st.text_input(
        text("datasets.new_name"), value=row["name"], key="rename-name"
    ).strip()
    if st.button(
        text("datasets.rename_make"), type="primary", key="rename-save"
    ) and _is_new(to, row):
        try:
            data.rename_dataset(row["name"], to, row["project"])
        except ConflictError:
            st.warning(text("datasets.name_taken", name=plain(to)))
            return
        address.put("dataset", to)
        _told(text("datasets.renamed", name=plain(to)))


def _is_new(name: str, row: data.Row) -> bool:
    """Return whether a name is another one than the dataset's; say so if not."""
    is_new = bool(name) and name != row["name"]
    if not is_new:
        st.warning(text("datasets.needs_name"))
    return is_new


@states.explained()
def _delete(page: data.DatasetPage) -> None:
    row = page.row
    versions = numbers.plural(row["n_versions"], text("counts.version"))
    st.text(text("datasets.delete_body", name=row["name"], versions=versions))
    if st.button(text("datasets.delete_confirm"), type="primary", key="confirm"):
        data.delete_dataset(row["name"], row["project"])
        address.close("dataset")
        _told(text("datasets.deleted"))


def _told(message: str) -> None:
    st.session_state[saving.TOLD] = message
    st.rerun()
