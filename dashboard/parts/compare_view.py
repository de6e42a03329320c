"""Two evaluation runs: which score differs by more than noise, on which examples."""

from collections.abc import Sequence

import streamlit as st

from dashboard import address, data
from dashboard.parts import charts, choices, components, run_view
from dashboard.shaping import comparisons, evaluations
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.stats import ScoreComparison, compare


def draw(baseline_id: str, candidate_id: str) -> None:
    """Draw the comparison that the address names."""
    st.button(
        text("evaluations.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=run_view.close,
    )
    st.header(text("compare.title"), anchor=False)
    old, new = data.evaluation(baseline_id), data.evaluation(candidate_id)
    _pickers(old.row, new.row)
    if baseline_id == candidate_id:
        st.info(text("compare.same"))
        return
    compared = compare(old.sums, new.sums)
    with charts.panel(text("compare.scores")):
        components.table(
            comparisons.columns(section("compare.columns")),
            comparisons.rows(
                compared,
                section("compare.verdicts"),
                points=text("formats.points"),
            ),
            key="compared",
            label=text("compare.scores"),
        )
        st.caption(text("compare.note"))
        for line in comparisons.left_out(
            compared,
            data.summaries(baseline_id),
            data.summaries(candidate_id),
            section("compare"),
        ):
            st.caption(plain(line))
    with charts.panel(text("compare.examples")):
        _examples(compared, baseline_id, candidate_id)


def _examples(
    compared: Sequence[ScoreComparison], baseline_id: str, candidate_id: str
) -> None:
    measured = [
        score.name for score in compared if score.type != "label" and score.n_examples
    ]
    if not measured:
        st.caption(text("compare.no_pairs"))
        return
    chosen = choices.segmented(
        text("evaluations.score"),
        measured,
        names={name: name for name in measured},
        param="score",
        label_visibility="collapsed",
    )
    rows = comparisons.example_rows(
        data.summaries(baseline_id)[chosen],
        data.summaries(candidate_id)[chosen],
        old=data.predictions(baseline_id),
        new=data.predictions(candidate_id),
    )
    components.table(
        comparisons.example_columns(section("compare.columns")),
        rows[: run_view.MOST_DRAWN],
        key="compared-examples",
        label=text("compare.examples"),
        height_px=520,
        on_open=lambda trace_id: address.put("trace", trace_id),
    )
    run_view.drawn(len(rows))


def _pickers(old: data.Row, new: data.Row) -> None:
    runs = {row["id"]: row for row in [old, new, *data.comparable(new)]}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, param, row in (
            ("baseline", "baseline", old),
            ("candidate", "evaluation", new),
        ):
            key = f"pick-{name}-{row['id']}"
            st.selectbox(
                text(f"compare.{name}"),
                list(runs),
                index=list(runs).index(row["id"]),
                format_func=lambda id: evaluations.run_name(runs[id]),
                key=key,
                on_change=lambda key=key, param=param: address.put(
                    param, st.session_state[key]
                ),
            )

        def swap() -> None:
            address.put("baseline", new["id"])
            address.put("evaluation", old["id"])

        st.button(
            text("compare.swap"),
            icon=":material/swap_horiz:",
            on_click=swap,
            key="swap",
        )
