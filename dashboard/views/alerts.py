"""Who is told when something goes wrong: rules, how they stand, what became of them."""

import streamlit as st

from dashboard import address, data, roles, scope
from dashboard.parts import components, going, heading, states
from dashboard.parts.alerts import view
from dashboard.parts.components import Main
from dashboard.shaping.traffic import alerts
from dashboard.texts import section, text

going.follow()
here = scope.current()
open_id, is_edited = address.get("alert"), address.get("edit") is not None
with heading.with_tools(text("alerts.title")):
    if open_id != "new" and not is_edited and roles.may("edit"):
        st.button(
            text("alerts.new"),
            icon=":material/add_alert:",
            type="primary",
            on_click=lambda: address.put("alert", "new"),
            key="alert-new",
        )
rules = data.alert_rules(here.project)
opened = next((rule for rule in rules if rule["id"] == open_id), None)
if open_id == "new" or (opened and is_edited):
    if roles.may("edit"):
        view.edit(here, opened)
        st.stop()
    states.for_editors()
if open_id and open_id != "new" and opened is None:
    states.not_stored("alert", open_id)
if not rules:
    states.nothing_yet("alerts.empty", snippet="snippets.alert")
    st.stop()
components.table(
    alerts.columns(section("alerts.columns")),
    alerts.rows(rules, says=section("alerts.says"), states=section("alerts.states")),
    key="alerts",
    label=text("alerts.title"),
    selected=open_id,
    on_open=lambda id: address.put("alert", id),
    main=Main(on_close=(lambda _: address.put("alert", None)) if open_id else None),
)
if opened:
    view.show(opened)
else:
    view.all_firings(rules)
