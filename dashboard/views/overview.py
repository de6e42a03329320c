"""How is it going: calls, errors, latency, tokens, cost, and what went wrong last."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import charts, components, peek, states, tiles
from dashboard.shaping import overview
from dashboard.shaping.cells import Column
from dashboard.texts import section

MOST_TRACES = 8
LEAST_SLOW = 3

here = scope.current()
interval = here.window.interval(here.now)
words, names = section("overview"), section("overview.charts")
columns = section("overview.columns")
st.header(words["title"], anchor=False)

found = data.overview(
    here.project,
    here.window,
    here.window.previous(here.now),
    interval=interval,
    most_traces=MOST_TRACES,
)
total = overview.total(found.total)
if not total["n_calls"]:
    states.nothing_in_period("overview.empty", here)
    st.stop()
series = overview.filled(found.series, here.window, interval=interval, now=here.now)
tiles.draw(overview.tiles(total, overview.total(found.before), series))


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
        cost = overview.costs(found.model_series, other=words["other"])
        if cost:
            charts.bars(cost, key="cost", alt_text=names["cost"], unit="$")
        else:
            st.caption(words["no_cost"])


def draw_models() -> None:
    """Draw what each model was called for and what it took."""
    if not found.models:
        st.caption(words["no_models"])
        return
    components.table(
        overview.group_columns(columns),
        overview.group_rows(found.models, nameless=words["nameless"]),
        key="models",
        label=words["by_model"],
    )


def draw_slowest() -> None:
    """Draw the slowest traces, as many as end beside the newest errors."""
    beside = len(found.errors) - len(found.models) - 2
    components.table(
        overview.slow_columns(columns),
        overview.slow_rows(found.slowest[: max(LEAST_SLOW, beside)]),
        key="slowest",
        label=words["slowest"],
        on_open=lambda trace_id: address.put("trace", trace_id),
    )


def draw_errors() -> None:
    """Draw the newest failed traces; a click opens one."""
    if not found.errors:
        st.caption(words["no_errors"])
        return
    components.table(
        [
            Column("start", columns["start"], "max-content"),
            Column("name", columns["name"], "minmax(70px, max-content)"),
            Column("message", columns["message"], "minmax(120px, 1fr)"),
        ],
        overview.error_rows(found.errors),
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
with left, charts.panel(words["slowest"]):
    draw_slowest()
with right, charts.panel(words["newest_errors"]):
    draw_errors()
with st.container(horizontal=True, horizontal_alignment="right"):
    link(words["all_errors"], status="error")
    link(words["all_traces"])
peek.draw()
