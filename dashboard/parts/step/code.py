"""The chosen model call as a program to paste."""

import streamlit as st

from dashboard.data import Row
from dashboard.shaping.conversation.openai_request import address_of, request_of
from dashboard.shaping.traces import as_code
from dashboard.texts import section, text


def show(span: Row) -> None:
    """Draw the request in Python and as a command; neither holds a key."""
    request = request_of(span)
    if request is None:
        st.caption(text("step_code.none"))
        return
    notes = section("step_code.notes")
    python, curl = st.tabs(["Python", "curl"])
    with python:
        written = as_code.python(request, notes=notes, address=address_of(span))
        st.code(written, language="python", wrap_lines=True)
    with curl:
        written = as_code.curl(request, notes=notes)
        st.code(written, language="shell", wrap_lines=True)
    st.caption(text("step_code.key"))
