"""Runs against a baseline: which score differs by more than noise, and where."""

from collections.abc import Sequence

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import choices, components, heading
from dashboard.parts.figures import charts
from dashboard.parts.runs import deciding, one, pairing
from dashboard.parts.runs.pair import Pairing
from dashboard.parts.runs.placeholder import while_reading
from dashboard.shaping.markdown import plain
from dashboard.shaping.runs import comparisons, evaluations
from dashboard.texts import in_words, section, text
from tracer._client.records import EvaluationRun
from tracer.stats import RunPair

MOST_MORE = 5
SECTIONS = {
    "examples": pairing.draw,
    "slices": deciding.slices,
    "measures": deciding.measures,
    "gate": deciding.gate,
}


def draw(baseline_id: str, candidate_ids: Sequence[str]) -> None:
    """Draw the comparison that the address names.

    Args:
        baseline_id: The run that is measured against.
        candidate_ids: The others, the first one the address's own.
    """
    one.back()
    heading.draw(text("compare.title"))
    candidates = tuple(id for id in dict.fromkeys(candidate_ids) if id != baseline_id)
    with while_reading(560):
        opened = data.opened(*dict.fromkeys((baseline_id, *candidate_ids)))
        runs = {run.id: run for run in opened}
        data.ahead(lambda: data.comparable(runs[candidate_ids[0]].row))
        pairs = data.compared(baseline_id, candidates) if candidates else []
        others = data.comparable(runs[candidate_ids[0]].row)
    _pickers(runs, baseline_id, candidate_ids, others)
    if not pairs:
        st.info(text("compare.same"))
        return
    _scores(pairs, runs)
    _sections(pairs, runs)


def _scores(pairs: Sequence[RunPair], runs: dict[str, EvaluationRun]) -> None:
    verdicts, points = section("compare.verdicts"), text("formats.points")
    several = len(pairs) > 1
    names = {id: evaluations.short_name(run.row) or id for id, run in runs.items()}
    with charts.panel(text("compare.scores")):
        components.table(
            comparisons.columns(section("compare.columns"), several=several),
            comparisons.pair_rows(pairs, names, verdicts, points=points)
            if several
            else comparisons.rows(pairs[0].scores, verdicts, points=points),
            key="compared",
            label=text("compare.scores"),
            height_px=460 if several else None,
        )
        st.caption(text("compare.note"))
        with st.expander(text("compare.reading"), icon=":material/help:"):
            st.markdown(text("compare.reading_body"))
        _aloud(pairs, runs)


def _aloud(pairs: Sequence[RunPair], runs: dict[str, EvaluationRun]) -> None:
    """Say what was not paired, and what has no part in the comparison."""
    several, told = len(pairs) > 1, []
    if several and (names := comparisons.uncompared(pairs)):
        told.append(text("compare.uncompared", scores=plain(", ".join(names))))
    summaries = [run.summary for run in runs.values()]
    if names := comparisons.beside(summaries):
        told.append(text("compare.beside", scores=plain(", ".join(names))))
    for pair in pairs:
        run, old = runs[pair.candidate], runs[pair.baseline]
        name = f"{plain(evaluations.short_name(run.row))}: " if several else ""
        if alone := comparisons.unpaired(pair.scores):
            said = text("compare.unpaired", scores=plain(", ".join(alone)))
            st.warning(name + said, icon=":material/link_off:")
        lines = comparisons.left_out(
            pair.scores, old.summary, run.summary, section("compare")
        )
        if old.row["dataset_version"] != run.row["dataset_version"]:
            lines = [text("compare.versions"), *lines]
        told += [name + plain(line) for line in lines]
    if told:
        with st.expander(text("compare.left_out", n=len(told))):
            st.caption("  \n".join(told))


def _sections(pairs: Sequence[RunPair], runs: dict[str, EvaluationRun]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        shown = choices.segmented(
            text("evaluations.section"),
            list(SECTIONS),
            names=section("compare.sections"),
            param="tab",
            label_visibility="collapsed",
        )
        by_candidate = {pair.candidate: pair for pair in pairs}
        chosen = pairs[0].candidate
        if len(pairs) > 1:
            chosen = choices.select(
                text("compare.candidate"),
                list(by_candidate),
                names={
                    id: evaluations.run_name(runs[id].row, scope.zone())
                    for id in by_candidate
                },
                param="pair",
            )
    pair = by_candidate[chosen]
    SECTIONS[shown](Pairing(runs[pair.baseline], runs[chosen], pair.scores))


def _pickers(
    runs: dict[str, EvaluationRun],
    baseline_id: str,
    candidate_ids: Sequence[str],
    others: Sequence[data.Row],
) -> None:
    rows = {id: run.row for id, run in runs.items()}
    rows |= {row["id"]: row for row in others}
    first, *more = candidate_ids
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _pick("baseline", "baseline", baseline_id, rows)
        _pick("candidate", "evaluation", first, rows)
        _also(more, [id for id in rows if id not in (baseline_id, first)], rows)

        def swap() -> None:
            address.change(baseline=first, evaluation=baseline_id)

        st.button(
            text("compare.swap"),
            icon=":material/swap_horiz:",
            on_click=swap,
            key="swap",
        )


def _pick(name: str, param: str, run_id: str, rows: dict[str, data.Row]) -> None:
    key = in_words(f"pick-{name}-{run_id}")
    st.selectbox(
        text(f"compare.{name}"),
        list(rows),
        index=list(rows).index(run_id),
        format_func=lambda id: evaluations.run_name(rows[id], scope.zone()),
        key=key,
        on_change=lambda: address.put(param, st.session_state[key]),
    )


def _also(
    chosen: Sequence[str], options: Sequence[str], rows: dict[str, data.Row]
) -> None:
    """Draw the choice of further candidates against the same baseline."""
    if not options:
        return
    key = f"also-{'|'.join(chosen)}"
    st.multiselect(
        text("compare.also"),
        options,
        default=[id for id in chosen if id in options],
        format_func=lambda id: evaluations.short_name(rows[id]) or id,
        max_selections=MOST_MORE,
        select_all=False,
        placeholder=text("compare.also_hint"),
        key=key,
        on_change=lambda: address.put_all("also", st.session_state[key]),
    )
