"""One dataset: a version's rows, where each came from, and the way out as a file."""

import streamlit as st

from dashboard import address, data
from dashboard.parts import adding, components, grading, grading_model, states
from dashboard.shaping import datasets, messages, numbers
from dashboard.shaping.cells import Column
from dashboard.texts import section, text
from tracer.evaluation._datasets.csv_files import as_csv


def draw(name: str, project: str) -> None:
    """Draw the dataset that the address names."""
    st.button(
        text("datasets.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_close,
    )
    versions = data.dataset_versions(name, project)
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        version = _version(versions)
        found = data.dataset(name, project, version=version)
        st.space("stretch")
        grading_model.button(name, project, found.row["version"])
        grading.dataset_button(name, project, found.row["version"])
        _downloads(name, found)
        if st.button(text("datasets.delete"), icon=":material/delete:", key="delete"):
            ask = st.dialog(text("datasets.delete_title"))(_confirm)
            ask(name, project, n_versions=len(versions))
    with head:
        components.facts(
            datasets.facts(
                found.row, versions, version=version, texts=section("datasets.facts")
            ),
            key="dataset-head",
            title=name,
        )
    _rows(found.rows)


def _version(versions: list[data.Row]) -> str:
    names = [row["version"] for row in versions]
    chosen: str = st.selectbox(
        text("datasets.version"),
        names,
        format_func=lambda name: (
            f"{name} · {text('datasets.newest')}" if name == names[0] else name
        ),
        key="version",
        bind="query-params",
        width=260,
    )
    return chosen


def _downloads(name: str, found: data.Dataset) -> None:
    for kind, write, mime in (
        ("jsonl", datasets.as_jsonl, "application/jsonl"),
        ("csv", as_csv, "text/csv"),
    ):
        st.download_button(
            text(f"datasets.download_{kind}"),
            data=write(found.rows).encode(),
            file_name=f"{name}-{found.row['version'][:8]}.{kind}",
            mime=mime,
            icon=":material/download:",
            on_click="ignore",
            key=f"download-{kind}",
        )


def _rows(rows: list[data.Row]) -> None:
    source = Column("source", text("datasets.columns.source"), "max-content")
    components.table(
        [*adding.preview_columns(), source],
        datasets.preview_rows(rows),
        key="dataset-rows",
        label=text("datasets.rows"),
        height_px=620,
        on_open=lambda number: st.session_state.update({"dataset-row": int(number)}),
    )
    number = st.session_state.pop("dataset-row", None)
    if number is not None:
        title = text("datasets.row", n=number + 1)
        st.dialog(title, width=720, position="right")(_row)(rows[number])


@states.explained()
def _confirm(name: str, project: str, *, n_versions: int) -> None:
    versions = numbers.plural(n_versions, text("counts.version"))
    st.text(text("datasets.delete_body", name=name, versions=versions))
    if st.button(text("datasets.delete_confirm"), type="primary", key="confirm"):
        data.delete_dataset(name, project)
        _close()
        st.session_state["dataset-deleted"] = True
        st.rerun()


def _row(row: data.Row) -> None:
    parts = [
        messages.value_message(text(f"datasets.{part}"), row[part])
        for part in ("inputs", "expected", "output", "metadata")
        if row[part] not in (None, {})
    ]
    components.conversation(parts, key="dataset-row-parts")
    source = datasets.source(row)
    if source is None:
        st.caption(text("datasets.no_source"))
        return
    st.page_link(
        "views/traces.py",
        label=text("datasets.source"),
        icon=":material/account_tree:",
        query_params=address.with_scope(
            trace=str(source["trace_id"]),
            span=source.get("span_id"),
            origin="all",
        ),
    )


def _close() -> None:
    address.put("dataset", None)
    address.put("of", None)
