"""A new annotation queue, and what can be changed of one."""

from typing import Any

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import states
from dashboard.shaping import conditions, review
from dashboard.texts import section, text

SOURCES = ("filter", "dataset", "evaluation")
KINDS = ("yes_no", "scale", "labels", "text")
AGES = ("24h", "7d", "30d", "90d")
FILL_LIMIT = 500


def open_dialog(queue: data.Row | None = None) -> None:
    """Open the dialog that makes a queue, or changes the one given."""
    title = text("review.edit" if queue else "review.new")
    st.dialog(title, width="large")(_dialog)(queue)


@states.explained()
def _dialog(queue: data.Row | None) -> None:
    given = queue or {"name": "", "description": "", "annotators": 1, "form": []}
    name = st.text_input(text("review.name"), given["name"], key="queue-name")
    project = given["project"] if queue else _project()
    described = st.text_input(
        text("review.description"), given["description"], key="queue-description"
    )
    source = queue["source"] if queue else _source(project)
    annotators = st.number_input(
        text("review.annotators"),
        min_value=1,
        max_value=10,
        value=given["annotators"],
        key="queue-annotators",
        width=260,
    )
    asked = text("review.questions")
    st.markdown(f"**{asked}**")
    st.caption(text("review.questions_help"))
    edited = _form(given["form"] or list(review.NEW_FORM))
    if not st.button(
        text("review.save" if queue else "review.create"),
        type="primary",
        key="queue-save",
    ):
        return
    wanted = {
        "id": queue["id"] if queue else review.slug(name),
        "project": project,
        "name": name.strip(),
        "description": described.strip(),
        "source": source,
        "annotators": int(annotators),
        "form": review.form_of(edited),
    }
    _save(wanted, queue)


def _save(wanted: dict[str, Any], queue: data.Row | None) -> None:
    if not wanted["name"] or not wanted["project"] or not wanted["id"]:
        st.warning(text("review.needs_name"))
        return
    if wanted["source"] is None:
        st.warning(text("review.needs_source"))
        return
    # of a new queue no version may be there: another of this name is not overwritten
    saved = data.save_queue({**wanted, "version": queue["version"] if queue else 0})
    if queue is None:
        data.fill_queue(saved, limit=FILL_LIMIT)
    address.change(queue=saved["id"], of=saved["project"])
    st.rerun()


def _project() -> str | None:
    names = [row["project"] for row in data.projects()]
    here = scope.current().project
    index = names.index(here) if here in names else 0
    chosen: str | None = st.selectbox(
        text("review.project"), names, index=index if names else None, key="queue-of"
    )
    return chosen


def _source(project: str | None) -> dict[str, Any] | None:
    names = section("review.sources")
    kind = st.segmented_control(
        text("review.source"),
        SOURCES,
        default="filter",
        required=True,
        format_func=names.__getitem__,
        key="queue-source",
    )
    if kind == "dataset":
        found = [row["name"] for row in data.datasets(project)]
        name = st.selectbox(text("datasets.columns.name"), found, key="queue-dataset")
        return {"kind": "dataset", "name": name} if name else None
    if kind == "evaluation":
        return _run(project)
    chosen = st.multiselect(
        text("traces.filter"),
        [],
        accept_new_options=True,
        select_all=False,
        placeholder=text("traces.filter_hint"),
        key="queue-where",
    )
    since = st.selectbox(
        text("sidebar.range"),
        AGES,
        index=AGES.index("30d"),
        format_func=section("ranges").__getitem__,
        key="queue-since",
        width=260,
    )
    where = [list(one) for one in conditions.trace_conditions(chosen)]
    return {"kind": "filter", "where": where, "since": since}


def _run(project: str | None) -> dict[str, Any] | None:
    runs = {
        row["id"]: row["display_name"] or row["name"] or row["id"]
        for row in data.evaluations(project, scope.current().window).rows
    }
    run = st.selectbox(
        text("evaluations.columns.name"),
        list(runs),
        format_func=runs.__getitem__,
        key="queue-run",
    )
    return {"kind": "evaluation", "id": run} if run else None


def _form(form: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names, kinds = section("review.fields"), section("review.kinds")
    config = st.column_config
    table: Any = review.form_table(form)
    edited = st.data_editor(
        table,
        num_rows="dynamic",
        key="queue-form",
        hide_index=True,
        column_config={
            "name": config.TextColumn(names["name"], required=True, width=120),
            "kind": config.SelectboxColumn(
                names["kind"],
                options=list(KINDS),
                format_func=lambda kind: kinds.get(str(kind), str(kind)),
                required=True,
                width=90,
            ),
            "title_en": config.TextColumn(names["title_en"], width=150),
            "title_ko": config.TextColumn(names["title_ko"], width=150),
            "min": config.NumberColumn(names["min"], step=1, width=50),
            "max": config.NumberColumn(names["max"], step=1, width=50),
            "labels": config.TextColumn(names["labels"], width=140),
            "required": config.CheckboxColumn(names["required"], width=70),
            "corrects": config.CheckboxColumn(names["corrects"], width=70),
        },
    )
    return list(edited)
