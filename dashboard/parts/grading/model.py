"""The dialog that runs a model on a dataset, with trials: prompt, cost, start."""

from typing import Any

import streamlit as st

from dashboard import data, roles
from dashboard.data import Sample
from dashboard.parts import states
from dashboard.parts.grading import choosing, progress
from dashboard.parts.grading.dialog import estimate_line
from dashboard.shaping import numbers
from dashboard.shaping.markdown import plain
from dashboard.texts import text
from tracer.errors import ConfigurationError
from tracer.worker import templates
from tracer.worker.estimating import JobEstimate, of_model

MOST_TRIALS = 20
MOST_SHOWN = 2000


@roles.for_editors
def button(name: str, project: str, version: str) -> None:
    """Offer to run a model on a dataset's version."""
    if roles.may("edit") and st.button(
        text("running.button"),
        icon=":material/smart_toy:",
        help=text("running.help"),
        key="run-model",
    ):
        st.session_state.pop("grading-job", None)
        ask = st.dialog(text("running.title"), width="large")(_dialog)
        ask(name, project, version)


@states.explained()
def _dialog(name: str, project: str, version: str) -> None:
    if started := st.session_state.get("grading-job"):
        progress.watch(started, project)
        return
    split = choosing.split(name, project, version, key="run")
    rows = {"dataset": name, "version": version, **({"split": split} if split else {})}
    found = data.sample("run_model", rows, project)
    if not found.n_rows:
        st.info(text("grading.nothing"), icon=":material/filter_alt_off:")
        return
    asked = _asked(found)
    left, right = st.columns(2, gap="large")
    with left:
        metrics = choosing.metrics(found.rows, key="run", with_outputs=False)
    with right:
        judges = choosing.judges(project, found.rows, key="run", with_outputs=False)
    estimate = _estimate(asked, [one.judge for one in judges], found)
    if estimate is None:
        return
    limit = estimate_line(estimate, key="run")
    progress.worker_line(needs_key=True)
    if st.button(
        text("grading.start"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=metrics is None or not asked["model"],
        help=None if asked["model"] else text("running.needs_model"),
        key="run-start",
    ):
        ids = [one.id for one in judges]
        more = {"metrics": metrics, "judges": ids, "spending_limit_usd": limit}
        params = rows | asked | more
        params = {key: one for key, one in params.items() if one is not None}
        st.session_state["grading-job"] = data.start_job("run_model", params, project)
        st.rerun(scope="fragment")


def _asked(found: Sample) -> dict[str, Any]:
    """Ask which model is run and how; return it as a job has it."""
    columns = list(dict.fromkeys(key for row in found.rows for key in row["inputs"]))
    first, second = st.columns([2.4, 4])
    with first:
        model = st.text_input(
            text("running.model"), placeholder="gpt-4o-mini", key="run-model-name"
        )
    with second:
        settings = _settings(found.n_rows)
    system, prompt = _prompts(columns)
    _preview(prompt, system, found.rows[0]["inputs"])
    told = {"model": model.strip(), "system": system or None, "prompt": prompt}
    return told | settings


def _settings(n_rows: int) -> dict[str, Any]:
    """Ask how warm, how often, on how many rows and how long the model answers."""
    first, second, third, fourth = st.columns(4)
    with first:
        temperature = st.number_input(
            text("running.temperature"),
            min_value=0.0,
            max_value=2.0,
            value=None,
            step=0.1,
            placeholder=text("running.own"),
            key="run-temperature",
        )
    with second:
        trials = st.number_input(
            text("running.trials"), 1, MOST_TRIALS, 1, key="run-trials"
        )
    with third:
        limit = st.number_input(
            text("running.rows"), 1, n_rows, n_rows, key=f"run-rows-{n_rows}"
        )
    with fourth:
        most = st.number_input(
            text("running.tokens"), 1, 100_000, 1024, key="run-tokens"
        )
    return {
        "temperature": temperature,
        "trials": int(trials),
        "limit": int(limit),
        "max_output_tokens": int(most),
    }


def _prompts(columns: list[str]) -> tuple[str, str]:
    left, right = st.columns(2)
    with left:
        prompt = st.text_area(
            text("running.prompt"),
            value=templates.prefilled(columns),
            height=120,
            help=text("running.prompt_help"),
            key="run-prompt",
        )
        st.caption(" ".join(f"`{{{column}}}`" for column in columns))
    with right:
        system = st.text_area(text("running.system"), height=120, key="run-system")
    return system, prompt


def _preview(prompt: str, system: str, inputs: dict[str, Any]) -> None:
    """Show what the model is sent for the first row."""
    with st.expander(text("running.preview")):
        try:
            sent = templates.messages(prompt, inputs, system=system or None)
        except ConfigurationError:
            return
        for message in sent:
            st.caption(plain(message["role"]))
            shown = str(message["content"])[:MOST_SHOWN]
            st.code(shown, language=None, wrap_lines=True)


def _estimate(
    asked: dict[str, Any], judges: list[Any], found: Sample
) -> JobEstimate | None:
    """Return what it will cost; None where the prompt names what is no column."""
    if not asked["prompt"].strip():
        st.warning(text("running.needs_prompt"))
        return None
    try:
        return of_model(
            asked,
            judges,
            found.rows,
            n_rows=min(asked["limit"], found.n_rows),
            price=data.price(asked["model"]) if asked["model"] else None,
        )
    except ConfigurationError:
        columns = {key for row in found.rows for key in row["inputs"]}
        unknown = ", ".join(
            templates.lacking(f"{asked['prompt']} {asked['system'] or ''}", columns)
        )
        named = numbers.NOTHING if not unknown else plain(unknown)
        st.warning(text("running.no_column", columns=named))
        return None
