"""How many tokens a text will be, before any server has said."""

from collections.abc import Iterable
from math import ceil

from tracer.judges._prompts import Message

LETTERS_A_TOKEN = 4
"""ASCII letters that make a token; other letters, Hangul syllables too, count one."""

MESSAGE_TOKENS = 4
"""What a server adds to each message."""


def estimated_tokens(messages: Iterable[Message]) -> int:
    """Return about how many tokens a prompt has; for Korean rather too many."""
    return sum(MESSAGE_TOKENS + text_tokens(one["content"]) for one in messages)


def text_tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    n_ascii = len(text) if text.isascii() else sum(letter < "\x80" for letter in text)
    return ceil(n_ascii / LETTERS_A_TOKEN) + len(text) - n_ascii
