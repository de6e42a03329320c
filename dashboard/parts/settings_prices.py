"""What tokens cost, and whom judges ask."""

import streamlit as st

from dashboard import data, scope
from dashboard.parts import components
from dashboard.shaping import settings
from dashboard.texts import section, text


def prices() -> None:
    """Draw the lists that price spans, the user's own, and what has no price."""
    found = data.price_lists(scope.current().project)
    names = section("settings.prices")
    _part(text("settings.unpriced"), text("settings.unpriced_help"))
    if found["unpriced"]:
        components.table(
            settings.plain_columns(
                names, "model", "provider", "calls", "input", "output", "last"
            ),
            settings.unpriced_rows(found["unpriced"]),
            key="unpriced",
            label=text("settings.unpriced"),
            height_px=320,
        )
    else:
        st.success(text("settings.all_priced"), icon=":material/check_circle:")
    _part(text("settings.own_prices"), text("settings.own_help"))
    if found["own"]:
        components.table(
            settings.plain_columns(
                names, "model", "provider", "since", "input", "output", "cache_read"
            ),
            settings.own_price_rows(found["own"]),
            key="own-prices",
            label=text("settings.own_prices"),
            height_px=320,
        )
    else:
        st.code(text("snippets.prices"), language="toml")
    _part(text("settings.price_lists"), "")
    if not found["lists"]:
        st.info(text("settings.no_lists"), icon=":material/money_off:")
        return
    components.table(
        settings.plain_columns(names, "source", "kind", "models", "at"),
        settings.price_rows(found["lists"], section("settings.price_kinds")),
        key="price-lists",
        label=text("settings.price_lists"),
    )


def _part(title: str, hint: str) -> None:
    st.markdown(f"##### {title}")
    if hint:
        st.caption(hint)


def judges() -> None:
    """Draw whom judges of a worker beside this dashboard ask."""
    url = (st.secrets.get("judges") or {}).get("base_url")
    components.facts(
        [
            (
                text("settings.judge_url"),
                plain_url(str(url)) if url else text("settings.judge_default"),
            )
        ],
        key="judge-url",
        title=text("settings.sections.judges"),
    )
    st.caption(text("settings.judge_help"))
    found = data.judges(scope.current().project)
    if not found:
        st.info(text("settings.no_judges"), icon=":material/gavel:")
        return
    components.table(
        settings.judge_columns(section("settings.judges")),
        settings.judge_rows(found),
        key="judges",
        label=text("settings.sections.judges"),
    )


def plain_url(url: str) -> str:
    """Return an address without a user and password that it may carry."""
    scheme, found, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{found}{host.rpartition('@')[2]}{slash}{path}"
