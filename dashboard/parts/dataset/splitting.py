"""The dialog that puts the rows of a dataset into named splits."""

from typing import Final

import streamlit as st

from dashboard import data
from dashboard.parts import states
from dashboard.parts.dataset import saving
from dashboard.shaping.datasets import splits
from dashboard.shaping.markdown import plain
from dashboard.texts import section, text
from tracer.errors import ConflictError

MOST_ROWS: Final = 50_000
"""Of a dataset: all of them are read, and sent back."""

DEFAULT: Final = "train=80 test=20"


@states.explained()
def dialog(page: data.DatasetPage) -> None:
    """Draw the form, and save what it says as a new version."""
    row = page.row
    st.caption(text("datasets.split_help"))
    written = st.text_input(
        text("datasets.split_names"), value=DEFAULT, key="split-shares"
    )
    left, right = st.columns(2)
    seed = left.text_input(text("datasets.split_seed"), value="1", key="split-seed")
    how, by = _by(page, right)
    shares = splits.shares_of(written)
    if row["n_rows"] > MOST_ROWS:
        st.warning(text("datasets.split_too_many", n=f"{MOST_ROWS:,}"))
    elif shares is None:
        st.warning(text("datasets.split_wrong"))
    elif st.button(text("datasets.split_make"), type="primary", key="split-save"):
        _save(row, shares, seed=seed, how=how, by=by)


def _by(
    page: data.DatasetPage, place: st.delta_generator.DeltaGenerator
) -> tuple[str, str]:
    """Draw by which key rows are kept together or spread; return how, and the key."""
    names = section("datasets.split_hows")
    options = [("id", "")] + [
        (how, key) for key in splits.keys_of(page.rows) for how in ("group", "spread")
    ]
    chosen: tuple[str, str] = place.selectbox(
        text("datasets.split_by"),
        options,
        format_func=lambda one: names[one[0]].format(key=one[1]),
        key="split-by",
    )
    return chosen


def _save(
    row: data.Row, shares: dict[str, float], *, seed: str, how: str, by: str
) -> None:
    found = data.whole_dataset(row["name"], row["project"], version=row["version"])
    rows = splits.with_splits(
        found.rows,
        shares,
        seed=seed,
        group_by=by if how == "group" else None,
        stratify_by=by if how == "spread" else None,
    )
    parts = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    note = text("datasets.split_note", parts=parts, seed=seed)
    try:
        saved = data.save_all_rows(
            row["name"], row["project"], rows, replaces=row["version"], note=note
        )
    except ConflictError:
        saving.came_too_late()
        return
    except ValueError as error:  # stored before ids were held to name one example
        st.error(plain(str(error)), icon=":material/error:")
        return
    saving.done(text("datasets.saved", version=saved["version"][:8]))
