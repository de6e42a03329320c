"""A job while it runs, and what came of it: progress, cost, faults, the way there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import components, states
from dashboard.shaping import numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.grading import jobs
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

POLL_S: Final = 1.5
"""How often a job that runs is looked at."""


def watch(job_id: str, project: str) -> None:
    """Draw a job, again and again until it has ended."""
    # what ended may have been tried again since, by somebody else
    st.session_state.pop(f"job-{job_id}", None)
    ended = data.job(job_id, project)["state"] in jobs.ENDED
    drawn = st.fragment(_watched, run_every=None if ended else POLL_S)
    drawn(job_id, project)


def _ended(job_id: str) -> data.Row | None:
    kept: data.Row | None = st.session_state.get(f"job-{job_id}")
    return kept


@states.explained()
def _watched(job_id: str, project: str) -> None:
    job = _ended(job_id) or data.job(job_id, project)
    if job["state"] in jobs.ENDED:
        st.session_state[f"job-{job_id}"] = job
    _heading(job)
    if job["state"] not in jobs.ENDED:
        _running(job)
    else:
        _result(job)
    faults(job)
    _told(job)
    _actions(job)


def _heading(job: data.Row) -> None:
    kind = jobs.kind(job, section("jobs.kinds"))
    about = jobs.subject(job, section("jobs.subjects"))
    components.facts(
        [],
        key=f"job-title-{job['id']}",
        title=f"{kind} · {about}",
        badges=[jobs.badge(job, section("jobs.states"))],
        is_page=True,
    )
    components.facts(
        jobs.facts(job, section("jobs.facts")), key=f"job-facts-{job['id']}"
    )


def _running(job: data.Row) -> None:
    said = [jobs.counted(job)]
    if (left := jobs.left_s(job)) is not None:
        said.append(text("jobs.left", time=jobs.roughly(left)))
    if (cost := jobs.cost_usd(job)) is not None:
        said.append(numbers.money(cost))
    if job["cancel_requested"]:
        said.append(text("jobs.cancelling"))
    if job["state"] == "queued":
        said = [text("jobs.waiting")]
    st.progress(jobs.share(job), text=plain(" · ".join(said)))
    if job["state"] == "queued":
        worker_line(needs_key=False)


def _result(job: data.Row) -> None:
    known = jobs.known(job)
    if job["state"] == "failed":
        st.error(plain(jobs.briefly(job["message"])), icon=":material/error:")
    if jobs.state(job) == "limit":
        left = numbers.count(known.get("n_left"))
        cost = numbers.money(jobs.cost_usd(job))
        st.warning(text("jobs.limit_reached", cost=cost, n=left))
    said = [text(f"jobs.sums.{name}", n=value) for name, value in _sums(job)]
    if said:
        st.markdown(plain(" · ".join(said)))
    _links(job, known)


def _sums(job: data.Row) -> list[tuple[str, str]]:
    known = jobs.known(job)
    found = [
        (name, numbers.count(known[name]))
        for name in ("n_predictions", "n_scored", "n_skipped", "errors")
        if known.get(name)
    ]
    cost = jobs.cost_usd(job)
    return found + ([] if cost is None else [("cost", numbers.money(cost))])


def _links(job: data.Row, known: Mapping[str, Any]) -> None:
    project = job["project"]
    if run := known.get("evaluation_id"):
        st.page_link(
            "views/evaluations.py",
            label=text("jobs.open_run"),
            icon=":material/science:",
            query_params=address.with_scope(project=project, evaluation=run),
        )
    if job["kind"] == "score_traces" and (names := known.get("scores")):
        _scored_traces(job, f"score.{names[0]} exists")


def _scored_traces(job: data.Row, condition: str) -> None:
    """Lead to the traces that have the score.

    On the page of traces itself a link would change nothing: what its widgets hold
    counts for more than the address.
    """
    label, icon = text("jobs.open_traces"), ":material/account_tree:"
    if st.session_state.get("page") == "traces":
        if st.button(
            label,
            icon=icon,
            type="tertiary",
            on_click=_filter_by,
            args=(condition,),
            key=f"scored-{job['id']}",
        ):
            st.rerun()
        return
    st.page_link(
        "views/traces.py",
        label=label,
        icon=icon,
        query_params=address.with_scope(
            project=job["project"],
            filter=condition,
            origin=job["params"].get("origin"),
        ),
    )


def _filter_by(condition: str) -> None:
    st.session_state["filter"] = [condition]
    data.forget()


def faults(job: data.Row) -> None:
    """Draw why scores failed, the commonest cause first, and on which rows."""
    known = jobs.known(job)
    if not jobs.errors(job):
        return
    label = text("jobs.failed_scores", n=numbers.count(jobs.errors(job)))
    with st.expander(label, icon=":material/report:"):
        for cause, n in known.get("causes") or []:
            st.markdown(f"- {numbers.count(n)} × {plain(jobs.briefly(cause))}")
        if failures := known.get("failures"):
            names = section("jobs.columns")
            components.table(
                [
                    Column("target", names["target"], "max-content"),
                    Column("score", names["score"], "max-content"),
                    Column("said", names["said"], "minmax(120px, 1fr)", wrap=True),
                ],
                jobs.failure_rows(failures),
                key=f"job-faults-{job['id']}",
                label=label,
                height_px=260,
                on_open=_remember_fault,
            )
            _open_fault(job, failures)


def _remember_fault(row_id: str) -> None:
    st.session_state["job-fault"] = int(row_id.partition("/")[0])


def _open_fault(job: data.Row, failures: Sequence[data.Row]) -> None:
    """Go to the trace that failed, or to the run whose example did."""
    number = st.session_state.pop("job-fault", None)
    if number is None:
        return
    project = job["project"]
    if trace_id := failures[number].get("trace_id"):
        place = {"trace": trace_id, "origin": "all"}
        view = "views/traces.py"
    else:
        place = {"evaluation": jobs.known(job).get("evaluation_id"), "show": "errors"}
        view = "views/evaluations.py"
    st.switch_page(view, query_params=address.with_scope(project=project, **place))


def _told(job: data.Row) -> None:
    """Offer to see what the model of a job is told."""
    params = job["params"]
    told = [params[name] for name in ("system", "prompt") if params.get(name)]
    if told:
        with st.expander(text("jobs.told"), type="compact"):
            for one in told:
                st.code(one, language=None, wrap_lines=True)


def _actions(job: data.Row) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not roles.may("edit"):
            pass  # who may only look sees how it goes
        elif job["state"] not in jobs.ENDED:
            _cancel(job)
        elif jobs.can_retry(job):
            _retry(job)
        if st.session_state.get("page") != "jobs":  # there the way back is at the top
            st.page_link(
                "views/jobs.py",
                label=text("jobs.all"),
                icon=":material/checklist:",
                query_params=address.with_scope(),
            )


def _cancel(job: data.Row) -> None:
    if st.button(
        text("jobs.cancel"),
        icon=":material/stop_circle:",
        disabled=bool(job["cancel_requested"]),
        key=f"cancel-{job['id']}",
    ):
        data.cancel_job(job["id"], job["project"])
        st.rerun(scope="fragment")


def _retry(job: data.Row) -> None:
    params: dict[str, Any] = {}
    held = job["params"].get("spending_limit_usd")
    if held is not None:
        limit = st.number_input(
            text("grading.limit"),
            min_value=0.0,
            value=float(held) * (2 if jobs.state(job) == "limit" else 1),
            step=0.01,
            format="%.2f",
            width=160,
            key=f"retry-limit-{job['id']}",
        )
        params["spending_limit_usd"] = limit
    if st.button(
        text("jobs.retry"),
        icon=":material/replay:",
        help=text("jobs.retry_help"),
        key=f"retry-{job['id']}",
    ):
        st.session_state.pop(f"job-{job['id']}", None)
        data.retry_job(job["id"], job["project"], params)
        # the whole page begins to watch it again; a dialog would be closed by that
        is_page = st.session_state.get("page") == "jobs"
        st.rerun(scope="app" if is_page else "fragment")


def worker_line(*, needs_key: bool) -> None:
    """Say who works and where models are asked; how to start a worker if none does."""
    found = jobs.alive(data.workers())
    if not found:
        st.warning(text("jobs.no_worker"), icon=":material/engineering:")
        st.code(text("snippets.worker", endpoint=_collector()), language="shell")
        return
    url = str(found[0]["about"].get("base_url") or numbers.NOTHING).replace("`", "")
    workers = numbers.plural(len(found), text("jobs.worker"))
    st.caption(text("jobs.works", workers=workers, url=url))
    if needs_key and not any(one["about"].get("has_key") for one in found):
        st.warning(text("jobs.no_key"), icon=":material/key_off:")


def _collector() -> str:
    return str(st.secrets["collector"]["url"])


def sidebar(project: str | None) -> None:
    """Draw one line in the sidebar while jobs wait or run."""
    with st.sidebar:
        st.fragment(_sidebar_line, run_every=SIDEBAR_S)(project)


SIDEBAR_S: Final = 5
"""How often the sidebar looks for jobs."""


@states.explained()
def _sidebar_line(project: str | None) -> None:
    found = data.open_jobs(project)
    if not found:
        return
    running = [job for job in found if job["state"] == "running"]
    n_waiting = len(found) - len(running)
    said = [numbers.plural(len(running), text("jobs.run_now"))] if running else []
    said += [numbers.plural(n_waiting, text("jobs.wait_now"))] if n_waiting else []
    st.page_link(
        "views/jobs.py",
        label=" · ".join(said),
        icon=":material/hourglass_top:",
        query_params=address.with_scope(),
    )
