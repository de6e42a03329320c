"""Secrets in free text: names in quotes, and where the values behind them end.

JSON, Python's reprs and pieces of both are read alike, also where they are cut off or
stand within another text in quotes, behind backslashes.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

REDACTED: Final = "[redacted]"
"""What stands where something was taken out."""

MOST_NAME_CHARACTERS: Final = 64
MOST_QUOTES_LOOKED_BACK: Final = 16

PAIR_WORDS: Final = (
    ("name", "value"),
    ("key", "value"),
    ("Name", "Value"),
    ("Key", "Value"),
)
"""Under which keys an object tells a name and its value."""

_SPACE = r"(?:\s|\\+[nrt])*"
_SPACE_HERE = re.compile(_SPACE)
_NAME = rf"((?:[^\"'\\\s]|\\+u[0-9a-fA-F]{{4}}){{1,{MOST_NAME_CHARACTERS}}})"
_FIRST_ITEM = re.compile(rf"{_SPACE}\\*([\"']){_NAME}\\*\1{_SPACE},")
_NAMED = re.compile(
    rf"[\"'](?:[Nn]ame|[Kk]ey)\\*[\"']{_SPACE}:{_SPACE}\\*[\"']"
    rf"{_NAME}\\*[\"']"
)
_NAME_END = re.compile(rf"(?<!\\)(\\*)([\"']){_SPACE}([:,]){_SPACE}")
_BOUNDARY = re.compile(r"(?<!\\)(\\*)([\"'])|[\[\](){},\n]")
_QUOTED = re.compile(r"[bruf]{0,2}(\\*)([\"'])", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]*")
_ESCAPED = re.compile(r"(?<!\\)\\+u([0-9a-fA-F]{4})")
_QUOTES: Final = ('"', "'")
_ENDS_OF_SPACE: Final = frozenset(" \n\r\t\f\vnrt\xa0")
_NOTHING_SECRET: Final = ("", "null", "true", "false", "None", "True", "False")


def keys_in(text: str) -> set[str]:
    """Return every name in quotes with a colon behind it, as it is written."""
    found, end = set(), -1
    for part in text.split(":")[:-1]:
        end += len(part) + 1
        last = part[-1:]
        if last == '"':
            opening = part.rfind('"', 0, -1)
            if opening > 0 and part[opening - 1] != "\\":
                found.add(part[opening + 1 : -1])
            else:
                found.add(_name_before(text, end - 1)[0])
        elif last == "'":
            found.add(_name_before(text, end - 1)[0])
        elif last in _ENDS_OF_SPACE:
            begin = _space_begin(part)
            if part[begin - 1 : begin] in _QUOTES:
                found.add(_name_before(text, end - len(part) + begin - 1)[0])
    return {_unescaped(name) for name in found}


def _space_begin(part: str) -> int:
    """Return where white space at the end begins, also such that is escaped."""
    bare = len(part.rstrip())
    while bare > 1 and part[bare - 1] in "nrt" and part[bare - 2] == "\\":
        bare = len(part[: bare - 1].rstrip("\\").rstrip())
    return bare


def pair_names_in(text: str, keys: set[str]) -> Iterator[str]:
    """Return what may name a value elsewhere: the first of two, or a ``name``."""
    for bracket in "[(":
        if bracket in text:
            for part in text.split(bracket)[1:]:
                if part[:1] in "\"'\\ \n\r\t" and (first := _FIRST_ITEM.match(part)):
                    yield _unescaped(first[2])
    if any(name in keys and value in keys for name, value in PAIR_WORDS):
        for named in _NAMED.finditer(text):
            yield _unescaped(named[1])


def without_secrets(text: str, is_secret: Callable[[str, Any], bool]) -> str:
    """Return the text with what stands behind names of secrets replaced.

    Args:
        text: Anything.
        is_secret: Says of a name and its value whether it must not be seen.
    """
    pieces, kept = [], 0
    for found in _NAME_END.finditer(text):
        if found.start() < kept:
            continue
        name, opening = _name_before(text, found.start(2))
        if found[3] == "," and not (may_name_a_pair(name) and _is_first(text, opening)):
            continue
        if not is_secret(name, ""):
            continue
        end = (
            _value_end(text, found.end(), found[1], found[2])
            if found[3] == ":"
            else _second_end(text, found.end())
        )
        if is_secret(name, _read(text[found.end() : end])):
            quote = found[1] + found[2]
            pieces.append(f"{text[kept : found.end()]}{quote}{REDACTED}{quote}")
            kept = end
    return "".join([*pieces, text[kept:]])


def may_name_a_pair(name: str) -> bool:
    """Return whether a text may be the name in a pair: short, and in one piece."""
    return len(name) <= MOST_NAME_CHARACTERS and not any(map(str.isspace, name))


def _name_before(text: str, closing: int) -> tuple[str, int]:
    """Return the name whose closing quote is given, and where it is opened."""
    quote, depth = text[closing], _backslashes_before(text, closing)
    opening = text.rfind(quote, 0, closing)
    for _ in range(MOST_QUOTES_LOOKED_BACK):
        if opening <= 0 or text[opening - 1] != "\\":
            break
        if _backslashes_before(text, opening) <= depth:
            break
        opening = text.rfind(quote, 0, opening)
    name = text[opening + 1 : closing - depth]
    return _unescaped(name), opening


def _unescaped(name: str) -> str:
    if "\\" not in name:
        return name
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), name)


def _backslashes_before(text: str, place: int) -> int:
    begin = place
    while begin > 0 and text[begin - 1] == "\\":
        begin -= 1
    return place - begin


def _value_end(text: str, begin: int, before: str, quote: str) -> int:
    """Return where a value ends: all of the rest if it does not.

    Args:
        text: What it stands in.
        begin: Where it begins.
        before: Backslashes before the quotes around its name.
        quote: That quote; the same with fewer of them ends what all stands in.
    """
    level = 0
    found = _BOUNDARY.search(text, begin)
    while found is not None:
        mark, after = found[0], found.end()
        if found[2]:
            if found[2] == quote and len(found[1]) < len(before):
                return found.start()
            after = _string_end(text, found)
        elif mark in "[({":
            level += 1
        elif level == 0:
            return found.start()
        elif mark in "])}":
            level -= 1
        found = _BOUNDARY.search(text, after)
    return len(text)


def _string_end(text: str, opening: re.Match[str]) -> int:
    """Return where a text in quotes is over, or the end of all if it was cut."""
    depth, quote = len(opening[1]), opening[2]
    place = text.find(quote, opening.end())
    while place >= 0:
        n_backslashes = _backslashes_before(text, place)
        over = n_backslashes - depth
        if over < 0:
            return place - n_backslashes
        if over % (2 * (depth + 1)) == 0:
            return place + 1
        place = text.find(quote, place + 1)
    return len(text)


def _is_first(text: str, opening: int) -> bool:
    """Return whether a text in quotes is the first of a list."""
    before = text[max(0, opening - MOST_NAME_CHARACTERS) : opening].rstrip("\\")
    return before[: _space_begin(before)][-1:] in ("[", "(")


def _second_end(text: str, begin: int) -> int:
    """Return the end of a text that is the second of two; `begin` if it is not."""
    second = _QUOTED.match(text, begin)
    if second is None:
        return begin
    end = _string_end(text, second)
    space = _SPACE_HERE.match(text, end)
    behind = end if space is None else space.end()
    return end if behind == len(text) or text[behind] in "])" else begin


def _read(raw: str) -> Any:
    """Return a written value as far as `names_a_secret` cares: none, number or text."""
    raw = raw.strip()
    if raw in _NOTHING_SECRET:
        return None
    return 0 if _NUMBER.fullmatch(raw) else raw
