"""A queue's questions, answered by the keyboard."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.parts import components
from dashboard.shaping import cells
from dashboard.texts import section

HERE: Final = Path(__file__).parent


@st.cache_resource
def _component() -> Any:
    def file(path: Path) -> str:
        return path.read_text(encoding="utf-8")

    return st.components.v2.component(
        "tracer_review_form",
        html='<div class="root"><div class="form" role="form"></div></div>',
        css=file(components.HERE / "base.css") + file(HERE / "form.css"),
        js='const LANGUAGE = "en"\nconst YES_NO = {}\n'
        + file(components.HERE / "base.js")
        + file(HERE / "form.js"),
    )


def draw(
    questions: Sequence[Mapping[str, Any]],
    *,
    item_id: str,
    turn: int,
    answers: Mapping[str, Any],
    is_undoable: bool,
    into: str,
    on_submit: Callable[[Mapping[str, Any]], None],
    on_act: Callable[[Mapping[str, Any]], None],
) -> None:
    """Draw the questions about one item.

    Args:
        questions: Made by `shaping.review.questions`.
        item_id: Which item they are about; another begins without answers.
        turn: Another number begins anew with the same item, as after an error.
        answers: Those that are given already.
        is_undoable: Whether there is an answer to take back.
        into: The dataset that an item can be put into as it is saved.
        on_submit: Told ``item answers note``, and ``into`` if it goes there.
        on_act: Told ``item`` and ``what``: ``skip``, ``undo`` or ``leave``.
    """
    key = "review-form"
    labels = dict(section("review.form"))
    labels["into"] = labels["into"].format(name=cells.middle_cut(into, most=18))

    def told(what: str, listener: Callable[[Mapping[str, Any]], None]) -> None:
        if said := st.session_state[key].get(what):
            listener(said)

    _component()(
        key=key,
        data={
            "fields": list(questions),
            "item": item_id,
            "turn": turn,
            "answers": dict(answers),
            "undoable": is_undoable,
            "labels": labels,
        },
        on_submitted_change=lambda: told("submitted", on_submit),
        on_acted_change=lambda: told("acted", on_act),
    )
