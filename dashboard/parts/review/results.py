"""What people answered in a queue, how far they agree, and where it goes."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import components
from dashboard.parts.components import Main
from dashboard.parts.review import into
from dashboard.shaping import review
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.stats import AnnotatorAgreement

MOST_ROWS = 200


def draw(queue: data.Row) -> None:
    """Draw agreement, then every item with its answers."""
    items = data.queue_items(queue["id"], queue["project"])
    answers = data.queue_answers(queue["id"], queue["project"])
    if not answers:
        st.info(text("review.no_answers"), icon=":material/inbox:")
        return
    agreed = data.queue_agreement(queue["id"], queue["project"])
    _agreement(agreed)
    apart = {str(item) for one in agreed.values() for item in one.disagreements}
    label = text("review.only_apart", n=f"{len(apart):,}")
    only = apart if apart and st.toggle(label, key="only-apart") else None
    answered = [item for item in items if item["done_by"]]
    may_edit = roles.may("edit")
    checked = components.table(
        review.answer_columns(section("review.columns"), queue["form"]),
        review.answer_rows(
            answered[:MOST_ROWS],
            answers,
            queue["form"],
            words=section("review.words"),
            only=only,
        ),
        key="answers",
        label=text("review.answers"),
        height_px=520,
        checkable=may_edit,
        on_open=lambda item_id: _open(items, item_id),
        main=Main(on_close=lambda _: address.put("view", None)),
    )
    if len(answered) > MOST_ROWS:
        st.caption(text("review.cut", shown=MOST_ROWS, n=f"{len(answered):,}"))
    if may_edit:
        _to_dataset(queue, checked)


def _agreement(agreed: Mapping[str, AnnotatorAgreement]) -> None:
    title = text("review.agreement")
    st.markdown(f"##### {title}")
    if not agreed:
        st.caption(text("review.no_agreement"))
        return
    components.table(
        review.agreement_columns(section("review.columns")),
        review.agreement_rows(agreed),
        key="agreement",
        label=title,
    )
    st.caption(text("review.agreement_note"))


def _open(items: Sequence[data.Row], item_id: str) -> None:
    """Open the trace of an item, if it is about one."""
    item = next(one for one in items if one["id"] == item_id)
    if item["trace_id"]:
        address.put("trace", item["trace_id"])


def _to_dataset(queue: data.Row, checked: Sequence[str]) -> None:
    """Offer to put the checked items, or else all that are done, into a dataset."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        where = into.draw(queue)
        n = len(checked) or queue["n_done"]
        said = "review.checked_to_dataset" if checked else "review.to_dataset"
        pressed = st.button(
            text(said, n=f"{n:,}"),
            icon=":material/playlist_add:",
            help=text("review.to_dataset_help"),
            disabled=not n,
            shortcut="D",
            key="review-to-dataset",
        )
    if pressed:
        saved = data.save_queue_dataset(
            queue, where.name, items=checked or None, expected=where.expected
        )
        st.success(
            text("review.saved", name=plain(saved["name"]), n=f"{saved['n_rows']:,}"),
            icon=":material/check:",
        )
        st.page_link(
            "views/datasets.py",
            label=text("review.open_dataset"),
            icon=":material/dataset:",
            query_params=address.with_scope(dataset=saved["name"], of=queue["project"]),
        )
