"""The dialog that turns spans into rows of a dataset."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard import address, data
from dashboard.parts import components, states
from dashboard.shaping import datasets, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.datasets import EXPECTED, INPUT, NOTHING, OUTPUT, Mapped
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

PREVIEW_ROWS = 5


def button(spans: Sequence[data.Row], *, key: str, project: str) -> None:
    """Offer to add spans that are at hand."""
    if st.button(text("trace.add_to_dataset"), icon=":material/playlist_add:", key=key):
        open_dialog(lambda: spans, project=project)


def open_dialog(
    spans: Callable[[], Sequence[data.Row]],
    *,
    project: str,
    on_saved: Callable[[], None] | None = None,
) -> None:
    """Open the dialog over spans, which are read once, when it is open."""
    st.session_state.pop("adding-spans", None)
    st.session_state["adding-done"] = on_saved
    st.dialog(text("adding.title"), width="large")(_dialog)(spans, project)


@states.explained()
def _dialog(spans: Callable[[], Sequence[data.Row]], project: str) -> None:
    found = _read(spans)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        name = st.selectbox(
            text("adding.dataset"),
            [row["name"] for row in data.datasets(project)],
            index=None,
            accept_new_options=True,
            placeholder=text("adding.dataset_hint"),
            key="adding-name",
        )
    with right:
        mapped = _mapping(datasets.fields(found))
    examples = datasets.distinct(datasets.example(span, mapped) for span in found)
    rows = numbers.plural(len(examples), text("counts.row"))
    shown = examples[:PREVIEW_ROWS]
    st.caption(
        text(
            "adding.preview",
            found=numbers.plural(len(found), text("counts.trace")),
            project=plain(project),
            rows=rows,
            shown=len(shown),
        )
    )
    components.table(
        preview_columns(),
        datasets.preview_rows(shown),
        key="adding-preview",
        label=text("adding.title"),
    )
    label = text("adding.add", rows=rows)
    if st.button(label, type="primary", key="adding-save", disabled=not examples):
        _save((name or "").strip(), project, examples)


def _save(name: str, project: str, examples: Sequence[data.Row]) -> None:
    if not name:
        st.warning(text("adding.needs_name"))
        return
    saved = data.add_rows(name, project, examples)
    st.session_state.pop("adding-spans", None)
    st.toast(
        text(
            "adding.added",
            rows=numbers.plural(len(examples), text("counts.row")),
            name=_link(name, project),
            version=saved["version"],
        ),
        icon=":material/check:",
    )
    if done := st.session_state.pop("adding-done", None):
        done()
    st.rerun()


def _link(name: str, project: str) -> str:
    """Return a dataset's name as a link to its page, beside any of ours."""
    asked = urlencode(address.with_scope(dataset=name, of=project))
    return f"[{plain(name)}](datasets?{asked})"


def _read(spans: Callable[[], Sequence[data.Row]]) -> Sequence[data.Row]:
    if "adding-spans" not in st.session_state:
        with st.spinner(text("adding.reading")):
            st.session_state["adding-spans"] = list(spans())
    found: list[data.Row] = st.session_state["adding-spans"]
    return found


def _mapping(fields: list[str]) -> Mapped:
    def names(field: str) -> str:
        return field or text("adding.nothing")

    columns = st.columns(3)
    with columns[0]:
        inputs = st.selectbox(text("adding.inputs"), fields, key="adding-inputs")
    with columns[1]:
        options = [NOTHING, *fields]
        expected = st.selectbox(
            text("adding.expected"),
            options,
            index=options.index(NOTHING),
            format_func=names,
            key="adding-expected",
        )
    with columns[2]:
        options = [
            OUTPUT,
            NOTHING,
            *(field for field in fields if field not in {INPUT, OUTPUT, EXPECTED}),
        ]
        output = st.selectbox(
            text("adding.output"), options, format_func=names, key="adding-output"
        )
    return Mapped(inputs=inputs, expected=expected, output=output)


def preview_columns() -> list[Column]:
    """Return the columns that show examples."""
    names = section("datasets.columns")
    return [
        Column("number", names["number"], "max-content", end=True),
        Column("inputs", names["inputs"], "minmax(140px, 2fr)"),
        Column("expected", names["expected"], "minmax(80px, 1.2fr)"),
        Column("output", names["output"], "minmax(120px, 2fr)"),
        Column("metadata", names["metadata"], "minmax(60px, 1fr)"),
    ]
