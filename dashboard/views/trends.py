"""Is it holding: scores and traffic over time, with intervals, n, and what changed."""

import streamlit as st

from dashboard import address, data, roles, scope
from dashboard.parts import choices, components, heading, states
from dashboard.parts.figures import charts, courses
from dashboard.shaping import numbers
from dashboard.shaping.markdown import plain
from dashboard.shaping.traffic import courses as shaping
from dashboard.shaping.traffic import trends
from dashboard.shaping.traffic.courses import Point
from dashboard.texts import section, text

SHOWN = ("scores", "traffic")
OF_CALLS = ("none", "model", "prompt_name", "prompt_version", "release", "environment")
BYS = {
    "scores": (*OF_CALLS, "tags", "evaluation", "source"),
    "traffic": (*OF_CALLS, "tags", "user_id"),
}
BUCKETS = ("day", "hour", "week")
ORIGINS = ("all", "production", "evaluation")
LEAST_RATE = 0.05

here = scope.current()
names, bys = section("trends.columns"), section("trends.bys")
bucket_names = section("trends.buckets")
heading.draw(text("trends.title"))
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    shown = choices.segmented(
        text("trends.show"), SHOWN, names=section("trends.shows"), param="show"
    )
    bucket = choices.segmented(
        text("trends.bucket"), BUCKETS, names=bucket_names, param="per"
    )
    with st.container(width=220):
        by = choices.select(text("trends.by"), BYS[shown], names=bys, param="by")
    origin = "production"
    if shown == "scores":
        with st.container(width=180):
            origin = choices.select(
                text("trends.origin"),
                ORIGINS,
                names=section("traces.origins"),
                param="origin",
            )
window = shaping.aligned(here.window, interval=bucket)
group = None if by == "none" else by
nameless = text("trends.nameless" if by == "none" else "trends.unknown")


def of_scores() -> dict[str, list[Point]]:
    """Read the scores' points by name; end the page where there are none."""
    rows, is_cut = data.trend(
        here.project, window, interval=bucket, by=group, origin=origin
    )
    if not rows:
        states.nothing_in_period("trends.empty", here, snippet="snippets.score")
        st.stop()
    if by == "source":
        sources = section("scores.sources")
        rows = [row | {"group": sources.get(row["group"])} for row in rows]
    found = trends.points(rows, nameless=nameless)
    if not found:
        st.info(text("trends.only_labels"))
        st.stop()
    if is_cut:
        st.caption(text("trends.cut", n=numbers.count(len(rows))))
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def of_traffic() -> dict[str, list[Point]]:
    """Read the traffic's points by measure; end the page where there are none."""
    found = data.traffic(here.project, window, interval=bucket, by=group)
    if not found.stats:
        states.nothing_in_period("overview.empty", here)
        st.stop()
    if found.truncated:
        st.caption(text("trends.cut", n=numbers.count(len(found.stats))))
    measured = shaping.traffic(
        found.stats, found.latency, found.streams, nameless=nameless
    )
    return {name: points for name, points in measured.items() if points}


def draw(name: str, title: str, points: list[Point], *, key: str, alpha: float) -> None:
    """Draw one course with its flags in words, and its points as a table to unfold.

    `key` holds no name: Streamlit refuses the key of a component with ``__`` in it.
    """
    is_total = shown == "traffic" and name in shaping.TOTALS
    points, n_left_out = shaping.largest(points)
    kind = "bool" if all(one["type"] == "bool" for one in points) else points[0]["type"]
    kind = "number" if shown == "scores" and kind != "bool" else kind
    total = numbers.count(sum(point["n"] for point in points))
    filled = shaping.complete(
        points, window, interval=bucket, now=here.now, is_total=is_total
    )
    n_series = len({point["series"] for point in points})
    flags = shaping.flags(filled, alpha=alpha / n_series, is_total=is_total)
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            charts.heading(title, text("trends.n", n=total))
            watch(name)
        courses.draw(
            filled,
            kind=kind,
            key=key,
            alt_text=text(
                "trends.chart", name=title, bucket=bucket_names[bucket].lower()
            ),
            ends=ends_of(name, points),
            marks=shaping.within(marks, filled),
            flags=flags,
        )
        for flag in flags:
            say(flag, kind)
        if n_left_out:
            st.caption(text("trends.left_out", n=n_left_out))
        with st.expander(text("trends.table"), type="compact"):
            components.table(
                trends.table_columns(names, clusters=shown == "scores"),
                trends.table_rows(filled),
                key=f"{key}-table",
                label=title,
                height_px=300,
            )


@roles.for_editors
def watch(name: str) -> None:
    """Offer to have a course watched."""
    measure = "score" if shown == "scores" else shaping.WATCHED.get(name)
    if measure is None:
        return
    score = name if shown == "scores" else None
    st.page_link(
        "views/alerts.py",
        label=text("trends.watch"),
        icon=":material/add_alert:",
        query_params=address.with_scope(alert="new", watch=measure, score=score),
    )


def say(flag: shaping.Flag, kind: str) -> None:
    """Say in words where a course changed its level."""
    said = text(
        "trends.flag",
        at=flag.at[:16].replace("T", " "),
        before=shaping.write(kind, flag.before),
        after=shaping.write(kind, flag.after),
    )
    series = "" if by == "none" else f" ({plain(flag.series)})"
    st.caption(f":orange[◆] {plain(said)}{series}")


def ends_of(name: str, points: list[Point]) -> tuple[float, float] | None:
    """Return the ends of a course's axis, None for all of what is drawn."""
    if shown == "scores":
        is_share = all(point["type"] == "bool" for point in points)
        return None if is_share else trends.axis(points)
    if name == "error_rate":
        highest = max(point["mean"] for point in points)
        usual = sorted(point["high"] for point in points)[len(points) // 2]
        return 0.0, min(1.0, max(LEAST_RATE, 1.1 * highest, 1.5 * usual))
    if name in shaping.TOTALS or not (ends := trends.axis(points)):
        return None
    return 0.0, ends[1]


def seen() -> dict[str, list[data.Row]]:
    """Read what was seen first when."""
    return data.seen(here.project, shaping.before(window.coarse(), here.now))


data.ahead(seen)
found = of_scores() if shown == "scores" else of_traffic()
labels = section("trends.seen")
marks = shaping.marks(
    {labels[field]: rows for field, rows in seen().items()},
    window,
    interval=bucket,
)
measures = section("trends.measures")
for number, (name, points) in enumerate(found.items()):
    title = measures[name] if shown == "traffic" else name
    if number % 2 == 0:
        columns = st.columns(2, gap="medium")
    with columns[number % 2]:
        draw(
            name,
            title,
            points,
            key=f"trend-{shown}-{number}",
            alpha=shaping.ALPHA / len(found),
        )
if marks:
    begun = [
        f"{mark['at'][:16].replace('T', ' ')} UTC {mark['label']}" for mark in marks
    ]
    st.caption("  \n".join(f":gray[▼] {plain(one)}" for one in begun))
st.caption(text("trends.note"))
