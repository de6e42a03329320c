"""Read conversations: which there were, who had them, how they went."""

import streamlit as st

from dashboard import address, data, scope
from dashboard.parts import components, heading, pager, states
from dashboard.parts.components import Main
from dashboard.parts.traces import peek, session
from dashboard.shaping.traces import sessions
from dashboard.texts import section, text

here = scope.current()
MOST_USERS = 50


def open_row(row_id: str) -> None:
    """Open the session of a row."""
    project, _, session_id = row_id.partition("/")
    address.change(of=project, session=session_id)


if session_id := address.get("session"):
    session.draw(session_id, address.get("of") or here.project)
    peek.draw()
    st.stop()


def choose_user() -> str | None:
    """Draw the choice of a user; return the chosen one, who is in the address."""
    known = data.values(("user_id",), here.project, here.window.coarse())["user_id"]
    now = address.get("user")
    key = f"user-{now}"
    options = list(dict.fromkeys([*filter(None, [now]), *known[:MOST_USERS]]))
    chosen: str | None = st.selectbox(
        text("sessions.user"),
        options,
        index=0 if now else None,
        accept_new_options=True,
        placeholder=text("sessions.any_user"),
        key=key,
        on_change=lambda: address.put("user", st.session_state[key]),
    )
    return chosen


heading.draw(text("sessions.title"))
search, who, steps = st.columns([2.2, 1.6, 4], gap="small", vertical_alignment="bottom")
with search:
    words = st.text_input(
        text("sessions.search"),
        type="search",
        placeholder=text("sessions.search_hint"),
        key="words",
        bind="query-params",
    )
with who:
    user = choose_user()
where = sessions.conditions(search=words or "", user=user)
order = address.get("order") or ""
order = order if order in sessions.ORDERS else sessions.ORDERS[0]
question = (here.project, here.period, where, order)
found = data.sessions(
    here.project,
    here.window,
    where=where,
    order=order,
    cursor=pager.cursor("sessions", question),
)
if not found.rows:
    if where:
        states.nothing_found(text("sessions.none_match"))
    else:
        states.nothing_in_period("sessions.empty", here, snippet="snippets.session")
    st.stop()
with steps:
    pager.draw(
        "sessions", len(found.rows), next_cursor=found.next, unit="counts.session"
    )
components.table(
    sessions.list_columns(section("sessions.columns")),
    sessions.list_rows(
        found.rows, way=lambda what, row: address.link("sessions", user=row["user_id"])
    ),
    key="sessions",
    label=text("sessions.list"),
    order=order,
    height_px=700,
    on_open=open_row,
    on_sort=lambda wanted: address.put("order", wanted),
    main=Main(search=".st-key-words input"),
)
