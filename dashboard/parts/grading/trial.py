"""Try a judge on one row: what it is told, what it replies, what that costs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import data, roles
from dashboard.parts import components, states
from dashboard.parts.grading import agreeing, progress
from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.conversation import messages
from dashboard.shaping.grading import jobs
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConfigurationError
from tracer.judges import Judge
from tracer.judges._columns import parts_of
from tracer.worker.estimating import on_paper

POLL_S: Final = 1.0
TALL: Final = 110
MOST_ROWS: Final = 200


def draw(definition: Mapping[str, Any], project: str) -> None:
    """Draw a row to try the judge on, the prompt, and the answer once asked."""
    judge = on_paper(definition)
    key = f"judge-asked-{project}-{judge.name}"
    st.subheader(text("judges.trial"), anchor=False)
    _prefill(judge, project)
    columns = _columns(judge)
    output = columns.pop("output", None)
    progress.worker_line(needs_key=True)
    if roles.may("edit") and st.button(
        text("judges.ask"),
        icon=":material/play_arrow:",
        disabled=any(not one for one in (*columns.values(), output or "-")),
        help=text("judges.ask_help"),
        key="judge-ask",
    ):
        params: dict[str, Any] = {"definition": dict(definition), "columns": columns}
        if output:
            params["output"] = output
        started = data.start_job("ask_judge", params, project)
        st.session_state[key] = started
    if asked := st.session_state.get(key):
        ended = st.session_state.get(f"job-{asked}")
        st.fragment(_answer, run_every=None if ended else POLL_S)(asked, project)
    _told(judge, columns, output)


def _prefill(judge: Judge[Any], project: str) -> None:
    """Offer rows of datasets to fill the texts with."""
    n_rows = {row["name"]: row["n_rows"] for row in data.datasets(project)}
    if not n_rows:
        return
    left, right, press = st.columns([3, 1, 1], vertical_alignment="bottom")
    with left:
        names = list(n_rows)
        name = st.selectbox(text("judges.from_dataset"), names, key="judge-dataset")
    with right:
        most = max(1, n_rows[name])
        number = st.number_input(text("judges.row"), 1, most, 1, key="judge-row")
    with press:
        # No callback: it would have the judge of the run before. The texts are drawn
        # further down, so that they can still be given their values here.
        asked = st.button(
            text("judges.fill"),
            icon=":material/south:",
            disabled=not n_rows[name],
            key="judge-fill",
        )
        if asked and (row := data.dataset_row(name, project, int(number) - 1)):
            _fill(judge, row)


def _fill(judge: Judge[Any], row: data.Row) -> None:
    """Fill the texts with a row."""
    inputs = row.get("inputs") or {}
    given = {**inputs, "expected": row.get("expected"), "output": row.get("output")}
    for part in judge.needs:
        try:
            found = parts_of(judge.name, [part], given, {})
        except ConfigurationError:
            found = {}
        st.session_state[f"judge-part-{part}"] = "\n\n".join(found.values())


def _columns(judge: Judge[Any]) -> dict[str, str]:
    """Ask for each part that the judge is shown; return them by name."""
    names = section("grading.columns")
    found = {}
    for place, part in zip(
        st.columns(max(1, len(judge.needs))), judge.needs, strict=False
    ):
        with place:
            found[part] = st.text_area(
                names.get(part, part), height=TALL, key=f"judge-part-{part}"
            )
    return found


def _told(judge: Judge[Any], columns: Mapping[str, str], output: str | None) -> None:
    """Show what the judge model is told of the row."""
    with st.expander(text("judges.told")):
        given = {name: one or f"({name})" for name, one in columns.items()}
        question = judge.first_question(output or "(output)", given)
        if question is not None:
            _talk(question.messages, key="judge-told")


def _talk(said: Sequence[Mapping[str, Any]], *, key: str) -> None:
    shown = [messages.value_message(one["role"], one["content"]) for one in said]
    components.conversation(shown, key=key)


@states.explained()
def _answer(job_id: str, project: str) -> None:
    """Draw the job of a trial: that it waits, what came of it."""
    job = st.session_state.get(f"job-{job_id}") or data.job(job_id, project)
    if job["state"] not in jobs.ENDED:
        st.progress(0.5, text=text("judges.asking"))
        return
    st.session_state[f"job-{job_id}"] = job
    if job["state"] != "done":
        st.error(plain(job["message"] or text("jobs.states.cancelled")))
        return
    result = job["result"]
    names = section("judges.columns")
    components.table(
        [
            Column("name", names["name"], "max-content"),
            Column("value", names["value"], "max-content", end=True),
            Column("why", names["why"], "minmax(160px, 1fr)", wrap=True),
        ],
        _verdict_rows(result["scores"]),
        key=f"judge-verdict-{job_id}",
        label=text("judges.verdict"),
    )
    st.caption(
        text(
            "judges.cost",
            requests=numbers.plural(result["requests"], text("judges.calls")),
            read=numbers.compact(result["input_tokens"]),
            written=numbers.compact(result["output_tokens"]),
            cost=plain(numbers.money(result["cost_usd"])),
        )
    )
    with st.expander(text("judges.reply")):
        for number, one in enumerate(result["said"]):
            replied = {"role": "assistant", "content": one["reply"]}
            _talk([*one["messages"], replied], key=f"judge-said-{job_id}-{number}")


def _verdict_rows(scores: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        cells.row(
            str(number),
            name=cells.words(one["name"]),
            value=one["error"] or one["label"] or _value(one["value"]),
            why=cells.words(one["explanation"], soft=True),
        )
        for number, one in enumerate(scores)
    ]


def _value(value: float | bool | None) -> str:
    if isinstance(value, bool):
        return text("score.pass" if value else "score.fail")
    return numbers.figure(value)


def agreement(definition: Mapping[str, Any], project: str) -> None:
    """Draw how far the judge agrees with people about the same outputs."""
    found = agreeing.by_score(definition, project)
    rows = [
        cells.row(
            name,
            name=cells.words(name),
            n=numbers.count(one.n),
            exact=agreeing.with_interval(one.exact, one.exact_ci95),
            kappa=agreeing.kappa(one),
            difference=numbers.signed(one.mean_difference),
        )
        for name, one in found.items()
        if one is not None
    ]
    st.subheader(text("judges.agreement"), anchor=False)
    if not rows:
        st.caption(text("judges.no_agreement", name=plain(next(iter(found)))))
        return
    texts = section("judges.agrees")
    keys = ("n", "exact", "kappa", "difference")
    components.table(
        [
            Column("name", texts["name"], "max-content"),
            *(Column(key, texts[key], "max-content", end=True) for key in keys),
        ],
        rows,
        key="judge-agreement",
        label=text("judges.agreement"),
    )
    st.caption(text("judges.agreement_note"))
