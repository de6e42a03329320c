"""Making a recorded model call again, at a model of one's choice."""

from typing import Final

import streamlit as st

from dashboard import address, data, replay, roles
from dashboard.data import Row
from dashboard.replay import Endpoint
from dashboard.shaping import numbers
from dashboard.shaping.conversation.openai_request import Request, request_of
from dashboard.shaping.grading.estimates import cost_of_again
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConfigurationError

PATHS: Final = frozenset({"chat/completions", "responses"})


@roles.for_editors
def show(span: Row) -> None:
    """Draw the form, what it would cost, and what came of it.

    Args:
        span: A model call with its content.
    """
    request = request_of(span)
    if request is None or request.path not in PATHS:
        st.caption(text("step_code.none"))
        return
    try:
        servers = replay.endpoints()
    except ConfigurationError as error:
        st.error(plain(error))
        return
    if not servers or not replay.has_client():
        _teach(has_server=bool(servers))
        return
    endpoint, changed = _form(span, request, servers)
    for lacking in sorted(request.missing):
        note = section("step_code.notes")[lacking]
        st.caption(f"{note[0].upper()}{note[1:]}.")
    _ask(span, changed, endpoint)


def _teach(*, has_server: bool) -> None:
    st.info(
        text("step_replay.off_body"),
        title=text("step_replay.off"),
        icon=":material/power_off:",
    )
    snippet = "snippets.replay_client" if has_server else "snippets.replay"
    st.code(text(snippet), language="shell")


def _form(
    span: Row, request: Request, servers: list[Endpoint]
) -> tuple[Endpoint, Request]:
    key = f"replay-{span['span_id']}"
    where, which, how = st.columns([2, 2, 1])
    with where:
        endpoint = st.selectbox(
            text("step_replay.endpoint"),
            servers,
            format_func=lambda server: server.name,
            key=f"{key}-endpoint",
        )
    with which:
        model = st.text_input(
            text("step_replay.model"), str(request.body["model"]), key=f"{key}-model"
        )
    with how:
        temperature = st.number_input(
            text("step_replay.temperature"),
            min_value=0.0,
            max_value=2.0,
            value=request.body.get("temperature"),
            step=0.1,
            placeholder=text("step_replay.unset"),
            key=f"{key}-temperature",
        )
    changed = request.with_changes(
        model=(model or "").strip() or request.body["model"],
        temperature=temperature,
        stream=None,
    )
    return endpoint, changed


def _ask(span: Row, request: Request, endpoint: Endpoint) -> None:
    """Say what it would cost, and make the call once that was confirmed."""
    key = f"replay-{span['span_id']}"
    asking = f"{key}-asking"
    if not st.session_state.get(asking):
        _begin(span, request, asking=asking)
        return
    place = st.empty()
    with place.container():
        is_sure = _confirm(span, request, endpoint)
    if is_sure:
        _put(asking, False)
        place.empty()
        _make(span, request, endpoint)
        _begin(span, request, asking=asking)


def _begin(span: Row, request: Request, *, asking: str) -> None:
    st.button(
        text("step_replay.begin"),
        icon=":material/replay:",
        on_click=_put,
        args=(asking, True),
        key=f"replay-{span['span_id']}-begin",
    )
    st.caption(_cost(span, request))


def _confirm(span: Row, request: Request, endpoint: Endpoint) -> bool:
    """Say what is about to be spent where; return whether to go on."""
    key = f"replay-{span['span_id']}"
    st.warning(
        text(
            "step_replay.confirm",
            model=plain(request.body["model"]),
            endpoint=plain(endpoint.name),
            cost=_cost(span, request),
        ),
        icon=":material/payments:",
    )
    with st.container(horizontal=True):
        is_sure = st.button(text("step_replay.sure"), type="primary", key=f"{key}-sure")
        st.button(
            text("step_replay.cancel"),
            on_click=_put,
            args=(f"{key}-asking", False),
            key=f"{key}-cancel",
        )
    return is_sure


def _make(span: Row, request: Request, endpoint: Endpoint) -> None:
    with st.spinner(text("step_replay.running")):
        own = st.secrets["collector"]  # stores the call: people's keys may only edit
        made = replay.replay(
            request,
            endpoint,
            span=span,
            collector={"url": own["url"], "api_key": own["api_key"] or roles.api_key()},
        )
        found = data.replayed(span["project"], made.replay_id)
    if made.error:
        st.error(plain(made.error), title=text("step_replay.failed"))
        return
    if found is None:
        st.warning(text("step_replay.not_stored", why=plain(made.not_stored or "")))
        return
    address.change(against=f"{found['trace_id']}.{found['span_id']}", look="compare")
    st.rerun()


def _cost(span: Row, request: Request) -> str:
    price = data.price(str(request.body["model"]))
    cost = cost_of_again(span, price)
    if cost is None:
        return text("step_replay.no_price")
    return text(
        "step_replay.cost",
        cost=plain(numbers.money(cost)),
        given=numbers.compact(span["input_tokens"] or 0),
        made=numbers.compact(span["output_tokens"] or 0),
    )


def _put(key: str, value: object) -> None:
    st.session_state[key] = value
