"""Text of unknown origin inside a line of our own Markdown."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])")


def plain(text: object) -> str:
    """Return text so that Markdown shows it as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
