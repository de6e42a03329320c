"""The page's address: what is open is in the URL, so links and Back work."""

import streamlit as st


def get(name: str) -> str | None:
    """Return a parameter of the address, None if it is absent or empty."""
    return st.query_params.get(name) or None


def put(name: str, value: str | None) -> None:
    """Set a parameter of the address, or take it away with None."""
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def with_scope(**params: str | None) -> dict[str, str]:
    """Return parameters for another page that keep this one's project and period."""
    kept = {
        name: st.query_params.get(name)
        for name in ("project", "range", "since", "until")
    }
    return {name: value for name, value in (kept | params).items() if value}
