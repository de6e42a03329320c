"""Who grades: the judges of a project, made, tried and changed here."""

import streamlit as st

from dashboard import address, data, roles, scope
from dashboard.parts import components, heading, states
from dashboard.parts.components import Main
from dashboard.parts.grading import agreeing, judge, progress
from dashboard.shaping.grading import judges
from dashboard.texts import section, text
from tracer.errors import NotFoundError

NEW = "+"
"""What the address has for a judge that is being made; no id may be so."""

here = scope.current()
wanted, project = address.get("judge"), address.get("of") or here.project
known = [row["project"] for row in data.projects()]
if project is None and len(known) == 1:
    project = known[0]
if saved := st.session_state.pop("judge-saved", None):
    st.toast(text("judges.saved", name=saved), icon=":material/check:")
if project is None:
    heading.draw(text("judges.title"))
    if not known:
        states.nothing_yet("judges.empty", snippet="snippets.judge")
        st.stop()
    st.info(text("judges.needs_project"), icon=":material/folder_open:")
    st.stop()
found = data.judges(project)


def open_judge(row_id: str) -> None:
    """Put the judge of a row of the list into the address."""
    of, _, judge_id = row_id.partition("/")
    address.change(judge=judge_id, of=of)


if wanted == NEW:
    if roles.may("edit"):
        judge.new(project)
    else:
        states.for_editors()
    st.stop()
if wanted:
    row = next((one for one in found if one["id"] == wanted), None)
    if row is None:
        raise NotFoundError(f"judge {wanted!r} is not stored")
    judge.edit(row)
    st.stop()

with heading.with_tools(text("judges.title")):
    if roles.may("edit"):
        st.button(
            text("judges.new"),
            icon=":material/add:",
            type="primary",
            on_click=lambda: open_judge(f"{project}/{NEW}"),
            key="new-judge",
        )
progress.worker_line(needs_key=True)
if not found:
    states.nothing_yet("judges.empty", snippet="snippets.judge")
    st.stop()
components.table(
    judges.columns(section("judges.columns")),
    judges.rows(
        found,
        agreed=agreeing.of_judges(found),
    ),
    key="judges",
    label=text("judges.list"),
    on_open=open_judge,
    main=Main(),
)
