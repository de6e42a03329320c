"""Responses that are kept: fetched, streamed again, stopped and compacted."""

from collections.abc import Mapping
from typing import Any

from examples.openai_server.responses import events

_MOST = 1_000


class Stored:
    """The responses of this server, the oldest forgotten first."""

    def __init__(self) -> None:
        self._responses: dict[str, dict[str, Any]] = {}

    def keep(self, answered: dict[str, Any], *, in_background: bool) -> dict[str, Any]:
        """Keep a response; return it as it stands: one in the background has begun."""
        while len(self._responses) >= _MOST:
            self._responses.pop(next(iter(self._responses)))
        self._responses[answered["id"]] = answered
        if not in_background:
            return answered
        begun = {"status": "queued", "output": [], "usage": None, "background": True}
        return answered | begun

    def find(self, response_id: str) -> dict[str, Any] | None:
        """Return a response that was kept; one in the background is done by now."""
        return self._responses.get(response_id)

    def cancel(self, response_id: str) -> dict[str, Any] | None:
        """Stop a response that is being made in the background."""
        found = self.find(response_id)
        if found is None:
            return None
        stopped = {**found, "status": "cancelled", "output": [], "usage": None}
        self._responses[response_id] = stopped
        return stopped

    def events_after(
        self, answered: Mapping[str, Any], starting_after: int
    ) -> list[dict[str, Any]]:
        """Return the events of a response that come after one that was read before."""
        told = events(answered)
        return [event for event in told if event["sequence_number"] > starting_after]


def compacted(answered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the compaction of a conversation, of the response that went on with it."""
    item = {
        "id": "cmp_1",
        "type": "compaction",
        "encrypted_content": "gAAAAAB" + "x" * 2_000,
    }
    return {
        "id": answered["id"],
        "object": "response.compaction",
        "created_at": answered["created_at"],
        "output": [item],
        "usage": answered["usage"],
    }
