"""One rule: how it stands, when it would have fired, what became of it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import components, going
from dashboard.parts.alerts import chart, form
from dashboard.scope import Scope
from dashboard.shaping import numbers
from dashboard.shaping.markdown import plain
from dashboard.shaping.traffic import alerts
from dashboard.texts import section, text
from tracer.alerts.rules import Rule
from tracer.errors import CollectorError, ConfigurationError


def show(document: data.Row) -> None:
    """Draw a rule, with what can be done to it."""
    rule = Rule.of(document)
    with st.container(border=True):
        _head(document, rule)
        if document["message"]:
            st.warning(plain(document["message"]), title=text("alerts.stuck"))
        elif not document["reading"] and document["state"] == "active":
            st.caption(text("alerts.no_worker"))
        preview(alerts.settings(document), key=f"preview-{rule.id}")
        _firings(document)


def _head(document: data.Row, rule: Rule) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"##### {plain(alerts.called(rule, section('alerts.says')))}")
            if rule.name:
                st.caption(plain(alerts.sentence(rule, section("alerts.says"))))
        _changes(rule, is_paused=document["state"] == "paused")
        if st.button(text("alerts.close"), icon=":material/close:", key="alert-close"):
            address.put("alert", None)
            st.rerun()


@roles.for_editors
def _changes(rule: Rule, *, is_paused: bool) -> None:
    """Offer what can be done to a rule."""
    if st.button(text("alerts.edit"), icon=":material/edit:", key="alert-edit"):
        address.put("edit", "1")
        st.rerun()
    icon = ":material/send:"
    if rule.webhook_url and not is_paused:
        if st.button(text("alerts.test"), icon=icon, key="alert-test"):
            data.send_test(rule.id, rule.project)
            st.toast(text("alerts.test_asked"), icon=icon)
    label = text("alerts.resume" if is_paused else "alerts.pause")
    icon = ":material/play_arrow:" if is_paused else ":material/pause:"
    if st.button(label, icon=icon, key="alert-pause"):
        state = "active" if is_paused else "paused"
        place = {"id": rule.id, "project": rule.project}
        data.save_alert_rule({**place, "state": state})
        st.rerun()
    if st.button(text("alerts.delete"), icon=":material/delete:", key="alert-delete"):
        st.dialog(text("alerts.delete_title"))(_confirm)(rule)


def _confirm(rule: Rule) -> None:
    name = plain(alerts.called(rule, section("alerts.says")))
    st.markdown(text("alerts.delete_body", name=name))
    if st.button(
        text("alerts.delete_yes"),
        type="primary",
        on_click=_delete,
        args=(rule,),
        key="alert-delete-yes",
    ):
        st.rerun()


def _delete(rule: Rule) -> None:
    data.delete_alert_rule(rule.id, rule.project)
    address.put("alert", None)


def edit(here: Scope, known: data.Row | None) -> None:
    """Draw the form of a rule, None for a new one, with its preview."""
    left, right = st.columns([1, 1.35], gap="large")
    with left:
        title = text("alerts.edit_title" if known else "alerts.new")
        st.markdown(f"##### {title}")
        rule = form.draw(here, known)
        lacks = _lacking(rule)
        with st.container(horizontal=True):
            # No callback: it would have what the form said before the last word of it.
            if st.button(
                text("alerts.save"),
                type="primary",
                disabled=lacks is not None,
                key="alert-save",
            ):
                _save(rule)
            st.button(text("alerts.cancel"), on_click=_leave, key="alert-cancel")
    with right:
        title = text("alerts.preview")
        st.markdown(f"##### {title}")
        if lacks:
            st.info(text(lacks))
        else:
            asked = alerts.settings(rule | {"id": rule["id"] or "new"})
            st.caption(plain(alerts.sentence(Rule.of(asked), section("alerts.says"))))
            preview(asked, key="preview-form")


def _save(rule: Mapping[str, Any]) -> None:
    try:
        form.save(rule)
    except CollectorError as error:
        st.error(plain(error))
    else:
        st.rerun()


def _leave() -> None:
    alert = address.get("alert")
    shown = None if alert == "new" else alert
    address.change(edit=None, watch=None, score=None, alert=shown)


def _lacking(rule: Mapping[str, Any]) -> str | None:
    if rule["threshold"] is None:
        return "alerts.needs_limit"
    if not rule["project"]:
        return "alerts.needs_project"
    if rule["measure"] == "score" and not rule["score"]:
        return "alerts.needs_score"
    return None


def preview(asked: Mapping[str, Any], *, key: str) -> None:
    """Draw when a rule would have fired in the last days."""
    try:
        found = data.alert_preview(dict(asked))
    except (CollectorError, ConfigurationError) as error:
        st.warning(plain(error))
        return
    rule = Rule.of(asked)
    times = numbers.plural(len(found.firings), text("alerts.would"))
    is_judged = found.n_too_few < len(found.readings)
    unit = text("counts.score" if rule.measure == "score" else "counts.call")
    least = numbers.plural(rule.min_n, unit)
    told = times if is_judged else text("alerts.all_too_few", least=least)
    st.markdown(f"**{plain(told)}**")
    said = text("alerts.preview_note", n=numbers.count(len(found.readings)))
    if found.n_too_few and is_judged:
        few = text("alerts.too_few", n=numbers.count(found.n_too_few), least=least)
        said = f"{said} {few}"
    if is_judged:
        chart.draw(rule, found, key=key, alt_text=times)
    st.caption(said)


def _firings(document: data.Row) -> None:
    history = text("alerts.history")
    st.markdown(f"**{history}**")
    if not document["firings"]:
        st.caption(text("alerts.never"))
        return
    components.table(
        alerts.firing_columns(section("alerts.columns")),
        alerts.firing_rows(document, section("alerts.told")),
        key=f"firings-{document['id']}",
        label=history,
        height_px=260,
        on_open=lambda id: _open_calls(document, id),
    )
    st.caption(text("alerts.history_note"))


def all_firings(rules: list[data.Row]) -> None:
    """Draw the newest firings of all rules; one opens the calls of its window."""
    found = alerts.newest_firings(rules)
    history = text("alerts.all_history")
    st.markdown(f"**{history}**")
    if not found:
        st.caption(text("alerts.none_fired"))
        return
    components.table(
        alerts.all_firing_columns(section("alerts.columns")),
        alerts.all_firing_rows(
            found, section("alerts.told"), says=section("alerts.says")
        ),
        key="firings",
        label=history,
        on_open=lambda place: _to_calls(*found[int(place)]),
    )
    st.caption(text("alerts.history_note"))


def _open_calls(document: data.Row, firing_id: str) -> None:
    firing = next(one for one in document["firings"] if one["id"] == firing_id)
    _to_calls(document, firing)


def _to_calls(document: alerts.Row, firing: alerts.Row) -> None:
    """Go to the calls of a firing's window."""
    rule = Rule.of(document)
    way = alerts.calls_link(rule, firing)
    going.later("traces", **way, project=rule.project, filter=alerts.filter_of(rule))
