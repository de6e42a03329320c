"""What a run was made of: its dataset, its scorers, its facts, its own views."""

from collections.abc import Sequence

import streamlit as st

from dashboard import address, data
from dashboard.parts import components
from dashboard.parts.figures import charts
from dashboard.parts.runs.placeholder import while_reading
from dashboard.shaping import numbers
from dashboard.shaping.markdown import disarmed, plain
from dashboard.shaping.runs import evaluations, scorers
from dashboard.texts import section, text
from tracer._client.records import EvaluationRun

MOST_CHARACTERS = 100_000
"""Of a view; a browser stalls over more."""


def draw(run: EvaluationRun) -> None:
    """Draw everything that is known of the run besides its figures."""
    with while_reading(240):
        data.ahead(lambda: data.views(run.id))
        given, views = data.given_scores(run.row), data.views(run.id)
    row = run.row
    if row["dataset"]:
        st.page_link(
            "views/datasets.py",
            label=text("evaluations.open_dataset", name=plain(row["dataset"])),
            icon=":material/dataset:",
            query_params=address.with_scope(
                dataset=row["dataset"],
                of=row["project"],
                version=row["dataset_version"],
            ),
        )
    with charts.panel(text("evaluations.scorers")):
        components.table(
            scorers.columns(section("evaluations.scorer_columns")),
            scorers.rows(
                given,
                row["scorers"] or (),
                section("evaluations"),
                sources=section("scores.sources"),
            ),
            key="scorers",
            label=text("evaluations.scorers"),
        )
        if n_late := sum(one["n_late"] for one in given):
            st.caption(text("evaluations.late", n=numbers.count(n_late)))
    with charts.panel(text("evaluations.metadata")):
        components.facts(
            evaluations.metadata_facts(row, section("evaluations.facts")),
            key="run-metadata",
        )
    _views(views)


def _views(views: Sequence[data.Row]) -> None:
    """Show the run's own views: Markdown without HTML and images, all else as text."""
    for view in views:
        with st.expander(plain(view["name"])):
            content = view["content"]
            if view["media_type"] == "text/markdown":
                st.markdown(disarmed(content[:MOST_CHARACTERS]))
            else:
                st.code(content[:MOST_CHARACTERS], language=None, wrap_lines=True)
            if len(content) > MOST_CHARACTERS:
                sizes = numbers.count(MOST_CHARACTERS), numbers.count(len(content))
                said = dict(zip(("shown", "n"), sizes, strict=True))
                st.caption(text("evaluations.view_cut", **said))
