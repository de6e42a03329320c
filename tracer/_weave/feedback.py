"""Weave's feedback on a call: scores on its span, which `tracer.score` keeps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zlib import crc32

import orjson

from tracer._capture.scores import score
from tracer._setup import flush
from tracer._values.text import clean_text
from tracer.evaluation._resuming import collector

THUMBS: Final = {"👍": True, "👎": False}

REACTION: Final = "reaction"
NOTE: Final = "note"
_TYPES: Final = {REACTION: "wandb.reaction.1", NOTE: "wandb.note.1"}

RESERVED: Final = "wandb."
"""What Weave keeps for types of its own."""


@dataclass(frozen=True, kw_only=True)
class FeedbackItem:
    """One thing that was said of a call."""

    id: str
    """What `Feedback.purge` takes."""

    feedback_type: str
    """``wandb.reaction.1``, ``wandb.note.1``, or the type that `Feedback.add` was
    given."""

    payload: dict[str, Any]
    """``{"emoji": …}``, ``{"note": …}``, or what was added, as ``value`` and more."""

    creator: str | None
    """Who said it."""

    created_at: datetime
    """When, in UTC."""

    trace_id: str
    """Trace of the call."""

    span_id: str | None
    """Its span; None if it was said of the whole trace."""


@dataclass(frozen=True)
class Feedback:
    """What people say of a call, now or days later; it can be iterated.

    Different reactions and notes of one creator stand side by side, the same again
    changes nothing; of a type that `add` is given, the creator's newest stands.
    """

    trace_id: str
    """Trace of the call."""

    span_id: str
    """Its span."""

    def __iter__(self) -> Iterator[FeedbackItem]:
        flush()
        rows = collector().scores(
            where=[("trace_id", "=", self.trace_id), ("span_id", "=", self.span_id)],
            since=0,
            limit=None,
        )
        return iter(items_of(rows))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def add_reaction(self, emoji: str, creator: str | None = None) -> str:
        """React, as score ``reaction``; a thumb is true or false too.

        Returns:
            The id of the reaction, for `purge`.

        Raises:
            ValueError: There is no emoji.
        """
        emoji = _given(emoji, "an emoji, as add_reaction('👍')")
        value = THUMBS.get(emoji[:1])
        return self._score(
            REACTION, value, label=emoji, author=creator, repeat=_told(emoji)
        )

    def add_note(self, note: str, creator: str | None = None) -> str:
        """Say something in words, as explanation of a score ``note``; return its id.

        Raises:
            ValueError: Nothing is said.
        """
        note = _given(note, "a text")
        return self._score(NOTE, explanation=note, author=creator, repeat=_told(note))

    def add(
        self,
        feedback_type: str,
        payload: Mapping[str, Any] | None = None,
        creator: str | None = None,
        **more: Any,
    ) -> str:
        """Judge the call: the payload's ``value`` is the score's, the rest metadata.

        Returns:
            The id of the judgement, for `purge`.

        Raises:
            ValueError: The type begins with ``wandb.``, which Weave keeps for itself,
                or is none.
        """
        feedback_type = _given(feedback_type, "a feedback_type, as 'correctness'")
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
        return self._score(feedback_type, value, author=creator, metadata=facts)

    def purge(self, feedback_id: str) -> None:
        """Take back what was said; the collector still has that it was said.

        Args:
            feedback_id: What an ``add`` returned, or an item's `id`.

        Raises:
            ValueError: It is none.
        """
        name, source, author, repeat = _parts(feedback_id)
        self._score(name, source=source, author=author, repeat=repeat, deleted=True)

    def _score(self, name: str, value: Any = None, **said: Any) -> str:
        score(name, value, trace_id=self.trace_id, span_id=self.span_id, **said)
        told = {"source": "user", "author": None, "repeat": 0} | said
        return _id_of({"name": name, **told})


def items_of(scores: Iterable[Mapping[str, Any]]) -> list[FeedbackItem]:
    """Return scores as Weave has feedback."""
    return [
        FeedbackItem(
            id=_id_of(score),
            feedback_type=_TYPES.get(score["name"], score["name"]),
            payload=_payload(score),
            creator=score["author"],
            created_at=score["at"],
            trace_id=score["trace_id"],
            span_id=score["span_id"],
        )
        for score in scores
    ]


def _payload(score: Mapping[str, Any]) -> dict[str, Any]:
    if score["name"] == REACTION:
        return {"emoji": score["label"]}
    if score["name"] == NOTE:
        return {"note": score["explanation"]}
    value = score["label"] if score["value"] is None else score["value"]
    return {**score["metadata"], "value": value}


def _id_of(score: Mapping[str, Any]) -> str:
    """Return by what a score of a call is the same one again."""
    parts = [score[key] for key in ("name", "source", "author", "repeat")]
    return orjson.dumps(parts).decode()


def _parts(feedback_id: str) -> list[Any]:
    try:
        parts = orjson.loads(feedback_id)
    except (orjson.JSONDecodeError, TypeError):
        parts = None
    if not isinstance(parts, list) or len(parts) != 4:
        raise ValueError(
            f"{feedback_id!r} is no id of feedback; give what add_reaction, add_note "
            "or add returned, or the id of an item of call.feedback"
        )
    return parts


def _given(said: str, what: str) -> str:
    if not isinstance(said, str) or not said:
        raise ValueError(f"{said!r} says nothing; give {what}")
    return said


def _told(text: str) -> int:
    """Return a number by which different texts are different judgements."""
    return crc32(clean_text(text).encode())
