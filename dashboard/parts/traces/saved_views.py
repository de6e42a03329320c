"""Saved views of the traces page: filter, columns, order and period under a name."""

from typing import Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from dashboard import address, data, roles
from dashboard.data import Row
from dashboard.scope import Scope
from dashboard.shaping.markdown import plain
from dashboard.shaping.traces import saved
from dashboard.texts import text
from tracer.errors import CollectorError

PAGE: Final = "traces"
PARAM: Final = "view"
_SAID: Final = "views-said"


def draw(here: Scope) -> None:
    """Offer the views in a popover, which is called by the one that is loaded."""
    if problem := st.session_state.pop(_SAID, None):
        st.toast(plain(problem), icon=":material/warning:")
    found = data.saved_views(here.project, PAGE)
    loaded = next((view for view in found if view["id"] == address.get(PARAM)), None)
    changed = loaded and saved.differs(loaded["params"], _now())
    name = loaded["name"] if loaded else text("views.title")
    place = st.popover(
        plain(name) + (" \\*" if changed else ""),
        icon=":material/bookmark:" if loaded else ":material/bookmarks:",
        help=text("views.changed") if changed else None,
        key="saved-views",
        on_change="rerun",
    )
    if not place.open:
        return
    with place:
        _list(found, loaded)
        if loaded:
            _loaded(loaded, changed=bool(changed))
        _new(here)


def load(view: Row) -> None:
    """Bring the page into a view's state; to be called by a callback.

    The widgets that Streamlit itself binds to the address are told, too: what they
    hold counts for more than the address.
    """
    params = saved.known(view["params"])
    written: dict[str, str | None] = dict.fromkeys(("cursor", "trace", "span"))
    for name in saved.PARAMS:
        value = params.get(name)
        if name == "filter":
            st.session_state["filter"] = list(value or [])
        elif name == "q":
            st.session_state["q"] = value or ""
        else:
            st.session_state.pop(name, None)
            written[name] = value
    address.change(**written, **{PARAM: view["id"]})


def _now() -> dict[str, object]:
    """Return the page's state as views hold it."""
    held: dict[str, object] = {name: address.get(name) for name in saved.PARAMS}
    held["filter"] = list(
        st.session_state.get("filter") or st.query_params.get_all("filter")
    )
    held["q"] = st.session_state.get("q") or address.get("q")
    return saved.known(held)


def _list(found: list[Row], loaded: Row | None) -> None:
    if not found:
        st.caption(text("views.none"))
    for view in found:
        is_loaded = loaded is not None and view["id"] == loaded["id"]
        st.button(
            plain(view["name"]),
            icon=":material/check:" if is_loaded else ":material/bookmark:",
            type="tertiary",
            help=text("views.project", project=plain(view["project"])),
            on_click=load,
            args=(view,),
            key=f"view-{view['id']}",
        )


@roles.for_editors
def _loaded(view: Row, *, changed: bool) -> None:
    st.divider()
    key = view["id"]
    name = st.text_input(text("views.name"), view["name"], key=f"view-name-{key}")
    with st.container(horizontal=True):
        st.button(
            text("views.update"),
            icon=":material/save:",
            disabled=not changed and name.strip() == view["name"],
            on_click=_save_again,
            args=(view,),
            key="view-update",
        )
        sure = st.checkbox(text("views.sure"), key=f"view-sure-{key}")
        st.button(
            text("views.delete"),
            icon=":material/delete:",
            disabled=not sure,
            on_click=_delete,
            args=(view,),
            key="view-delete",
        )
    st.caption(text("views.link"))
    st.code(_link(view), language=None, wrap_lines=True)


@roles.for_editors
def _new(here: Scope) -> None:
    st.divider()
    project = here.project
    if project is None:
        names = [row["project"] for row in data.projects()]
        if not names:
            return
        project = st.selectbox(text("views.keep_in"), names, key="view-project")
    with st.form("view-new", border=False, clear_on_submit=True):
        st.text_input(
            text("views.new"), placeholder=text("views.new_hint"), key="view-new-name"
        )
        st.form_submit_button(
            text("views.save"),
            icon=":material/bookmark_add:",
            on_click=_save_new,
            args=(project,),
        )


def _save_again(view: Row) -> None:
    name = str(st.session_state[f"view-name-{view['id']}"])
    _save(name, view["project"], view)


def _save_new(project: str) -> None:
    project = st.session_state.get("view-project") or project
    name = str(st.session_state["view-new-name"]).strip()
    if not name:
        st.session_state[_SAID] = text("views.needs_name")
        return
    _save(name, project, None)


def _save(name: str, project: str, view: Row | None) -> None:
    try:
        stored = data.save_view(
            name.strip() or view["name"] if view else name.strip(),
            project=project,
            page=PAGE,
            params=_now(),
            view=view,
        )
    except CollectorError as error:
        st.session_state[_SAID] = str(error)
        data.forget()
        return
    address.put(PARAM, stored["id"])


def _delete(view: Row) -> None:
    try:
        data.delete_view(view)
    except CollectorError as error:
        st.session_state[_SAID] = str(error)
        return
    address.put(PARAM, None)


def _link(view: Row) -> str:
    """Return the address that opens a view, whatever this page shows now."""
    base = urlsplit(st.context.url or "")
    asked = saved.known(view["params"]) | {PARAM: view["id"]}
    path = urlencode(asked, doseq=True)
    return f"{base.scheme}://{base.netloc}{base.path}?{path}"
