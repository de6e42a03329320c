"""What changed between two texts, word by word, and in the rows of a dataset."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dashboard.shaping.conversation.messages import pretty
from dashboard.shaping.word_diff import MOST_CHARACTERS, Piece, compared

Row = Mapping[str, Any]

ALIKE: Final = 0.4
"""Share of its letters that the longer text has in common with the other; with fewer,
they are shown one after the other."""

SHORT_CHARS: Final = 100
"""JSON up to this length is one line."""

_TONES: Final = {"added": "good", "removed": "bad", "changed": "info"}


def pieces(before: str, after: str) -> list[Piece]:
    """Return a text's pieces in order: those that stayed, those gone, those new."""
    if before == after:
        return [("same", before)] if before else []
    before, after = before[:MOST_CHARACTERS], after[:MOST_CHARACTERS]
    found = compared(before, after)
    n_same = sum(len("".join(text.split())) for kind, text in found if kind == "same")
    if n_same >= ALIKE * max(len(before), len(after)):
        return found
    parts: list[Piece] = [("del", before), ("same", "\n"), ("ins", after)]
    return parts if before and after else [part for part in parts if part[1].strip()]


def cards(
    rows: Iterable[Row], *, words: Mapping[str, str], parts: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return changed rows as the component draws them.

    Args:
        rows: ``change id before after parts``, as `Client.dataset_changes` has them.
        words: What people call each kind of change.
        parts: What people call each part of a row.
    """
    return [
        {
            "badge": {"text": words[row["change"]], "tone": _TONES[row["change"]]},
            "id": row["id"],
            "parts": list(_parts(row, parts)),
        }
        for row in rows
    ]


def _parts(row: Row, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    before, after = row["before"] or {}, row["after"] or {}
    for part in row["parts"]:
        old, new = before.get(part), after.get(part)
        if isinstance(old or {}, Mapping) and isinstance(new or {}, Mapping):
            yield from _keys(names[part], old or {}, new or {})
        else:
            yield _part(names[part], old, new)
    if row["change"] == "changed" and "inputs" not in row["parts"]:
        asked = " · ".join(pretty(value) for value in after["inputs"].values())
        yield {"title": names["inputs"], "pieces": [("same", asked[:400])]}


def _keys(name: str, old: Row, new: Row) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield _part(f"{name} · {key}", old.get(key), new.get(key))


def _part(title: str, old: object, new: object) -> dict[str, Any]:
    return {"title": title, "pieces": pieces(_text(old), _text(new))}


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    line = json.dumps(value, ensure_ascii=False, default=str)
    return line if len(line) <= SHORT_CHARS else pretty(value)
