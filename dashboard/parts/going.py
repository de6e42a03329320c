"""Going to another page from a click inside one of our components.

A callback cannot change the page in Streamlit, the script that follows it can.
"""

import streamlit as st

from dashboard import address
from dashboard.address import Words

_KEY = "going"


def later(page: str, **params: Words) -> None:
    """Note where to go; the next `follow` goes there, within project and period."""
    st.session_state[_KEY] = (page, address.with_scope(**params))


def follow() -> None:
    """Go where a callback has asked to; a page that uses `later` begins with this."""
    wanted = st.session_state.pop(_KEY, None)
    if wanted:
        page, params = wanted
        st.switch_page(f"views/{page}.py", query_params=params)
