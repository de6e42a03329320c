"""What changed between two texts, word by word, and in the rows of a dataset."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Final

from dashboard.shaping.messages import pretty

Row = Mapping[str, Any]
Piece = tuple[str, str]
"""``same``, ``gone`` or ``new``, and the text."""

MOST_WORDS: Final = 2000
"""Of each text; longer ones are shown whole, one after the other."""

ALIKE: Final = 0.4
"""Share of words that texts have in common, below which they are shown so, too."""

SHORT_CHARS: Final = 100
"""JSON up to this length is one line."""

_WORD: Final = re.compile(r"[^\S\n]*(?:\w+|[^\w\s])|\s+")
"""A word or a sign with the space before it: spaces alone are nothing in common."""
_TONES: Final = {"added": "good", "removed": "bad", "changed": "info"}


def pieces(before: str, after: str) -> list[Piece]:
    """Return a text's pieces in order: those that stayed, those gone, those new."""
    if before == after:
        return [("same", before)] if before else []
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    is_long = max(len(old), len(new)) > MOST_WORDS
    if not before or not after or is_long or matcher.ratio() < ALIKE:
        return _one_after_the_other(before, after)
    found: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[i:j])))
            continue
        if j > i:
            found.append(("gone", "".join(old[i:j])))
        if m > k:
            found.append(("new", "".join(new[k:m])))
    return found


def _one_after_the_other(before: str, after: str) -> list[Piece]:
    found: list[Piece] = []
    if before:
        found.append(("gone", before))
    if before and after:
        found.append(("same", "\n"))
    if after:
        found.append(("new", after))
    return found


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
