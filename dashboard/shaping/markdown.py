"""Text of unknown origin inside a line of our own Markdown."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])")


def disarmed(markdown: str) -> str:
    """Return somebody's Markdown so that it loads nothing: images stay text.

    HTML in it is left to Streamlit, which shows it as text.
    """
    return markdown.replace("![", "!\\[")


def plain(text: object) -> str:
    """Return text so that Markdown shows it as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
