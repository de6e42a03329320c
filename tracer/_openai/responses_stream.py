"""Join the events of a streamed response to the response they make."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracer._openai.fields import fields_of, number, text
from tracer._openai.joiner import FEW
from tracer._openai.responses import INTERRUPTED

_TERMINAL = ("response.completed", "response.incomplete", "response.failed")
_ITEM_FIELDS = {
    "response.function_call_arguments.delta": "arguments",
    "response.mcp_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
    "response.code_interpreter_call_code.delta": "code",
}
"""Pieces of a field of the item itself."""

_DELTAS = {
    **_ITEM_FIELDS,
    "response.output_text.delta": "output_text",
    "response.refusal.delta": "refusal",
    "response.reasoning_text.delta": "reasoning",
    "response.reasoning_summary_text.delta": "reasoning",
}


class ResponsesJoiner:
    """The response so far; the last event holds all of it, if it comes."""

    fold_every = FEW

    def __init__(self) -> None:
        self._response: Any = None
        self._error: Mapping[str, Any] | None = None
        self._is_whole = False
        self._items: dict[int, _Item] = {}

    def add(self, chunks: Iterable[Any]) -> None:
        """Take further events, in their order."""
        for chunk in chunks:
            event = fields_of(chunk)
            kind = text(event, "type")
            if kind in _DELTAS:
                self._item(event).say(_DELTAS[kind], event.get("delta"))
            elif kind == "error" or event.get("error"):
                self._error = fields_of(event.get("error") or event)
            elif kind in ("response.output_item.added", "response.output_item.done"):
                is_done = kind == "response.output_item.done"
                self._item(event).know(event.get("item"), is_done=is_done)
            elif event.get("response") is not None:
                self._response = event["response"]
                self._is_whole = kind in _TERMINAL

    def joined(self) -> Any:
        """Return the response as far as it came."""
        if self._is_whole and self._error is None:
            return self._response
        output = [self._items[index].joined() for index in sorted(self._items)]
        return {
            **fields_of(self._response),
            "output": output,
            "status": INTERRUPTED,
            "error": self._error,
        }

    def _item(self, event: Mapping[str, Any]) -> "_Item":
        return self._items.setdefault(number(event, "output_index"), _Item())


class _Item:
    """One item of the output so far."""

    def __init__(self) -> None:
        self._known: Any = None
        self._is_done = False
        self._said: dict[str, list[str]] = {}

    def know(self, item: Any, *, is_done: bool) -> None:
        self._known = item
        self._is_done = is_done

    def say(self, name: str, piece: Any) -> None:
        if isinstance(piece, str):
            self._said.setdefault(name, []).append(piece)

    def joined(self) -> Any:
        if self._is_done:
            return self._known
        known = dict(fields_of(self._known))
        said = {name: "".join(pieces) for name, pieces in self._said.items()}
        if fields := {key: said[key] for key in _ITEM_FIELDS.values() if key in said}:
            return known | fields
        if "reasoning" in said:
            return known | {"content": [{"text": said["reasoning"]}]}
        content = [{"type": "output_text", "text": said.get("output_text", "")}]
        if "refusal" in said:
            content = [{"type": "refusal", "refusal": said["refusal"]}]
        return known | {"content": content}
