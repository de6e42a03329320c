"""Join the chunks of a streamed chat completion to the completion they make."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tracer._openai.fields import fields_of, get, text
from tracer._openai.joiner import FEW
from tracer._openai.logprobs import Numbers, numbers_of

_HEAD = ("id", "model", "service_tier", "system_fingerprint", "usage", "error")
_TEXTS = ("content", "refusal", "reasoning_content", "reasoning")


class ChatJoiner:
    """The completion so far, in the form of one that was not streamed.

    Lenient where compatible servers differ: tool calls without an index or all with
    index 0, a name that comes late, usage on any chunk, chunks without choices.
    """

    fold_every = FEW

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._choices: dict[int, _Choice] = {}

    def add(self, chunks: Iterable[Any]) -> None:
        """Take further chunks, in their order."""
        head, found = self._head, self._choices
        for chunk in chunks:
            fields = fields_of(chunk)
            for name in _HEAD:
                if value := fields.get(name):
                    head[name] = value
            choices = fields.get("choices")
            for choice in choices if isinstance(choices, list) else ():
                parts = fields_of(choice)
                index = parts.get("index")
                if type(index) is not int:
                    index = 0
                if index not in found:
                    found[index] = _Choice()
                found[index].add(parts)

    def joined(self) -> dict[str, Any]:
        """Return the completion as far as it came."""
        choices = [self._choices[index].joined() for index in sorted(self._choices)]
        return {**self._head, "choices": choices}


class _Choice:
    """One choice so far."""

    def __init__(self) -> None:
        self._finish: str | None = None
        self._stop_reason: Any = None
        self._logprobs: Numbers = []
        self._texts: defaultdict[str, list[str]] = defaultdict(list)
        self._calls: list[_Call] = []
        self._function: _Call | None = None

    def add(self, choice: Mapping[str, Any]) -> None:
        if finish := choice.get("finish_reason"):
            self._finish = finish
            self._stop_reason = choice.get("stop_reason")
        if logprobs := choice.get("logprobs"):
            self._logprobs += numbers_of(logprobs)
        for name, value in fields_of(choice.get("delta")).items():
            if value:
                if name in _TEXTS:
                    if isinstance(value, str):
                        self._texts[name].append(value)
                elif name != "role":
                    self._add_other(name, value)

    def _add_other(self, name: str, value: Any) -> None:
        """Take what is neither text nor the role: sound, and calls of tools."""
        if name == "audio":
            for part in ("data", "transcript"):
                self._texts[f"audio.{part}"].append(text(value, part))
        elif name == "tool_calls" and isinstance(value, list):
            for call in value:
                self._call_of(call).add(call)
        elif name == "function_call":
            self._function = self._function or _Call(None, None)
            self._function.add({"function": value})

    def joined(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant"}
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
        return {
            "finish_reason": self._finish,
            "stop_reason": self._stop_reason,
            "logprobs": {"token_logprobs": self._logprobs} if self._logprobs else None,
            "message": message,
        }

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
