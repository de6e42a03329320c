"""One example in two runs, in a drawer: what both said, word by word, the scores."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import choices, components, states
from dashboard.parts.runs.pair import Pairing
from dashboard.shaping import word_diff
from dashboard.shaping.cells import Column
from dashboard.shaping.conversation import messages
from dashboard.shaping.runs import grid
from dashboard.texts import section, text

WIDTH_PX: Final = 900
TRACE_ID_DIGITS: Final = 32


def draw(pairing: Pairing, order: Sequence[str]) -> None:
    """Open the drawer if the address names an example and no trace lies over it.

    Args:
        pairing: Both runs.
        order: Ids of the examples in the order of the list, to go on from one.
    """
    example_id = address.get("example")
    if not example_id or address.get("trace"):
        return
    drawer = st.dialog(
        text("compare.example", id=example_id),
        width=WIDTH_PX,
        position="right",
        on_dismiss=lambda: address.put("example", None),
    )
    drawer(_show)(example_id, pairing, order)


@states.explained()
def _show(example_id: str, pairing: Pairing, order: Sequence[str]) -> None:
    if address.get("trace") or address.get("example") not in (None, example_id):
        st.rerun()  # a trace was opened, or another example
    _steps(example_id, order)
    before, after = data.together(
        lambda run: _by_trial(data.predictions(run.id, (example_id,))),
        (pairing.old, pairing.new),
    )
    trials = sorted({*before, *after})
    if not trials:
        st.caption(text("evaluations.no_rows"))
        return
    trial = _trial(trials)
    one, other = before.get(trial), after.get(trial)
    _asked(other or one or {})
    names = (text("compare.columns.old"), text("compare.columns.new"))
    components.diff(
        word_diff.words(_output(one), _output(other), names=names),
        key=f"words-{example_id}-{trial}",
        name=text("compare.said"),
    )
    _scores(pairing, one, other)


def _steps(example_id: str, order: Sequence[str]) -> None:
    """Draw the ways to the examples before and after in the list."""
    place = order.index(example_id) if example_id in order else None
    if place is None:
        return
    with st.container(horizontal=True, horizontal_alignment="right"):
        for name, icon, step in (
            ("previous", ":material/chevron_left:", -1),
            ("next", ":material/chevron_right:", 1),
        ):
            there = place + step
            is_there = 0 <= there < len(order)
            st.button(
                text(f"compare.{name}"),
                icon=icon,
                disabled=not is_there,
                on_click=address.put,
                args=("example", order[there] if is_there else example_id),
                key=f"example-{name}",
            )


def _by_trial(rows: Sequence[data.Row]) -> dict[int, data.Row]:
    return {row["trial"] or 0: row for row in rows}


def _trial(trials: Sequence[int]) -> int:
    """Draw the choice of a trial, if there are several."""
    if len(trials) == 1:
        return trials[0]
    names = {str(number): str(number) for number in trials}
    label = text("evaluations.columns.trial")
    return int(choices.segmented(label, list(names), names=names, param="trial"))


def _asked(prediction: data.Row) -> None:
    said = [
        messages.value_message(text(f"trace.{name}"), prediction[name])
        for name in ("input", "expected")
        if prediction.get(name) is not None
    ]
    components.conversation(said, key=f"asked-{prediction.get('span_id')}")


def _output(prediction: data.Row | None) -> str:
    if prediction is None:
        return ""
    if prediction["status"] == "error":
        return str(prediction["status_message"] or "")
    return messages.pretty(prediction["output"])


def _scores(pairing: Pairing, one: data.Row | None, other: data.Row | None) -> None:
    """Draw the scores of both; a click on a value opens its trace."""
    names = section("compare.columns")
    components.table(
        [
            Column("score", names["score"], "minmax(90px, max-content)"),
            Column("old", names["baseline"], "minmax(64px, 120px)"),
            Column("new", names["candidate"], "minmax(64px, 120px)"),
            Column("why", names["why"], "minmax(120px, 1fr)"),
        ],
        grid.score_rows(
            [score.name for score in pairing.scores],
            one,
            other,
            section("statuses"),
            lower=pairing.old.lower_is_better | pairing.new.lower_is_better,
        ),
        key="compared-trial",
        label=text("compare.trial_scores"),
        on_open=_open,
    )


def _open(trace_id: str) -> None:
    """Open the trace of a cell; a click beside the cells names a score, no trace."""
    if len(trace_id) == TRACE_ID_DIGITS:
        address.put("trace", trace_id)
