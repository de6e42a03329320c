"""What differs between two texts, word by word, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final, Literal

Kind = Literal["same", "del", "ins"]
Piece = tuple[Kind, str]

MOST_CHARACTERS: Final = 40_000
"""Of each text; what is behind it is not compared, and the viewer is told."""

MOST_WORDS: Final = 1_500
"""Of a changed stretch of lines; a longer one is shown as a whole: comparing words
takes time by the square of their number."""

LEAST_SAME: Final = 0.15
"""Share of a changed stretch that must be the same for its words to be told apart: two
texts about different things have some words in common, which say nothing."""

MOST_LINES: Final = 1_500

_WORD: Final = re.compile(
    # Chinese and Japanese have no spaces: sign by sign
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|."
)


def words(left: str, right: str, *, names: tuple[str, str]) -> dict[str, Any]:
    """Return two texts as the component draws them.

    Args:
        left: The text that is compared with.
        right: The other.
        names: What people call the two.
    """
    n_cut = max(len(left), len(right)) - MOST_CHARACTERS
    pieces = compared(left[:MOST_CHARACTERS], right[:MOST_CHARACTERS])
    return {
        "pieces": [list(piece) for piece in pieces],
        "left": names[0],
        "right": names[1],
        "cut": MOST_CHARACTERS if n_cut > 0 else 0,
    }


def compared(left: str, right: str) -> list[Piece]:
    """Return the pieces of both texts in order.

    The pieces that are the same or deleted make the left text, those that are the same
    or inserted the right one.
    """
    return list(_joined(_by_line(left, right)))


def _by_line(left: str, right: str) -> Iterator[Piece]:
    old, new = left.splitlines(keepends=True), right.splitlines(keepends=True)
    if max(len(old), len(new)) > MOST_LINES:
        yield from _whole(left, right)
        return
    for tag, a, b, c, d in _steps(old, new):
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield "same", before
        else:
            yield from _by_word(before, after)


def _by_word(left: str, right: str) -> Iterator[Piece]:
    old, new = _WORD.findall(left), _WORD.findall(right)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from _whole(left, right)
        return
    steps = _steps(old, new)
    n_same = sum(
        len(word)
        for tag, a, b, _, _ in steps
        if tag == "equal"
        for word in old[a:b]
        if not word.isspace()
    )
    if n_same < LEAST_SAME * max(len(left), len(right)):
        yield from _whole(left, right)
        return
    for tag, a, b, c, d in steps:
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield "same", before
        else:
            yield from _whole(before, after)


def _whole(left: str, right: str) -> Iterator[Piece]:
    if left == right:
        yield "same", left
        return
    yield "del", left
    yield "ins", right


def _steps(
    old: Sequence[str], new: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join what was changed next to each other, spaces between two changes too."""
    old = new = waiting = ""
    for kind, text in pieces:
        if kind != "same":
            old, new, waiting = old + waiting, new + waiting, ""
            old, new = (old + text, new) if kind == "del" else (old, new + text)
        elif text.isspace() and (old or new) and not waiting:
            waiting = text
        else:
            yield from _changed(old, new)
            yield "same", waiting + text
            old = new = waiting = ""
    yield from _changed(old, new)
    if waiting:
        yield "same", waiting


def _changed(old: str, new: str) -> Iterator[Piece]:
    if old:
        yield "del", old
    if new:
        yield "ins", new
