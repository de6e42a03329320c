"""Rows from a file: read, mapped, looked at, and saved into a dataset."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from dashboard import address, data
from dashboard.parts import components, heading, states
from dashboard.parts.dataset import choosing, columns, saving
from dashboard.shaping import cells, numbers
from dashboard.shaping.cells import Column
from dashboard.shaping.datasets import listing, uploads
from dashboard.shaping.datasets.uploads import Made, Problem, Read
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text

MOST_MB: Final = 32
"""Of a file: its rows travel to the collector in one request of 64 MiB."""

PREVIEW_ROWS: Final = 50


def draw(project: str | None) -> None:
    """Draw the page that makes rows of a file."""
    st.button(
        text("datasets.back"),
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_close,
    )
    heading.draw(text("upload.title"))
    project = _project(project)
    file = st.file_uploader(
        text("upload.file"),
        type=list(uploads.ENDINGS),
        max_upload_size=MOST_MB,
        help=text("upload.help", n=MOST_MB),
        key="upload-file",
    )
    if file is None:
        _forms()
        return
    read = _read(file.file_id, file.name, file.getvalue())
    if read.problems:
        _unreadable(file.name, read)
        return
    mark, made = _mapped(file.file_id, read)
    _problems(made)
    _save(project, file.name, made, mark=mark)


def _project(project: str | None) -> str:
    names = [row["project"] for row in data.projects()]
    if project:
        return project
    chosen: str | None = st.selectbox(
        text("upload.project"),
        names or ["default"],
        accept_new_options=True,
        key="upload-project",
        width=360,
    )
    return chosen or "default"


def _forms() -> None:
    """Say which files are read."""
    names = section("upload.forms")
    with st.container(border=True):
        title = text("upload.which")
        st.markdown(f"##### {title}")
        st.markdown("\n".join(f"- {names[form]}" for form in uploads.FORMS))
        st.caption(text("upload.or_python"))
        states.example(text("snippets.upload"))


def _read(file_id: str, name: str, content: bytes) -> Read:
    encoding = None
    if name.lower().endswith(".csv") and content:
        options = ["", *uploads.ENCODINGS]
        encoding = st.session_state.get("upload-encoding") or None
        mark = f"{file_id}-{encoding}"
        read = _kept(mark, name, content, encoding)
        st.selectbox(
            text("upload.encoding"),
            options,
            format_func=lambda one: one or _found(read),
            key="upload-encoding",
            width=260,
        )
        return read
    return _kept(f"{file_id}-", name, content, None)


def _found(read: Read) -> str:
    """Return how a file's encoding is called that nobody chose."""
    if read.encoding:
        return text("upload.found", name=read.encoding)
    return text("upload.not_found")


def _kept(mark: str, name: str, content: bytes, encoding: str | None) -> Read:
    """Return what a file holds; it is read once."""
    kept = st.session_state.get("upload-read")
    if kept is None or kept[0] != mark:
        with st.spinner(text("upload.reading")):
            kept = (mark, uploads.read_file(name, content, encoding=encoding))
        st.session_state["upload-read"] = kept
    found: Read = kept[1]
    return found


def _unreadable(name: str, read: Read) -> None:
    problem = read.problems[0]
    where = text("upload.line", n=f"{problem.line:,}") if problem.line else ""
    st.error(
        plain(f"{where}: {problem.message}" if where else problem.message),
        title=text("upload.unreadable", name=plain(name)),
        icon=":material/error:",
    )
    st.caption(text("upload.unreadable_help"))


def _mapped(file_id: str, read: Read) -> tuple[str, Made]:
    """Draw what the file's columns become; return the rows, and what tells them."""
    names = section("upload.form_names")
    form: uploads.Form = st.segmented_control(
        text("upload.form"),
        uploads.FORMS,
        default=uploads.form_of(read.rows),
        required=True,
        format_func=names.__getitem__,
        key=f"upload-form-{file_id}",
    )
    roles: dict[str, str] = {}
    if form == "columns":
        roles = _roles(file_id, uploads.columns_of(read.rows))
    mark = repr((file_id, read.encoding, form, roles))
    kept: tuple[str, Made] | None = st.session_state.get("upload-made")
    if kept is None or kept[0] != mark:
        made = uploads.made_rows(read.rows, form, roles=roles, torn=read.torn)
        kept = (mark, made)
        st.session_state["upload-made"] = kept
    return kept


