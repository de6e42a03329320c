"""The entry script: navigation, the sidebar, and the page that was asked for."""

from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from dashboard import address, gate, scope
from dashboard.pages import PAGES, START
from dashboard.parts import states
from dashboard.parts.grading import progress
from dashboard.texts import preferred, speak, text

HERE = Path(__file__).parent
# A file: for a named Material icon the browser would ask a font host.
st.set_page_config(
    page_title="tracer",
    page_icon=str(HERE / "icon.svg"),
    layout="wide",
    initial_sidebar_state=224,
)
shared = st.session_state.get("shared", {})
speak(preferred(address.get("lang"), shared.get("lang"), st.context.locale))
gate.keep()
st.html(HERE / "frame.css")
st.logo(str(HERE / "logo.svg"), icon_image=str(HERE / "icon.svg"), size="large")
page = st.navigation(
    {
        text(f"sections.{section}"): [
            st.Page(
                HERE / "views" / f"{name}.py",
                title=text(f"{name}.title"),
                icon=icon,
                default=name == START,
            )
            for name, icon in pages
        ]
        for section, pages in PAGES.items()
    }
)
# Of several tabs each says which page it is.
st.set_page_config(page_title=f"{page.title} · tracer")
address.carry(page.url_path)
with states.explained():
    scope.draw()
    progress.sidebar(scope.current().project)
    scope.draw_language()
    gate.draw_person()
    scope.draw_build()
    states.wrong_path()
    # A page that ends early is a whole script all the same: of one that `st.stop` ended
    # Streamlit keeps the widgets that it did not draw, with their old answers.
    with suppress(StopException):
        page.run()
