"""Traces that are checked go into an annotation queue."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard import address, data, roles
from dashboard.shaping.markdown import plain
from dashboard.texts import text


@roles.for_editors
def button(
    project: str, trace_ids: Sequence[str], *, on_saved: Callable[[], None]
) -> None:
    """Offer to put traces into a queue, in a popover that is drawn when it opens."""
    place = st.popover(
        text("review.queue_checked", n=len(trace_ids)),
        icon=":material/rate_review:",
        key="queue-checked",
        on_change="rerun",
    )
    if place.open:
        with place:
            _form(project, trace_ids, on_saved)


def _form(project: str, trace_ids: Sequence[str], on_saved: Callable[[], None]) -> None:
    queues = {row["id"]: row for row in data.queues(project, roles.author())}
    if not queues:
        st.caption(text("review.no_queue", project=plain(project)))
        st.page_link(
            "views/review.py",
            label=text("review.title"),
            icon=":material/rate_review:",
            query_params=address.with_scope(project=project),
        )
        return
    chosen = st.selectbox(
        text("review.list_columns.name"),
        list(queues),
        format_func=lambda queue_id: queues[queue_id]["name"],
        key="queue-checked-into",
    )
    label = text("review.put", n=len(trace_ids))
    if st.button(label, type="primary", key="queue-checked-put") and chosen:
        n_added = data.add_queue_items(queues[chosen], trace_ids)
        on_saved()
        st.toast(
            text("review.put_done", n=f"{n_added:,}", name=_link(queues[chosen])),
            icon=":material/check:",
        )
        st.rerun()


def _link(queue: data.Row) -> str:
    """Return a queue's name as a link to it."""
    asked = urlencode(address.with_scope(queue=queue["id"], of=queue["project"]))
    return f"[{plain(queue['name'])}](review?{asked})"
