"""Text completions, the API before chat: a prompt in, its continuation out."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracer import semconv
from tracer._openai.chat import NO_FINISH, RESPONSE, stop_reasons
from tracer._openai.fields import Reading, fields_of, items, number, text, typed
from tracer._openai.joiner import FEW
from tracer._openai.logprobs import Numbers, numbers_of, summary
from tracer._openai.parts import Part, text_part
from tracer._openai.settings import request_settings
from tracer._openai.usage import usage_attributes


def read_request(body: Mapping[str, Any]) -> Reading:
    """Return what a request asks to be continued."""
    prompts = _prompts(body.get("prompt"))
    messages = [{"role": "user", "parts": [prompt]} for prompt in prompts]
    content = {semconv.INPUT_MESSAGES: messages} if messages else {}
    return Reading(request_settings(body), content)


def read_response(completion: Any) -> Reading:
    """Return what a completion answers, streamed and joined or not."""
    fields = fields_of(completion)
    attributes = typed(fields, RESPONSE)
    attributes.update(usage_attributes(fields.get("usage")))
    choices = [fields_of(choice) for choice in items(fields, "choices")]
    content: dict[str, Any] = {}
    if choices:
        reasons = [text(choice, "finish_reason") or NO_FINISH for choice in choices]
        attributes[semconv.RESPONSE_FINISH_REASONS] = reasons
        content[semconv.OUTPUT_MESSAGES] = [
            {
                "role": "assistant",
                "parts": [text_part(text(choice, "text"))],
                "finish_reason": reason,
            }
            for choice, reason in zip(choices, reasons, strict=True)
        ]
        if any(choice.get("logprobs") for choice in choices):
            numbers = [numbers_of(choice.get("logprobs")) for choice in choices]
            content[semconv.LOGPROBS] = summary(numbers)
        if any(choice.get("stop_reason") is not None for choice in choices):
            attributes[semconv.RESPONSE_STOP_REASONS] = stop_reasons(choices)
    error = fields.get("error")
    return Reading(attributes, content, text(error, "message") if error else None)


def _prompts(prompt: Any) -> list[Part]:
    """Return one part for each prompt; numbers of tokens are counted, not listed."""
    if prompt is None:
        return []
    if isinstance(prompt, str):
        return [text_part(prompt)]
    given = prompt if isinstance(prompt, (list, tuple)) else ()
    if all(isinstance(item, int) for item in given):
        return [{"type": "tokens", "n_tokens": len(given)}]
    return [part for item in given for part in _prompts(item)]


class CompletionJoiner:
    """The completion so far, in the form of one that was not streamed."""

    fold_every = FEW

    def __init__(self) -> None:
        self._head: dict[str, Any] = {}
        self._choices: dict[int, _Choice] = {}

    def add(self, chunks: Iterable[Any]) -> None:
        """Take further chunks, in their order."""
        for chunk in chunks:
            fields = fields_of(chunk)
            for name in (*RESPONSE, "usage", "error"):
                if value := fields.get(name):
                    self._head[name] = value
            for choice in items(fields, "choices"):
                parts = fields_of(choice)
                self._choices.setdefault(number(parts, "index"), _Choice()).add(parts)

    def joined(self) -> dict[str, Any]:
        """Return the completion as far as it came."""
        choices = [self._choices[index].joined() for index in sorted(self._choices)]
        return {**self._head, "choices": choices}


class _Choice:
    """One choice so far."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._logprobs: Numbers = []
        self._end: Mapping[str, Any] = {}

    def add(self, choice: Mapping[str, Any]) -> None:
        self._texts.append(text(choice, "text"))
        self._logprobs += numbers_of(choice.get("logprobs"))
        if choice.get("finish_reason"):
            self._end = choice

    def joined(self) -> dict[str, Any]:
        return {
            "text": "".join(self._texts),
            "finish_reason": self._end.get("finish_reason"),
            "stop_reason": self._end.get("stop_reason"),
            "logprobs": {"token_logprobs": self._logprobs} if self._logprobs else None,
        }
