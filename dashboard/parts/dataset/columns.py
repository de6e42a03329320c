"""The columns in which rows of datasets are shown."""

from collections.abc import Mapping, Sequence

from dashboard import data
from dashboard.shaping import cells
from dashboard.shaping.cells import Cell, Column
from dashboard.shaping.datasets import nearness
from dashboard.shaping.datasets.nearness import Near
from dashboard.texts import section, text


def preview_columns(
    rows: Sequence[data.Row],
    keys: Sequence[str] = (),
    *,
    near: bool = False,
    source: bool = False,
) -> list[Column]:
    """Return the columns that show examples; what none of them has is left out.

    Args:
        rows: The examples.
        keys: Inputs that have a column each; all share one if there are none.
        near: Whether there is one for what a row repeats.
        source: Whether there is one for where a row is from.
    """
    names = section("datasets.columns")
    inputs = [Column(f"inputs.{key}", key, "minmax(120px, 1.6fr)") for key in keys]
    found = [
        Column("number", names["number"], "max-content", end=True),
        *(inputs or [Column("inputs", names["inputs"], "minmax(140px, 2fr)")]),
        Column("expected", names["expected"], "minmax(80px, 1.2fr)"),
    ]
    if any(row["output"] is not None for row in rows):
        found.append(Column("output", names["output"], "minmax(120px, 2fr)"))
    if any(row["metadata"] for row in rows):
        found.append(Column("metadata", names["metadata"], "minmax(60px, 1fr)"))
    if near:
        found.insert(1, Column("near", names["near"], "max-content"))
    if source and any(row["source"] for row in rows):
        found.append(Column("source", names["source"], "max-content"))
    return found


def near_cells(found: Mapping[int, Near]) -> dict[int, Cell]:
    """Return number of a new row → the words that say what it repeats."""
    return {
        number: cells.badge(
            text(
                "adding.near_stored" if near.is_stored else "adding.near_new",
                n=f"{near.place + 1:,}",
                share=f"{near.similarity:.0%}",
            ),
            "warn",
        )
        for number, near in found.items()
    }


def near_of(rows: Sequence[data.Row], stored: Sequence[data.Row]) -> dict[int, Near]:
    """Return which new rows nearly repeat others; see `nearness.near_rows`."""
    return nearness.near_rows(rows, stored) if rows else {}
