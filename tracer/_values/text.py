"""Texts that can travel: without lone surrogates, and not longer than allowed."""

from typing import Final

TRUNCATED: Final = "…[truncated"
"""How every mark begins that stands where something too long was left out."""


def clean_text(text: str) -> str:
    """Return the text without lone surrogates, which no UTF-8 encoder accepts.

    Pairs of them become the character that they stand for, others U+FFFD.
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def cut_text(text: str, most_characters: int) -> str:
    """Return the text, or its beginning and a mark that says how long it was."""
    if len(text) <= most_characters:
        return text
    return (
        f"{text[:most_characters]}{TRUNCATED}: {most_characters:,} of {len(text):,} "
        "characters kept]"
    )
