"""Named splits of a dataset: shares as people write them, rows that know theirs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracer.evaluation._datasets.splitting import split_examples
from tracer.evaluation._rows import read_row

Row = Mapping[str, Any]

SPLIT: Final = "split"
"""Key of a row's metadata that names its split."""


def shares_of(written: str) -> dict[str, float] | None:
    """Return name → share of 1 of ``train=80 test=20``; None if it cannot be read."""
    found: dict[str, float] = {}
    for one in written.replace(",", " ").split():
        name, _, percent = one.partition("=")
        digits = percent.removesuffix("%")
        if not name or not digits.isdecimal() or name in found:
            return None
        found[name] = int(digits) / 100
    is_whole = abs(sum(found.values()) - 1) < 1e-9
    return found if is_whole and len(found) > 1 else None


def with_splits(
    rows: Sequence[Row],
    shares: Mapping[str, float],
    *,
    seed: str,
    group_by: str | None = None,
    stratify_by: str | None = None,
) -> list[dict[str, Any]]:
    """Return rows that name their split in their metadata.

    The arguments are those of `tracer.Dataset.split`.
    """
    examples = [read_row(row, number=number) for number, row in enumerate(rows)]
    found = split_examples(
        examples, shares, group_by=group_by, stratify_by=stratify_by, seed=seed
    )
    split_of = {id(example): name for name, part in found.items() for example in part}
    return [
        {**row, "metadata": {**row["metadata"], SPLIT: split_of[id(example)]}}
        for row, example in zip(rows, examples, strict=True)
    ]


def keys_of(rows: Sequence[Row]) -> list[str]:
    """Return the keys of metadata by which rows can be spread or kept together."""
    keys = dict.fromkeys(str(key) for row in rows for key in row["metadata"] or {})
    return [key for key in keys if key != SPLIT]
