"""What tokens cost, and whom judges ask."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import components
from dashboard.shaping import settings
from dashboard.shaping.cells import Cell
from dashboard.texts import section, text


def prices() -> None:
    """Draw the lists that price spans, the user's own, and what has no price."""
    found = data.price_lists(scope.current().project)
    names = section("settings.prices")
    why = text("settings.unpriced_help") if found["unpriced"] else ""
    _part(text("settings.unpriced"), why)
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
    """Draw which workers there are, and where their judges ask."""
    found = data.workers()
    if found:
        components.table(
            settings.worker_columns(section("settings.workers")),
            settings.worker_rows(found, section("settings.worker_words")),
            key="workers",
            label=text("settings.sections.judges"),
        )
        st.caption(text("settings.worker_help"))
    else:
        url = (st.secrets.get("judges") or {}).get("base_url")
        st.info(text("settings.no_workers"), icon=":material/engineering:")
        asked = settings.plain_url(str(url)) if url else text("settings.judge_default")
        pairs: list[tuple[str, Cell]] = [(text("settings.judge_url"), asked)]
        components.facts(pairs, key="judge-url")
        st.caption(text("settings.judge_help"))
    st.page_link(
        "views/judges.py",
        label=text("settings.to_judges"),
        icon=":material/gavel:",
        query_params=address.with_scope(),
    )
