"""Join the chunks of a streamed chat completion to the completion they make."""

from collections.abc import Iterable
from typing import Any

from tracer._openai.fields import get, items, text

_HEAD = ("id", "model", "service_tier", "system_fingerprint", "error")


class ChatJoiner:
    """The completion so far, in the form of one that was not streamed.

    Lenient where compatible servers differ: tool calls without an index or all with
    index 0, a name that comes late, usage on any chunk, chunks without choices.
    """

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._choices: dict[int, _Choice] = {}

    def add(self, chunks: Iterable[Any]) -> None:
        """Take further chunks, in their order."""
        for chunk in chunks:
            for name in _HEAD:
                if (value := get(chunk, name)) and name not in self._head:
                    self._head[name] = value
            if (usage := get(chunk, "usage")) is not None:
                self._head["usage"] = usage
            for choice in items(chunk, "choices"):
                index = get(choice, "index") or 0
                self._choices.setdefault(index, _Choice()).add(choice)

    def joined(self) -> dict[str, Any]:
        """Return the completion as far as it came."""
        choices = [self._choices[index].joined() for index in sorted(self._choices)]
        return {**self._head, "choices": choices}


class _Choice:
    """One choice so far."""

    def __init__(self) -> None:
        self._role = "assistant"
        self._finish: str | None = None
        self._texts: dict[str, list[str]] = {}
        self._calls: list[_Call] = []
        self._function: _Call | None = None

    def add(self, choice: Any) -> None:
        self._finish = text(choice, "finish_reason") or self._finish
        delta = get(choice, "delta")
        self._role = text(delta, "role") or self._role
        for name in ("content", "refusal", "reasoning_content", "reasoning"):
            if piece := text(delta, name):
                self._texts.setdefault(name, []).append(piece)
        if audio := get(delta, "audio"):
            for name in ("data", "transcript"):
                if piece := text(audio, name):
                    self._texts.setdefault(f"audio.{name}", []).append(piece)
        for call in items(delta, "tool_calls"):
            self._call_of(call).add(call)
        if legacy := get(delta, "function_call"):
            self._function = self._function or _Call(None, None)
            self._function.add({"function": legacy})

    def joined(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": self._role}
        texts = {name: "".join(pieces) for name, pieces in self._texts.items()}
        audio = {
            name: texts.pop(f"audio.{name}", "") for name in ("data", "transcript")
        }
        message |= texts
        if any(audio.values()):
            message["audio"] = audio
        if self._calls:
            message["tool_calls"] = [call.joined() for call in self._calls]
        if self._function:
            message["function_call"] = self._function.joined()["function"]
        return {"finish_reason": self._finish, "message": message}

    def _call_of(self, delta: Any) -> "_Call":
        """Return the call that a delta goes on with, a new one if it begins one."""
        index, call_id = get(delta, "index"), get(delta, "id")
        same = [call for call in self._calls if index is None or call.index == index]
        if same and (not call_id or same[-1].id in (None, call_id)):
            return same[-1]
        self._calls.append(_Call(index, call_id))
        return self._calls[-1]


class _Call:
    """One tool call so far."""

    def __init__(self, index: int | None, call_id: str | None) -> None:
        self.index = index
        self.id = call_id
        self._name = ""
        self._arguments: list[str] = []
        self._custom = False

    def add(self, delta: Any) -> None:
        self.id = self.id or get(delta, "id")
        custom = get(delta, "custom")
        self._custom = self._custom or custom is not None
        function = custom if custom is not None else get(delta, "function")
        self._name = self._name or text(function, "name")
        self._arguments.append(text(function, "input" if self._custom else "arguments"))

    def joined(self) -> dict[str, Any]:
        spoken = "".join(self._arguments)
        if self._custom:
            return {"id": self.id, "custom": {"name": self._name, "input": spoken}}
        return {"id": self.id, "function": {"name": self._name, "arguments": spoken}}
