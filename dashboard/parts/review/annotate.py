"""The next item of a queue, and the questions about it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import components
from dashboard.parts.review import form, into
from dashboard.shaping import review
from dashboard.shaping.markdown import plain
from dashboard.texts import spoken, text
from tracer.errors import TracerError


def draw(queue: data.Row, author: str) -> None:
    """Draw the item that this person is to look at, or say that none is left."""
    turn = _turn(queue, author)
    if turn["item"] is None or queue["state"] != "active":
        turn |= data.next_item(queue, author, address.get("item"))
    _progress(queue, turn["counts"], author)
    if told := turn.pop("told", None):
        st.toast(told, icon=":material/playlist_add_check:")
    if error := turn.pop("error", None):
        st.error(plain(error), icon=":material/error:")
    item = turn["item"]
    if item is None:
        _nothing_left(queue, turn)
        return
    left, right = st.columns([5, 3], gap="medium")
    with left:
        _item(item)
    with right:
        form.draw(
            review.questions(queue["form"], spoken()),
            item_id=item["id"],
            turn=turn["number"],
            answers=turn.get("answers") or {},
            is_undoable=bool(turn["done"]),
            into=into.current(queue).name,
            on_submit=lambda said: _submit(queue, author, said),
            on_act=lambda said: _act(queue, author, said),
        )


def _turn(queue: data.Row, author: str) -> dict[str, Any]:
    """Return what this person has before them, and what they did just now."""
    whose = (queue["project"], queue["id"], author)
    turn: dict[str, Any] = st.session_state.get("review-turn") or {}
    if turn.get("whose") != whose:
        turn = {"whose": whose, "item": None, "done": [], "number": 0}
        st.session_state["review-turn"] = turn
    return turn


def _submit(queue: data.Row, author: str, said: Mapping[str, Any]) -> None:
    turn = _turn(queue, author)
    turn["number"] += 1
    try:
        told = data.answer_item(
            queue,
            said["item"],
            said["answers"],
            author=author,
            note=said.get("note") or "",
        )
    except TracerError as error:  # raised here it would end the script unseen
        turn |= {"error": error, "answers": dict(said["answers"])}
        return
    _next(turn, said["item"], told)
    if said.get("into"):
        _into_dataset(queue, turn, said["item"])


def _into_dataset(queue: data.Row, turn: dict[str, Any], item_id: str) -> None:
    where = into.current(queue)
    try:
        saved = data.save_queue_dataset(
            queue, where.name, items=[item_id], expected=where.expected
        )
    except TracerError as error:
        turn["error"] = error
        return
    name, n_rows = plain(saved["name"]), f"{saved['n_rows']:,}"
    turn["told"] = text("review.saved", name=name, n=n_rows)


def _act(queue: data.Row, author: str, said: Mapping[str, Any]) -> None:
    turn = _turn(queue, author)
    turn["number"] += 1
    try:
        if said["what"] == "leave":
            address.close("queue")
        elif said["what"] == "skip":
            told = data.skip_item(queue, said["item"], author=author)
            _next(turn, said["item"], told)
        elif turn["done"]:
            told = data.undo_item(queue, turn["done"][-1], author=author)
            turn["done"].pop()
            turn |= {key: told[key] for key in ("item", "counts", "answers")}
    except TracerError as error:
        turn["error"] = error


def _next(turn: dict[str, Any], item_id: str, told: data.Row) -> None:
    turn["done"].append(item_id)
    turn |= {"item": None, "answers": {}, "counts": told["counts"]}
    address.put("item", None)


def _progress(queue: data.Row, counts: Mapping[str, int], author: str) -> None:
    n_items, n_done = counts["n_items"], counts["n_done"]
    said = text("review.progress", done=f"{n_done:,}", n=f"{n_items:,}")
    if counts["n_mine"] or author != roles.NAMELESS:
        mine = text("review.mine", n=f"{counts['n_mine']:,}", name=plain(author))
        said = f"{said} · {mine}"
    st.progress(n_done / n_items if n_items else 0.0, said)
    if queue["description"]:
        st.caption(plain(queue["description"]))


def _item(item: data.Row) -> None:
    span = _span(item)
    with st.container(horizontal=True, vertical_alignment="center"):
        title = text("review.item", n=item["number"])
        st.markdown(f"##### {title}")
        if item["trace_id"]:
            st.page_link(
                "views/traces.py",
                label=text("review.open_trace"),
                icon=":material/account_tree:",
                query_params=address.with_scope(
                    trace=item["trace_id"],
                    span=item["span_id"],
                    origin="all",
                    range="90d",
                ),
            )
    titles = {part: text(f"trace.{part}") for part in ("input", "output", "expected")}
    parts = review.shown(item, span, titles)
    if parts:
        components.conversation(parts, key="review-said")
    else:
        st.caption(text("trace.no_content"))


def _span(item: data.Row) -> data.Row | None:
    """Return the call that an item is about; None for a row of a dataset."""
    if item["row"] or not item["trace_id"]:
        return None
    trace_id = item["trace_id"]
    return data.span(trace_id, item["span_id"] or data.trace(trace_id).row["span_id"])


def _nothing_left(queue: data.Row, turn: dict[str, Any]) -> None:
    counts = turn["counts"]
    if queue["state"] != "active":
        st.info(text("review.paused"), icon=":material/pause:")
    elif not counts["n_items"]:
        st.info(text("review.no_items"), icon=":material/inbox:")
    else:
        st.success(text("review.all_done"), icon=":material/done_all:")
    if turn["done"] and st.button(
        text("review.form.undo"), icon=":material/undo:", key="review-undo"
    ):
        _act(queue, turn["whose"][2], {"item": "", "what": "undo"})
        st.rerun()
