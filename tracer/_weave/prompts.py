"""Weave's prompts: texts with places that are filled when they are used."""

from collections.abc import Mapping, Sequence
from typing import Any


class StringPrompt:
    """A text with ``{places}``; `format` fills them.

    Args:
        content: The text.
        name: By which it is published.
    """

    def __init__(self, content: str, *, name: str = "StringPrompt") -> None:
        self.content = content
        self.name = name

    def __repr__(self) -> str:
        return f"StringPrompt({self.content!r})"

    def __str__(self) -> str:
        return self.content

    def format(self, **given: Any) -> str:
        """Return the text with its places filled."""
        return self.content.format(**given)


class MessagesPrompt:
    """Messages of a chat with ``{places}`` in their contents; `format` fills them.

    Args:
        messages: Mappings with ``role`` and ``content``.
        name: By which it is published.
    """

    def __init__(
        self, messages: Sequence[Mapping[str, Any]], *, name: str = "MessagesPrompt"
    ) -> None:
        self.messages = [dict(message) for message in messages]
        self.name = name

    def __repr__(self) -> str:
        return f"MessagesPrompt({self.messages!r})"

    def format(self, **given: Any) -> list[dict[str, Any]]:
        """Return the messages with their places filled; what is no text stays."""
        return [_filled(message, given) for message in self.messages]


def _filled(message: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if not isinstance(content, str):
        return dict(message)
    return {**message, "content": content.format(**given)}
