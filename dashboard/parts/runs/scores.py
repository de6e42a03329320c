"""Every score of a run with what it is worth, and what the run took."""

import streamlit as st

from dashboard import address
from dashboard.parts import components
from dashboard.parts.figures import charts
from dashboard.parts.runs.chosen import chosen_score
from dashboard.shaping.markdown import plain
from dashboard.shaping.runs import evaluations, scores
from dashboard.texts import section, text
from tracer._client.records import EvaluationRun
from tracer.stats import ScoreSummary


def draw(run: EvaluationRun) -> None:
    """Draw the table of scores, and one of them closer."""
    if not run.summary:
        st.caption(text("evaluations.no_scores"))
        return
    words = section("evaluations.figures")
    components.table(
        scores.columns(words),
        scores.rows(
            run.summary,
            words,
            points=text("formats.points"),
            lower=run.lower_is_better,
        ),
        key="scores",
        label=text("evaluations.all_scores"),
        selected=address.get("score"),
        on_open=lambda name: address.put("score", name),
    )
    st.caption(text("evaluations.scores_note"))
    if any(summary.beside for summary in run.summary.values()):
        st.caption(text("evaluations.beside_note"))
    name = chosen_score(run.summary, labels=True)
    if name is None:
        return
    summary = run.summary[name]
    left, right = st.columns([3, 2], gap="medium")
    with left, charts.panel(text("evaluations.distribution", score=name)):
        components.table(
            scores.distribution_columns(words, labels=summary.type == "label"),
            scores.distribution(summary, run.sums, words),
            key="distribution",
            label=text("evaluations.distribution", score=name),
        )
        if quantiles := scores.quantiles(summary, words):
            st.caption(plain(quantiles))
    with right, charts.panel(text("evaluations.sees")):
        _worth(summary)


def _worth(summary: ScoreSummary) -> None:
    lines = evaluations.noise(summary, section("evaluations"))
    for line in lines:
        st.markdown(f"- {plain(line)}")
    if lines and summary.noise_sd:
        _plan(summary)
    if not lines:
        st.caption(text("evaluations.no_noise"))


def _plan(summary: ScoreSummary) -> None:
    """Draw how many examples and trials would show a difference that is asked for."""
    is_share = summary.type == "bool"
    unit = 100.0 if is_share else 1.0
    seen = (summary.detectable_difference or 0.0) * unit
    asked = st.number_input(
        text("evaluations.wanted_points" if is_share else "evaluations.wanted"),
        min_value=seen / 1000,
        value=scores.rounded(seen / 2),
        format=None if is_share else "%.3g",
        key=f"plan-{summary.name}",
    )
    words = section("evaluations.figures")
    components.table(
        scores.plan_columns(words),
        scores.plan_rows(summary.plan(asked / unit, trials=scores.PLANNED_TRIALS)),
        key="plan",
        label=text("evaluations.plan"),
    )
    st.caption(text("evaluations.plan_note"))


def draw_measures(run: EvaluationRun) -> None:
    """Draw latency, tokens, cost and failures with their intervals."""
    if not run.measures:
        st.caption(text("evaluations.no_rows"))
        return
    components.table(
        scores.measure_columns(section("evaluations.figures")),
        scores.measure_rows(run.measures, section("evaluations.measures")),
        key="measures",
        label=text("evaluations.sections.measures"),
    )
    st.caption(text("evaluations.measures_note"))
