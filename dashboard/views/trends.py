"""Are the scores holding: each score over time, with its interval and its n."""

import streamlit as st

from dashboard import data, scope
from dashboard.parts import charts, choices, components, states
from dashboard.shaping import numbers, trends
from dashboard.texts import section, text

BYS = ("none", "model", "prompt_version", "evaluation", "source")
BUCKETS = ("day", "hour")

here = scope.current()
st.header(text("trends.title"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    bucket_names = section("trends.buckets")
    by = choices.segmented(
        text("trends.by"), BYS, names=section("trends.bys"), param="by"
    )
    bucket = choices.segmented(
        text("trends.bucket"), BUCKETS, names=bucket_names, param="per"
    )
rows, is_cut = data.trend(
    here.project, here.window, interval=bucket, by=None if by == "none" else by
)
if not rows:
    states.nothing_in_period("trends.empty", here, snippet="snippets.score")
    st.stop()
found = trends.points(
    rows, nameless=text("trends.nameless" if by == "none" else "trends.unknown")
)
if not found:
    st.info(text("trends.only_labels"))
    st.stop()
names = section("trends.columns")
columns = st.columns(2, gap="medium")


def draw(name: str, points: list[data.Row], *, key: str) -> None:
    """Draw one score's course, and its points as a table to unfold.

    `key` holds no name: Streamlit refuses the key of a component with ``__`` in it.
    """
    total = numbers.count(sum(point["n"] for point in points))
    with st.container(border=True), charts.panel(name, text("trends.n", n=total)):
        charts.bands(
            points,
            key=key,
            alt_text=text(
                "trends.chart", name=name, bucket=bucket_names[bucket].lower()
            ),
            is_share=all(point["type"] == "bool" for point in points),
            ends=trends.axis(points),
        )
        with st.expander(text("trends.table"), type="compact"):
            components.table(
                trends.table_columns(names),
                trends.table_rows(points),
                key=f"{key}-table",
                label=name,
                height_px=300,
            )


by_length = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
for number, (name, points) in enumerate(by_length):
    with columns[number % 2]:
        draw(name, points, key=f"trend-{number}")
st.caption(text("trends.note"))
if is_cut:
    st.caption(text("trends.cut", n=numbers.count(len(rows))))
