"""What models are measured on: datasets, their rows, their versions."""

import streamlit as st

from dashboard import address, data, roles, scope
from dashboard.parts import components, heading, states
from dashboard.parts.components import Main
from dashboard.parts.dataset import creating, saving, view
from dashboard.parts.traces import peek
from dashboard.shaping.cells import Column
from dashboard.shaping.datasets import listing
from dashboard.texts import section, text

here = scope.current()
name, project = address.get("dataset"), address.get("of") or here.project
found = data.datasets(here.project)


def open_dataset(row_id: str) -> None:
    """Put the dataset of a row of the list into the address."""
    wanted_project, _, wanted = row_id.partition("/")
    address.change(dataset=wanted, of=wanted_project)


@roles.for_editors
def offer_upload() -> None:
    """Offer to make a dataset of a file."""
    st.button(
        text("datasets.upload"),
        icon=":material/upload_file:",
        type="primary",
        on_click=lambda: address.put("new", "file"),
        key="upload",
    )


if name and not project:
    project = next((row["project"] for row in found if row["name"] == name), None)
if address.get("new") and roles.may("edit"):
    creating.draw(project)
    st.stop()
if name and project:
    view.draw(name, project)
    peek.draw()
    st.stop()

saving.tell()
with heading.with_tools(text("datasets.title")):
    if found:
        offer_upload()
if name:
    states.not_stored("dataset", name)
if not found:
    with states.nothing_yet("datasets.empty", snippet="snippets.dataset"):
        offer_upload()
    st.stop()
names = section("datasets.columns")
components.table(
    [
        Column("name", names["name"], "minmax(140px, 1fr)"),
        Column("description", names["description"], "minmax(120px, 2fr)"),
        Column("tags", names["tags"], "max-content"),
        *(
            Column(key, names[key], "max-content", end=True)
            for key in ("rows", "versions")
        ),
        *(
            Column(key, names[key], "max-content")
            for key in ("version", "at", "author")
        ),
    ],
    listing.list_rows(found),
    key="datasets",
    label=text("datasets.list"),
    on_open=open_dataset,
    main=Main(),
)
