"""How is the store run: projects, keys, prices, judges, health, ledger."""

import streamlit as st

from dashboard import roles
from dashboard.parts import choices, heading
from dashboard.parts.settings import keys, prices, store
from dashboard.texts import section, text

PARTS = {
    "projects": store.projects,
    "keys": keys.draw,
    "prices": prices.prices,
    "judges": prices.judges,
    "health": store.health,
    "ledger": store.ledger,
}
FOR_ADMINS = frozenset({"keys"})

heading.draw(text("settings.title"))
names = section("settings.sections")
shown = choices.segmented(
    text("settings.shown"),
    list(PARTS),
    names=names,
    param="section",
    label_visibility="collapsed",
)
if shown in FOR_ADMINS and not roles.may("admin"):
    st.info(text("settings.for_admins"), icon=":material/lock:")
    st.stop()
PARTS[shown]()
