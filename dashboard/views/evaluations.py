"""Is it good, and is it better: evaluation runs, one run, and two of them compared."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import compare_view, components, pager, peek, run_view, states
from dashboard.shaping import evaluations
from dashboard.texts import section, text

here = scope.current()
run_id, baseline_id = address.get("evaluation"), address.get("baseline")
if run_id and baseline_id:
    compare_view.draw(baseline_id, run_id)
elif run_id:
    run_view.draw(run_id)
if run_id:
    peek.draw()
    st.stop()

st.header(text("evaluations.title"), anchor=False)
found = data.evaluations(
    here.project,
    here.window,
    cursor=pager.cursor("runs", (here.project, address.get("range"))),
)
if not found.rows:
    states.nothing_in_period("evaluations.empty", here, snippet="snippets.evaluation")
    st.stop()
summaries = data.summaries_of(found.rows)
names = evaluations.score_names(summaries.values())
checked = components.table(
    evaluations.run_columns(section("evaluations.columns"), names),
    evaluations.run_rows(
        found.rows,
        summaries,
        section("evaluations"),
        names=names,
        statuses=section("statuses"),
    ),
    key="runs",
    label=text("evaluations.list"),
    checkable=True,
    on_open=lambda wanted: address.put("evaluation", wanted),
)


def compare() -> None:
    """Compare the two checked runs, the older one as the baseline."""
    newest_first = [run["id"] for run in found.rows if run["id"] in checked]
    address.put("evaluation", newest_first[0])
    address.put("baseline", newest_first[-1])


with st.container(horizontal=True, vertical_alignment="center"):
    st.button(
        text("evaluations.compare"),
        icon=":material/compare_arrows:",
        type="primary" if len(checked) == 2 else "secondary",
        disabled=len(checked) != 2,
        help=text("evaluations.compare_hint"),
        on_click=compare,
        key="compare",
    )
    pager.draw("runs", len(found.rows), next_cursor=found.next, unit="counts.run")
