"""Work that takes long: who asked for what, how far it is, and what came of it."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import components, heading, states
from dashboard.parts.components import Main
from dashboard.parts.grading import progress
from dashboard.shaping.grading import jobs
from dashboard.texts import section, text

here = scope.current()
job_id = address.get("job")


if job_id:
    st.button(
        text("jobs.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=address.close,
        args=("job",),
    )
    progress.watch(job_id, address.get("of") or here.project or "")
    st.stop()

heading.draw(text("jobs.title"))
progress.worker_line(needs_key=False)


def open_job(row_id: str) -> None:
    """Put the job of a row of the list into the address."""
    project, _, wanted = row_id.rpartition("/")
    address.change(job=wanted, of=project)


@st.fragment(run_every="3s")
@states.explained()
def draw_list() -> None:
    """Draw the list, and again every few seconds."""
    found = data.jobs(here.project)
    if not found:
        states.nothing_yet("jobs.empty", snippet="snippets.job")
        return
    components.table(
        jobs.columns(section("jobs.columns")),
        jobs.rows(
            found,
            states=section("jobs.states"),
            kinds=section("jobs.kinds"),
            subjects=section("jobs.subjects"),
        ),
        key="jobs",
        label=text("jobs.list"),
        height_px=700,
        on_open=open_job,
        main=Main(),
    )
    if len(found) == data.MOST_JOBS:
        st.caption(text("jobs.newest", n=data.MOST_JOBS))


draw_list()