def _roles(file_id: str, found: Sequence[str]) -> dict[str, str]:
    """Draw which column becomes what."""
    guess = uploads.first_roles(found)
    chosen: dict[str, str] = {}
    places = st.columns([3, 2, 2, 2, 3])
    many = {"inputs": places[0], "metadata": places[4]}
    for role, place in many.items():
        picked = place.multiselect(
            text(f"upload.roles.{role}"),
            found,
            default=[name for name, one in guess.items() if one == role],
            key=f"upload-{role}-{file_id}",
        )
        chosen |= {name: role for name in picked if name not in chosen}
    for role, place in zip(("expected", "output", "id"), places[1:4], strict=True):
        options = ["", *found]
        first = next((name for name, one in guess.items() if one == role), "")
        picked_one = place.selectbox(
            text(f"upload.roles.{role}"),
            options,
            index=options.index(first),
            format_func=lambda name: name or text("adding.nothing"),
            key=f"upload-{role}-{file_id}",
        )
        if picked_one:
            chosen[picked_one] = role
    left_out = [name for name in found if name not in chosen]
    if left_out:
        st.caption(text("upload.left_out", names=plain(", ".join(left_out))))
    return {name: chosen[name] for name in found if name in chosen}


def _problems(made: Made) -> None:
    if not made.n_problems:
        return
    total = numbers.plural(len(made.rows) + made.n_problems, text("counts.row"))
    st.warning(
        text("upload.problems", n=f"{made.n_problems:,}", rows=total),
        icon=":material/rule:",
    )
    names = section("datasets.columns")
    components.table(
        [
            Column("line", text("upload.line_column"), "max-content", end=True),
            Column("column", text("upload.column"), "max-content"),
            Column("message", names["message"], "minmax(140px, 1fr)", wrap=True),
        ],
        [_problem(number, one) for number, one in enumerate(made.problems)],
        key="upload-problems",
        label=text("upload.problem_list"),
        height_px=200,
    )


def _problem(number: int, problem: Problem) -> dict[str, Any]:
    return cells.row(
        str(number),
        line=f"{problem.line:,}" if problem.line else None,
        column=cells.words(problem.column, mono=True),
        message=cells.words(problem.message),
    )


def _save(project: str, file_name: str, made: Made, *, mark: str) -> None:
    if not made.rows:
        st.error(text("upload.no_rows"), icon=":material/error:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=360):
            stem = address.get("into") or file_name.rpartition(".")[0]
            name = choosing.dataset_name(project, key="upload-name", suggested=stem)
        known = {row["name"] for row in data.datasets(project)}
        replace_all = name in known and _replaces()
        note = st.text_input(
            text("datasets.note"),
            value=text("upload.note", file=file_name),
            key="upload-note",
            width=360,
        )
    repeated = choosing.repeats(
        "" if replace_all else name, project, made.rows, key="upload-near", mark=mark
    )
    _preview(made.rows, repeated)
    kept = choosing.kept(made.rows, repeated, key="upload-near")
    rows = numbers.plural(len(kept), text("counts.row"))
    skipped = made.n_problems > 0
    label = text("upload.save_rest" if skipped else "upload.save", rows=rows)
    ready = bool(name and kept)
    if st.button(label, type="primary", disabled=not ready, key="upload-save"):
        saved = data.add_rows(name, project, kept, note=note, replace_all=replace_all)
        _open(name, project, saved["version"])


def _replaces() -> bool:
    names = section("upload.modes")
    chosen = st.segmented_control(
        text("upload.mode"),
        list(names),
        default="append",
        required=True,
        format_func=names.__getitem__,
        key="upload-mode",
    )
    return chosen == "replace"


def _preview(rows: Sequence[data.Row], repeated: choosing.Repeats) -> None:
    shown = rows[:PREVIEW_ROWS]
    keys = listing.input_keys(shown, fewest=1)
    near = columns.near_cells(repeated.near)
    st.caption(
        text(
            "upload.preview",
            rows=numbers.plural(len(rows), text("counts.row")),
            shown=len(shown),
        )
    )
    components.table(
        columns.preview_columns(shown, keys, near=bool(near), source=True),
        listing.preview_rows(shown, keys=keys, near=near),
        key="upload-preview",
        label=text("upload.preview_list"),
        height_px=300,
    )


def _open(name: str, project: str, version: str) -> None:
    _forget()
    address.change(new=None, into=None, dataset=name, of=project)
    st.session_state[saving.TOLD] = text("datasets.saved", version=version[:8])
    st.rerun()


def _close() -> None:
    address.change(new=None, into=None)
    _forget()


def _forget() -> None:
    for kept in ("upload-read", "upload-made", "upload-near-found"):
        st.session_state.pop(kept, None)
