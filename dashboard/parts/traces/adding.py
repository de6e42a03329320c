"""The dialog that turns spans into rows of a dataset."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard import address, data, roles
from dashboard.parts import components, states
from dashboard.parts.dataset import choosing, columns
from dashboard.shaping import numbers
from dashboard.shaping.datasets import listing, mapping
from dashboard.shaping.datasets.mapping import NOTHING, Mapped
from dashboard.shaping.markdown import plain
from dashboard.texts import text

PREVIEW_ROWS = 50
Pages = Callable[[], Iterable[Sequence[data.Row]]]
"""Reads spans page by page."""


@roles.for_editors
def button(spans: Sequence[data.Row], *, key: str, project: str) -> None:
    """Offer to add spans that are at hand."""
    if st.button(text("trace.add_to_dataset"), icon=":material/playlist_add:", key=key):
        open_dialog(lambda: [spans], project=project, most=len(spans))


def open_dialog(
    pages: Pages,
    *,
    project: str,
    most: int,
    on_saved: Callable[[], None] | None = None,
) -> None:
    """Open the dialog over spans, which are read once, when it is open.

    Args:
        pages: Reads them.
        project: Of the dataset.
        most: How many they are at most.
        on_saved: Called once rows are saved.
    """
    for key in [key for key in st.session_state if str(key).startswith("adding-")]:
        del st.session_state[key]
    st.session_state["adding-done"] = on_saved
    st.dialog(text("adding.title"), width="large")(_dialog)(pages, project, most)


@states.explained()
def _dialog(pages: Pages, project: str, most: int) -> None:
    found = _read(pages, most)
    name = choosing.dataset_name(project, key="adding-name")
    mapped = _mapping(found)
    examples = _examples(found, mapped)
    repeated = choosing.repeats(
        name, project, examples, key="adding-near", mark=repr(mapped)
    )
    _preview(found, examples, repeated, project)
    kept = choosing.kept(examples, repeated, key="adding-near")
    rows = numbers.plural(len(kept), text("counts.row"))
    if st.button(
        text("adding.add", rows=rows),
        type="primary",
        key="adding-save",
        disabled=not kept,
    ):
        _save(name, project, kept)


def _examples(found: Sequence[data.Row], mapped: Mapped) -> list[data.Row]:
    """Return the distinct rows that spans become; those without an input are none."""
    made = [mapping.example(span, mapped) for span in found]
    told = [row for row in made if row["inputs"]]
    if len(told) < len(made):
        left = numbers.plural(len(made) - len(told), text("counts.trace"))
        why = text("adding.no_input", left=left)
        st.caption(f":orange[:material/warning:] {why}")
    return mapping.distinct(told)


def _preview(
    found: Sequence[data.Row],
    examples: Sequence[data.Row],
    repeated: choosing.Repeats,
    project: str,
) -> None:
    shown = examples[:PREVIEW_ROWS]
    told = text(
        "adding.preview",
        found=numbers.plural(len(found), text("counts.trace")),
        project=plain(project),
        rows=numbers.plural(len(examples), text("counts.row")),
    )
    if len(shown) < len(examples):
        told += " " + text("adding.preview_first", shown=len(shown))
    st.caption(told)
    keys = listing.input_keys(shown, fewest=1)
    near = columns.near_cells(repeated.near)
    components.table(
        columns.preview_columns(shown, keys, near=bool(near)),
        listing.preview_rows(shown, keys=keys, near=near),
        key="adding-preview",
        label=text("adding.title"),
        height_px=240,
    )


def _save(name: str, project: str, examples: Sequence[data.Row]) -> None:
    if not name:
        st.warning(text("adding.needs_name"))
        return
    note = text("adding.note", rows=numbers.plural(len(examples), text("counts.row")))
    saved = data.add_rows(name, project, examples, note=note)
    st.session_state.pop("adding-spans", None)
    st.toast(
        text(
            "adding.added",
            rows=numbers.plural(len(examples), text("counts.row")),
            name=_link(name, project),
            version=saved["version"],
        ),
        icon=":material/check:",
    )
    if done := st.session_state.pop("adding-done", None):
        done()
    st.rerun()


def _link(name: str, project: str) -> str:
    """Return a dataset's name as a link to its page, beside any of ours."""
    asked = urlencode(address.with_scope(dataset=name, of=project))
    return f"[{plain(name)}](datasets?{asked})"


def _read(pages: Pages, most: int) -> Sequence[data.Row]:
    """Return the spans, read once for each time that the dialog opens."""
    if "adding-spans" not in st.session_state:
        found: list[data.Row] = []
        bar = st.progress(0.0, text("adding.reading"))
        for page in pages():
            found += page
            told = text("adding.read", n=numbers.count(len(found)))
            bar.progress(min(1.0, len(found) / most), told)
        bar.empty()
        st.session_state["adding-spans"] = found
    kept: list[data.Row] = st.session_state["adding-spans"]
    return kept


def _mapping(found: Sequence[data.Row]) -> Mapped:
    """Draw which paths become which columns, as the spans suggest it at first."""
    known = mapping.paths(found)
    guess = mapping.first_guess(found)
    left, middle, right = st.columns([3, 2, 2])
    with left:
        inputs = st.multiselect(
            text("adding.inputs"),
            known,
            default=list(guess.inputs.values()),
            help=text("adding.inputs_help"),
            key="adding-inputs",
        )
    with middle:
        expected = _one("expected", known, guess.expected)
    with right:
        output = _one("output", known, guess.output)
    metadata = st.multiselect(
        text("adding.metadata"),
        known,
        default=list(guess.metadata.values()),
        key="adding-metadata",
    )
    return Mapped(
        inputs=_as_columns(inputs, found),
        expected=expected,
        output=output,
        metadata=mapping.columns_of(metadata),
    )


def _one(part: str, known: Sequence[str], guess: str) -> str:
    options = [NOTHING, *known]
    chosen: str | None = st.selectbox(
        text(f"adding.{part}"),
        options,
        index=options.index(guess) if guess in options else 0,
        format_func=lambda path: path or text("adding.nothing"),
        key=f"adding-{part}",
    )
    return chosen or NOTHING


def _as_columns(chosen: Sequence[str], found: Sequence[data.Row]) -> dict[str, str]:
    """Return column → path of the chosen inputs, by the names that people give them."""
    alone = len(chosen) == 1
    if alone and any(_is_object(mapping.value_at(span, chosen[0])) for span in found):
        return {"": chosen[0]}
    with st.expander(text("adding.names"), type="compact"):
        places = st.columns(max(2, min(4, len(chosen) or 1)))
        names = {
            path: places[number % len(places)].text_input(
                path, mapping.named(path), key=f"adding-name-of-{path}"
            )
            for number, path in enumerate(chosen)
        }
    wrong = [name for name in names.values() if name and not mapping.is_name(name)]
    if wrong:
        st.warning(text("adding.bad_name", name=plain(wrong[0])))
        names = {path: name for path, name in names.items() if name not in wrong}
    return mapping.columns_of(chosen, names)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)
