"""How is it going: calls, errors, latency, tokens, cost, scores; what went wrong."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import choices, components, going, heading, states
from dashboard.parts.figures import charts, tiles
from dashboard.parts.traces import peek
from dashboard.shaping.traffic import groups, means, overview, reasons
from dashboard.texts import section, text

MOST_TRACES = 8
MOST_SCORES = 12

going.follow()
here = scope.current()
interval = here.window.interval(here.now)
before = here.window.previous(here.now)
words, names = section("overview"), section("overview.charts")
columns = section("overview.columns")
heading.draw(words["title"])

found = data.overview(here.project, here.window, before, interval=interval)
total = overview.total(found.total)
if not total["n_calls"]:
    states.nothing_in_period("overview.empty", here)
    st.stop()


def most() -> data.Highlights:
    """Read what stands out of the period."""
    return data.highlights(here.project, here.window, most_traces=MOST_TRACES)


def scores() -> tuple[list[data.Row], list[data.Row]]:
    """Read the scores of production."""
    return data.production_scores(here.project, here.window, before)


def grouped_by(by: str, shown: list[str]) -> data.Groups:
    """Read what calls add up to by a field, for the columns that are shown."""
    return data.groups(
        here.project,
        here.window,
        before,
        by=by,
        interval=interval,
        most_drawn=groups.MOST_DRAWN,
        first_tokens=not groups.FIRST_TOKEN.isdisjoint(shown),
    )


def in_buckets(rows: list[data.Row]) -> list[overview.Row]:
    """Return a row for each bucket of the period."""
    return overview.filled(rows, here.window, interval=interval, now=here.now)


def draw_tiles() -> None:
    """Draw the numbers that lead the page."""
    streams = (
        overview.total(found.streams),
        overview.total(found.streams_before),
        in_buckets(found.streams_series),
    )
    earlier = overview.total(found.before)
    tiles.draw(overview.tiles(total, earlier, series, streams=streams))


def draw_scores() -> None:
    """Draw the scores of production."""
    now, earlier = scores()
    scored = means.tiles(now, earlier, points=section("formats")["points"])
    if scored:
        with charts.panel(words["scores"], text("overview.scores_note")):
            tiles.draw_scores(scored[:MOST_SCORES])


def draw_charts() -> None:
    """Draw calls and latency over time."""
    left, right = st.columns(2, gap="medium")
    with left, charts.panel(names["calls"]):
        calls = overview.calls(series, ok=words["ok"], failed=words["failed"])
        colors = charts.OK_AND_FAILED
        charts.bars(calls, key="calls", alt_text=names["calls"], colors=colors)
    with right, charts.panel(names["latency"]):
        latency, unit = overview.latencies(series)
        charts.lines(latency, key="latency", alt_text=names["latency"], unit=f" {unit}")


def draw_groups() -> None:
    """Draw what calls add up to by a field, as a table and over time."""
    bys, measures = section("overview.bys"), section("overview.measures")
    with st.container(horizontal=True, gap="medium"):
        by = choices.segmented(
            words["by"], groups.BYS, names=bys, param="by", label_visibility="collapsed"
        )
        measure = choices.segmented(
            words["of"],
            groups.MEASURES,
            names=measures,
            param="of",
            label_visibility="collapsed",
        )
        shown = choose_columns()
    grouped = grouped_by(by, shown)
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        draw_group_table(grouped, shown, by=by, name=bys[by])
    with right:
        draw_course(grouped, by=bys[by], measure=measure, title=measures[measure])


def draw_group_table(
    grouped: data.Groups, shown: list[str], *, by: str, name: str
) -> None:
    """Draw the groups; a click leads to the traces behind one, or its failures."""
    if not grouped.before and not address.get_all("cols"):
        shown = [column for column in shown if column != "change"]
    components.table(
        groups.columns(columns, shown, group=name, helps=section("overview.helps")),
        groups.table(
            grouped.rows, grouped.before, grouped.streams, nameless=words["nameless"]
        ),
        key="groups",
        label=text("overview.by_label", by=name),
        height_px=300,
        on_open=lambda opened: going.later("traces", **groups.link(by, opened)),
    )
    if grouped.truncated:
        st.caption(text("overview.more_groups", n=len(grouped.rows)))


def choose_columns() -> list[str]:
    """Offer the columns of the table of groups; return those to show."""
    place = st.popover(
        text("columns.title"),
        icon=":material/view_column:",
        key="group-columns",
        on_change="rerun",
    )
    if place.open:
        with place:
            choices.several(
                text("overview.columns_shown"),
                groups.OFFERED,
                names=columns,
                param="cols",
                default=groups.USUAL,
                most=len(groups.OFFERED),
                width=420,
            )
    return groups.chosen(address.get_all("cols"))


def draw_course(grouped: data.Groups, *, by: str, measure: str, title: str) -> None:
    """Draw one measure of the largest groups over time."""
    nameless = words["nameless"]
    named = groups.largest(grouped.rows, measure, nameless=nameless)
    course = groups.course(
        grouped.series, measure, named=named, nameless=nameless, other=words["other"]
    )
    alt_text = text("overview.course", measure=title, by=by)
    if not course:
        st.caption(words["no_cost"] if measure == "cost" else words["nothing"])
    elif measure == "p95":
        course, unit = overview.in_seconds(course)
        charts.lines(course, key="course-p95", alt_text=alt_text, unit=f" {unit}")
    else:
        unit = "$" if measure == "cost" else ""
        charts.bars(course, key=f"course-{measure}", alt_text=alt_text, unit=unit)


def draw_reasons() -> None:
    """Draw why calls failed; a click opens the newest, its number all of them."""
    if not seen.errors:
        st.caption(words["no_errors"])
        return

    def opened(which: str) -> None:
        if which.startswith(reasons.ALL):
            reason = seen.errors[int(which.removeprefix(reasons.ALL))]
            going.later("traces", **reasons.reason_link(reason))
        else:
            address.put("trace", which)

    components.table(
        reasons.reason_columns(columns),
        reasons.reason_rows(seen.errors, nameless=words["no_reason"]),
        key="errors",
        label=words["newest_errors"],
        height_px=300,
        on_open=opened,
    )


def draw_most(rows: list[dict[str, object]], *, key: str, measure: str) -> None:
    """Draw the traces with most of something; a click opens one."""
    if not rows:
        st.caption(words["no_cost"])
        return
    components.table(
        reasons.most_columns(columns, measure=measure),
        rows,
        key=key,
        label=words[key],
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


shown_first = groups.chosen(address.get_all("cols"))
wanted = address.get("by")
by_first = wanted if wanted in groups.BYS else groups.BYS[0]
data.ahead(most, scores, lambda: grouped_by(by_first, shown_first))
series = in_buckets(found.series)
draw_tiles()
# What takes longest to read is drawn last, in the place that is kept for it.
place_of_scores = st.container()
draw_charts()
place_of_groups = st.container()
seen = most()
with charts.panel(words["newest_errors"]):
    draw_reasons()
left, right = st.columns(2, gap="medium")
with left, charts.panel(words["slowest"]):
    draw_most(reasons.slowest_rows(seen.slowest), key="slowest", measure="duration")
    link(words["all_slowest"], order="-duration_ms")
with right, charts.panel(words["dearest"]):
    draw_most(reasons.dearest_rows(seen.dearest), key="dearest", measure="cost")
    link(words["all_dearest"], order="-cost_usd")
with st.container(horizontal=True, horizontal_alignment="right"):
    link(words["all_errors"], status="error")
    link(words["all_traces"])
with place_of_scores:
    draw_scores()
with place_of_groups:
    draw_groups()
peek.draw()
