"""What do people say: annotation queues, item by item, and how far they agree."""

import streamlit as st

from dashboard import address, data, roles, scope
from dashboard.parts import components, heading, states
from dashboard.parts.components import Main
from dashboard.parts.review import edit, view
from dashboard.parts.traces import peek
from dashboard.shaping import review
from dashboard.texts import section, text

here = scope.current()
queue_id = address.get("queue")
if queue_id:
    view.draw(queue_id, address.get("of") or here.project)
    peek.draw()
    st.stop()


def open_queue(row_id: str) -> None:
    """Put the queue of a row of the list into the address."""
    project, _, wanted = row_id.partition("/")
    address.change(queue=wanted, of=project)


with heading.with_tools(text("review.title")):
    if roles.may("edit") and st.button(
        text("review.new"), icon=":material/add:", type="primary", key="new-queue"
    ):
        edit.open_dialog()
found = data.queues(here.project, view.author())
if not found:
    states.nothing_yet("review.empty", snippet="snippets.review")
    st.stop()
components.table(
    review.queue_columns(section("review.list_columns")),
    review.queue_rows(found, section("review.sources")),
    key="queues",
    label=text("review.list"),
    on_open=open_queue,
    main=Main(),
)
