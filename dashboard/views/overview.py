"""How is it going: calls, errors, latency, tokens, cost, and what went wrong last."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import charts, components, peek, states, tiles
from dashboard.shaping import overview
from dashboard.shaping.cells import Column
from dashboard.texts import section

NEWEST_ERRORS = 8

here = scope.current()
interval = here.window.interval(here.now)
words, names = section("overview"), section("overview.charts")
st.header(words["title"], anchor=False)

total = overview.total(data.stats(here.project, here.window))
if not total["n_calls"]:
    states.nothing_yet("overview.empty", snippet="snippets.trace")
    st.stop()
before = overview.total(data.stats(here.project, here.window.previous(here.now)))
series = overview.filled(
    data.stats(here.project, here.window, interval=interval),
    here.window,
    interval=interval,
    now=here.now,
)
tiles.draw(overview.tiles(total, before, series))


def draw_charts() -> None:
    """Draw the four courses over time."""
    left, right = st.columns(2, gap="medium")
    with left, charts.panel(names["calls"]):
        calls = overview.calls(series, ok=words["ok"], failed=words["failed"])
        colors = charts.OK_AND_FAILED
        charts.bars(calls, key="calls", alt_text=names["calls"], colors=colors)
    with right, charts.panel(names["latency"]):
        latency, unit = overview.latencies(series)
        charts.lines(latency, key="latency", alt_text=names["latency"], unit=f" {unit}")
    with left, charts.panel(names["tokens"]):
        fields = {"input_tokens": words["input"], "output_tokens": words["output"]}
        tokens = overview.points(series, fields)
        charts.bars(tokens, key="tokens", alt_text=names["tokens"])
    with right, charts.panel(names["cost"]):
        by_model = data.stats(here.project, here.window, interval=interval, by="model")
        cost = overview.costs(by_model, other=words["other"])
        if cost:
            charts.bars(cost, key="cost", alt_text=names["cost"], unit="$")
        else:
            st.caption(words["no_cost"])


def draw_models() -> None:
    """Draw what each model was called for and what it took."""
    rows = data.stats(here.project, here.window, by="model")
    if not rows:
        st.caption(words["no_models"])
        return
    components.table(
        overview.group_columns(section("overview.columns")),
        overview.group_rows(rows, nameless=words["nameless"]),
        key="models",
        label=words["by_model"],
    )


def draw_errors() -> None:
    """Draw the newest failed traces; a click opens one."""
    failed = [("status", "=", "error")]
    found = data.traces(
        here.project, here.window, where=failed, limit=NEWEST_ERRORS
    ).rows
    if not found:
        st.caption(words["no_errors"])
        return
    columns = section("overview.columns")
    components.table(
        [
            Column("start", columns["start"], "max-content"),
            Column("name", columns["name"], "minmax(70px, max-content)"),
            Column("message", columns["message"], "minmax(120px, 1fr)"),
        ],
        overview.error_rows(found),
        key="errors",
        label=words["newest_errors"],
        on_open=lambda trace_id: address.put("trace", trace_id),
    )


def link(label: str, **params: str) -> None:
    """Draw a link to the list of traces."""
    st.page_link(
        "views/traces.py",
        label=label,
        icon=":material/arrow_forward:",
        icon_position="right",
        query_params=address.with_scope(**params),
    )


draw_charts()
left, right = st.columns(2, gap="medium")
with left, charts.panel(words["by_model"]):
    draw_models()
with right, charts.panel(words["newest_errors"]):
    draw_errors()
with st.container(horizontal=True, horizontal_alignment="right"):
    link(words["all_errors"], status="error")
    link(words["all_traces"])
peek.draw()
