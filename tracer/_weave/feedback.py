"""Weave's feedback on a call: scores on its span, which `tracer.score` keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from tracer._capture.scores import score
from tracer._values.text import clean_text

THUMBS: Final = {"👍": True, "👎": False}

RESERVED: Final = "wandb."
"""What Weave keeps for types of its own."""


@dataclass(frozen=True)
class Feedback:
    """What people say of a call, now or days later.

    Different reactions and notes of one creator stand side by side, the same again
    changes nothing; of a type that `add` is given, the creator's newest stands.
    """

    trace_id: str
    """Trace of the call."""

    span_id: str
    """Its span."""

    def add_reaction(self, emoji: str, creator: str | None = None) -> None:
        """React, as score ``reaction``; a thumb is true or false too."""
        value = THUMBS.get(emoji[:1])
        self._score("reaction", value, label=emoji, author=creator, repeat=_told(emoji))

    def add_note(self, note: str, creator: str | None = None) -> None:
        """Say something in words, as explanation of a score ``note``."""
        self._score("note", explanation=note, author=creator, repeat=_told(note))

    def add(
        self,
        feedback_type: str,
        payload: Mapping[str, Any] | None = None,
        creator: str | None = None,
        **more: Any,
    ) -> None:
        """Judge the call: the payload's ``value`` is the score's, the rest metadata.

        Raises:
            ValueError: The type begins with ``wandb.``, which Weave keeps for itself.
        """
        if feedback_type.startswith(RESERVED):
            raise ValueError(
                f"{feedback_type!r}: types that begin with {RESERVED} are Weave's own; "
                "use add_reaction or add_note"
            )
        facts = {**(payload or {}), **more}
        value = facts.get("value")
        if isinstance(value, bool | int | float | str):
            del facts["value"]
        else:
            value = None
        self._score(feedback_type, value, author=creator, metadata=facts)

    def _score(self, name: str, value: Any = None, **said: Any) -> None:
        score(name, value, trace_id=self.trace_id, span_id=self.span_id, **said)


def _told(text: str) -> int:
    """Return a number by which different texts are different judgements."""
    return crc32(clean_text(text).encode())
