"""What models are measured on: datasets, their rows, their versions."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import components, dataset_view, peek, states
from dashboard.shaping import datasets
from dashboard.shaping.cells import Column
from dashboard.texts import section, text

here = scope.current()
name, project = address.get("dataset"), address.get("of") or here.project
found = data.datasets(here.project)


def open_dataset(row_id: str) -> None:
    """Put the dataset of a row of the list into the address."""
    wanted_project, _, wanted = row_id.partition("/")
    address.put("dataset", wanted)
    address.put("of", wanted_project)


if name and not project:
    project = next((row["project"] for row in found if row["name"] == name), None)
if name and project:
    dataset_view.draw(name, project)
    peek.draw()
    st.stop()

if st.session_state.pop("dataset-deleted", False):  # a rerun can lose a toast before it
    st.toast(text("datasets.deleted"))
st.header(text("datasets.title"), anchor=False)
if not found:
    states.nothing_yet("datasets.empty", snippet="snippets.dataset")
    st.stop()
names = section("datasets.columns")
components.table(
    [
        Column("name", names["name"], "minmax(140px, 1fr)"),
        Column("description", names["description"], "minmax(120px, 2fr)"),
        *(
            Column(key, names[key], "max-content", end=True)
            for key in ("rows", "versions")
        ),
        *(
            Column(key, names[key], "max-content")
            for key in ("version", "at", "author")
        ),
    ],
    datasets.list_rows(found),
    key="datasets",
    label=text("datasets.list"),
    on_open=open_dataset,
)
