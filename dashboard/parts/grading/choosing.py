"""Metrics and judges to choose from; those that lack something say what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import address, data
from dashboard.shaping import numbers
from dashboard.shaping.grading import choosing
from dashboard.shaping.grading.choosing import Offer
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConfigurationError
from tracer.judges import Judge
from tracer.judges.definition import model_settings
from tracer.worker.estimating import on_paper

Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Chosen:
    """A judge that was chosen."""

    id: str
    """Its id."""
    judge: Judge[Any]
    """The same on paper, with its price."""


def split(name: str, project: str, version: str, *, key: str) -> str | None:
    """Draw which rows of a dataset are meant, if it has splits; return the split."""
    found = data.dataset_splits(name, project, version)
    if not found:
        return None
    counts = {one: f"{one} ({numbers.count(n)})" for one, n in found.items()}
    chosen: str = st.selectbox(
        text("grading.split"),
        ["", *found],
        format_func=lambda one: counts.get(one, text("grading.whole")),
        width=260,
        key=f"{key}-split",
    )
    return chosen or None


def metrics(
    sample: Sequence[Columns], *, key: str, with_outputs: bool = True
) -> list[Any] | None:
    """Draw the metrics; return those chosen as a job asks for them.

    None if a setting is missing or cannot be read: that is said beside it.
    """
    offers = choosing.metric_offers(sample, with_outputs=with_outputs)
    fitting = {offer.name: offer for offer in offers if offer.fits}
    title, about = text("grading.metrics"), text("grading.metrics_about")
    st.markdown(f"**{title}** · {about}")
    chosen = st.multiselect(
        title,
        list(fitting),
        format_func=lambda name: f"{name} — {fitting[name].about}",
        placeholder=text("grading.metrics_hint"),
        label_visibility="collapsed",
        select_all=False,
        key=f"{key}-metrics",
    )
    settings = {name: _settings(fitting[name], key=key) for name in chosen}
    _why_not([offer for offer in offers if not offer.fits])
    if any(one is None for one in settings.values()):
        return None
    given = {name: one for name, one in settings.items() if one}
    return choosing.asked_metrics(chosen, given)


def _settings(offer: Offer, *, key: str) -> dict[str, Any] | None:
    """Ask for a metric's settings; None while one is missing or cannot be read."""
    found: dict[str, Any] = {}
    for name in offer.settings:
        typed = st.text_input(
            text("grading.setting", metric=offer.name, setting=name),
            value=choosing.SETTINGS[name],
            key=f"{key}-{offer.name}-{name}",
        )
        if not typed:
            st.caption(text("grading.setting_missing"))
            return None
        try:
            found[name] = choosing.setting(name, typed)
        except ValueError:
            st.caption(text(f"grading.setting_{name}"))
            return None
    return found


def judges(
    project: str,
    sample: Sequence[Columns],
    *,
    key: str,
    with_outputs: bool = True,
) -> list[Chosen]:
    """Draw the project's judges, each with what it lacks; return those chosen."""
    title, about = text("grading.judges"), text("grading.judges_about")
    st.markdown(f"**{title}** · {about}")
    chosen: list[Chosen] = []
    for row in data.judges(project):
        judge = _made(row)
        if judge is None:
            continue
        offer = choosing.judge_offer(row, judge, sample, with_outputs=with_outputs)
        picked = st.checkbox(
            plain(f"{row['id']} · {offer.about}"),
            disabled=not offer.fits,
            key=f"{key}-judge-{row['id']}",
        )
        if not offer.fits:
            st.caption(reason(offer))
        elif picked:
            chosen.append(Chosen(row["id"], judge))
    if not data.judges(project):
        st.caption(text("grading.no_judges"))
    st.page_link(
        "views/judges.py",
        label=text("grading.make_judge"),
        icon=":material/add:",
        query_params=address.with_scope(project=project),
    )
    return chosen


def _made(row: data.Row) -> Judge[Any] | None:
    """Return a stored judge on paper; one that cannot be made is said to be broken."""
    try:
        settings = model_settings(row["definition"])
        held = settings.get("price") or data.price(settings["model"])
        return on_paper(row["definition"], held)
    except ConfigurationError as error:
        st.caption(f"{plain(row['id'])}: {plain(error)}")
        return None


def reason(offer: Offer) -> str:
    """Return in words why something cannot be chosen."""
    if offer.lacks:
        names = section("grading.columns")
        lacking = ", ".join(names.get(one, one) for one in offer.lacks)
        return text("grading.lacks", columns=lacking)
    if offer.reason.startswith("error:"):
        return text("grading.unfit", said=plain(offer.reason.removeprefix("error:")))
    return section("grading.reasons")[offer.reason]


def _why_not(offers: Sequence[Offer]) -> None:
    if not offers:
        return
    with st.expander(text("grading.not_here", n=len(offers))):
        by_reason: dict[str, list[str]] = {}
        for offer in offers:
            by_reason.setdefault(reason(offer), []).append(offer.name)
        for said, names in by_reason.items():
            shown = ", ".join(f"`{name}`" for name in names)
            st.markdown(f"{shown}  \n{said}")
