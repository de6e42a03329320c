"""Two runs example by example, the largest loss first, and one example closer."""

from collections.abc import Sequence

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices, components
from dashboard.parts.components import Main
from dashboard.parts.runs import beside, paged
from dashboard.parts.runs.chosen import one_of
from dashboard.parts.runs.pair import Pairing
from dashboard.parts.runs.placeholder import while_reading
from dashboard.shaping import numbers
from dashboard.shaping.runs import pairs
from dashboard.shaping.runs.pairs import Pair
from dashboard.texts import section, text


def draw(pairing: Pairing) -> None:
    """Draw the examples that both runs have."""
    measured = pairing.measured()
    if not measured:
        st.caption(text("compare.no_pairs"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        names = list(measured)
        score = measured[one_of(names, names[0])]
        found = pairs.pairs(
            pairing.old.summary[score.name],
            pairing.new.summary[score.name],
            higher_is_better=score.higher_is_better,
        )
        show = _show(found)
    shown = pairs.narrowed(found, show)
    question = (pairing.old.id, pairing.new.id, score.name, show)
    page = paged.page_of(shown, key="pairs", question=question)
    ids = tuple(pair.id for pair in page)
    with while_reading(480):
        old, new = data.together(
            lambda run: data.predictions(run.id, ids), (pairing.old, pairing.new)
        )
    most = max((abs(pair.gain) for pair in found), default=0.0)
    _table(page, score.type, most, old, new)
    paged.draw(len(shown), key="pairs")
    beside.draw(pairing, [pair.id for pair in shown])


def _table(
    page: Sequence[Pair],
    kind: str,
    most: float,
    old: list[data.Row],
    new: list[data.Row],
) -> None:
    if not page:
        st.caption(text("evaluations.no_rows"))
        return
    components.table(
        pairs.columns(section("compare.columns")),
        pairs.rows(page, kind=kind, most=most, old=old, new=new),
        key="compared-examples",
        label=text("compare.examples"),
        selected=address.get("example"),
        height_px=520,
        on_open=lambda example: address.put("example", example),
        main=Main(on_close=lambda _: address.close("evaluation")),
    )


def _show(found: list[Pair]) -> str:
    words = section("compare.shows")
    counts = {show: len(pairs.narrowed(found, show)) for show in pairs.SHOW}
    return choices.segmented(
        text("evaluations.show"),
        pairs.SHOW,
        names={
            show: f"{words[show]} {numbers.count(counts[show])}" for show in pairs.SHOW
        },
        param="show",
    )
