"""What is kept, to be fetched, listed, streamed again: responses and completions."""

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
        begun = {"status": "queued", "usage": None, "background": True}
        return {**answered, **begun, "output": []}

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


class StoredChats:
    """Chat completions that were asked to be stored, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, list[Any]] = {}

    def keep(self, body: Mapping[str, Any], completion: Mapping[str, Any]) -> None:
        """Keep a completion with what was asked."""
        while len(self._kept) >= _MOST:
            self._kept.pop(next(iter(self._kept)))
        fields = ("temperature", "top_p", "seed", "tools", "tool_choice")
        asked = {key: body[key] for key in fields if key in body}
        metadata = body.get("metadata") or {}
        self._kept[completion["id"]] = {**completion, **asked, "metadata": metadata}
        self._asked[completion["id"]] = list(body["messages"])

    def find(self, completion_id: str) -> dict[str, Any] | None:
        """Return a completion that was kept."""
        return self._kept.get(completion_id)

    def page(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of completions: ``model metadata[KEY] order after limit``."""
        found = [one for one in self._kept.values() if _fits(one, query)]
        if query.get("order") == "desc":
            found.reverse()
        return page(found, query)

    def messages(self, completion_id: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the messages that a completion was asked with."""
        asked = self._asked.get(completion_id) or ()
        kept = [
            {"id": f"{completion_id}-{number}", **_stored_message(message)}
            for number, message in enumerate(asked)
        ]
        return page(kept, query)


def page(found: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """Return the items behind the cursor as the API lists them."""
    after, limit = query.get("after"), int(query.get("limit") or 20)
    ids = [one["id"] for one in found]
    first = ids.index(after) + 1 if after in ids else 0
    data = found[first : first + limit]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": first + limit < len(found),
    }


def _fits(completion: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    wanted = {
        key.removeprefix("metadata[").removesuffix("]"): value
        for key, value in query.items()
        if key.startswith("metadata[")
    }
    is_model = query.get("model") in (None, completion["model"])
    return is_model and wanted.items() <= completion["metadata"].items()


def _stored_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as it is kept: parts of content stand beside it."""
    content = message.get("content")
    if isinstance(content, list):
        return {**message, "content": None, "content_parts": content}
    return {**message, "content_parts": None}


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
