"""Chat completions: the object, and the chunks of the same object streamed."""

import base64
import random
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from examples.openai_server import logprobs
from examples.openai_server.audio import wav
from examples.openai_server.model import reply
from examples.openai_server.tokens import count, count_messages, pieces

_FINGERPRINT = "fp_5ca1ab1e00"
_CREATED = 1_767_225_600


class Chat:
    """The chat model: deterministic by seed, varied from call to call.

    A prompt asked again gets another draw (the n-th time always the same one), so
    trials differ as they do in life; ``temperature=0`` or a ``seed`` fixes the draw.
    """

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self._asked: dict[int, int] = {}

    def complete(
        self, body: Mapping[str, Any], *, scenario: str = ""
    ) -> dict[str, Any]:
        """Return the completion of one request."""
        rng = self._draw(body)
        choices = [
            _choice(index, body, rng, scenario) for index in range(body.get("n") or 1)
        ]
        return {
            "id": f"chatcmpl-{rng.getrandbits(116):029x}",
            "object": "chat.completion",
            "created": _CREATED,
            "model": body["model"],
            "system_fingerprint": _FINGERPRINT,
            "service_tier": body.get("service_tier") or "default",
            "choices": choices,
            "usage": _usage(body, choices, cached=self._asked_before(body)),
        }

    def _draw(self, body: Mapping[str, Any]) -> random.Random:
        prompt = _digest(body)
        nth = self._asked.get(prompt, 0)
        self._asked[prompt] = nth + 1
        given = body.get("seed")
        if given is not None or body.get("temperature") == 0:
            nth = 0
        return random.Random(f"{self._seed}/{given}/{prompt}/{nth}")

    def _asked_before(self, body: Mapping[str, Any]) -> bool:
        return self._asked[_digest(body)] > 1


def chunks(
    completion: dict[str, Any], *, include_usage: bool
) -> Iterator[dict[str, Any]]:
    """Yield the completion as the API streams it; usage last, with no choices."""
    head = {key: completion[key] for key in ("id", "created", "model", "service_tier")}
    head |= {
        "object": "chat.completion.chunk",
        "system_fingerprint": completion["system_fingerprint"],
    }
    if include_usage:
        head["usage"] = None
    for choice in completion["choices"]:
        for delta in _deltas(choice["message"]):
            part = _part(choice["index"], delta, None)
            if choice["logprobs"] and delta.get("content"):
                part["logprobs"] = logprobs.of_chat(delta["content"], 0)
            yield head | {"choices": [part]}
        yield head | {"choices": [_part(choice["index"], {}, choice["finish_reason"])]}
    if include_usage:
        yield head | {"choices": [], "usage": completion["usage"]}


def _deltas(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": None if message.get("tool_calls") else ""}
    for field in ("reasoning", "reasoning_content", "refusal", "content"):
        for piece in pieces(message.get(field) or ""):
            yield {field: piece}
    if audio := message.get("audio"):
        for piece in pieces(audio["transcript"]):
            yield {"audio": {"id": audio["id"], "transcript": piece}}
        yield {"audio": {"id": audio["id"], "data": audio["data"]}}
    if legacy := message.get("function_call"):
        yield {"function_call": {"name": legacy["name"], "arguments": ""}}
        for piece in pieces(legacy["arguments"]):
            yield {"function_call": {"arguments": piece}}
    for index, call in enumerate(message.get("tool_calls") or ()):
        function = call["function"]
        opening = {"name": function["name"], "arguments": ""}
        yield {"tool_calls": [call | {"index": index, "function": opening}]}
        for piece in pieces(function["arguments"]):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def _part(index: int, delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}


def _choice(
    index: int, body: Mapping[str, Any], rng: random.Random, scenario: str
) -> dict[str, Any]:
    said = reply(body, rng, scenario=scenario)
    message: dict[str, Any] = {
        "role": "assistant",
        "content": said.content,
        "refusal": None,
    }
    if said.tool_calls:
        message["tool_calls"] = list(said.tool_calls)
    if "audio" in (body.get("modalities") or ()) and said.content:
        sound = base64.b64encode(wav(said.content)).decode()
        message |= {"content": None}
        message["audio"] = {
            "id": f"audio_{index}",
            "data": sound,
            "transcript": said.content,
            "expires_at": _CREATED + 3_600,
        }
    told = body.get("logprobs") and said.content
    return {
        "index": index,
        "message": message,
        "logprobs": logprobs.of_chat(told, body.get("top_logprobs") or 0)
        if told
        else None,
        "finish_reason": said.finish_reason,
    }


def _usage(
    body: Mapping[str, Any], choices: list[dict[str, Any]], *, cached: bool
) -> dict[str, Any]:
    prompt = count_messages(body["messages"])
    reasoning = 64 if body.get("reasoning_effort") else 0
    predicted = count(str((body.get("prediction") or {}).get("content") or ""))
    spoken = 0
    completion = reasoning
    for choice in choices:
        message = choice["message"]
        completion += count(message["content"] or "")
        spoken += 20 * count((message.get("audio") or {}).get("transcript") or "")
        completion += sum(
            8 + count(call["function"]["arguments"])
            for call in message.get("tool_calls", ())
        )
    completion += spoken
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {
            "cached_tokens": prompt // 128 * 128 if cached else 0,
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": spoken,
            "accepted_prediction_tokens": predicted // 2,
            "rejected_prediction_tokens": predicted - predicted // 2,
        },
    }


def _digest(body: Mapping[str, Any]) -> int:
    return zlib.crc32(repr((body["model"], body["messages"])).encode())
