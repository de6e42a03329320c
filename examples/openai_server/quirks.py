"""What compatible servers do differently, by the name in ``x-scenario``.

Each was seen in the wild: Azure's empty first chunk, reasoning in two spellings (vLLM
old and new), tool calls without index or all in one chunk (Gemini's bridge), a name
that comes late, arguments that are no JSON, usage beside the last choice.
"""

import copy
from typing import Any

_Chunk = dict[str, Any]


def scenario_of(model: str) -> str:
    """Return how the server of a model behaves unasked: vLLM shows Qwen's reasoning."""
    return "reasoning" if model.startswith("Qwen/") else ""


def bend_completion(completion: dict[str, Any], scenario: str) -> dict[str, Any]:
    """Return the completion as that kind of server would answer it."""
    message = completion["choices"][0]["message"]
    choice = completion["choices"][0]
    if scenario in ("reasoning", "reasoning_content"):
        message[scenario] = "The customer wants to know; I look it up."
    elif scenario == "refusal":
        message |= {"content": None, "refusal": "I cannot help with that."}
    elif scenario == "vllm":
        choice |= {"stop_reason": 128_009, "token_ids": [1, 2, 3]}
        bare = [None, {"9906": {"logprob": -0.1, "rank": 1, "decoded_token": "hi"}}]
        completion |= {"prompt_logprobs": bare, "kv_transfer_params": {"id": "kv-1"}}
    elif scenario.startswith("finish-"):
        choice["finish_reason"] = scenario.removeprefix("finish-")
    elif scenario == "invalid-arguments":
        for call in message.get("tool_calls", ()):
            call["function"]["arguments"] = '{"order_id": '
    elif scenario == "legacy-function-call" and message.get("tool_calls"):
        message["function_call"] = message.pop("tool_calls")[0]["function"]
        choice["finish_reason"] = "function_call"
    return completion


def bend_chunks(chunks: list[_Chunk], scenario: str) -> list[_Chunk]:
    """Return the chunks as that kind of server would stream them."""
    if scenario == "azure-filter":
        first = {**chunks[0], "choices": [], "prompt_filter_results": []}
        return [first, *chunks]
    if scenario == "usage-with-last-choice":
        return [*chunks[:-2], {**chunks[-2], "usage": chunks[-1]["usage"]}]
    if scenario == "calls-without-index":
        return [_without_index(chunk) for chunk in chunks]
    if scenario == "calls-in-one-chunk":
        return _calls_together(chunks)
    if scenario == "late-name":
        return _name_late(chunks)
    if scenario == "no-finish":
        return [each for each in chunks if not _finish(each)]
    if scenario == "continuous-usage":
        return _usage_everywhere(chunks)
    if scenario == "error-with-usage":
        usage = {"prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13}
        error = {"message": "The server had an error.", "type": "server_error"}
        return [
            *chunks[:3],
            {**chunks[0], "choices": [], "usage": usage, "error": error},
        ]
    if scenario == "vllm":
        return [_of_vllm(chunk) for chunk in chunks]
    return chunks


def _usage_everywhere(chunks: list[_Chunk]) -> list[_Chunk]:
    """Tell the tokens so far on every chunk, as vLLM does when it is asked to."""
    return [
        {
            **chunk,
            "usage": {
                "prompt_tokens": 11,
                "completion_tokens": sent,
                "total_tokens": 11 + sent,
            },
        }
        for sent, chunk in enumerate(chunks[:-1])
    ]


def _of_vllm(chunk: _Chunk) -> _Chunk:
    bent = copy.deepcopy(chunk)
    for choice in bent["choices"]:
        choice["token_ids"] = [1]
        if choice["finish_reason"]:
            choice["stop_reason"] = 128_009
    return bent


def _calls(chunk: _Chunk) -> list[dict[str, Any]]:
    for choice in chunk["choices"]:
        calls: list[dict[str, Any]] = choice["delta"].get("tool_calls") or []
        return calls
    return []


def _finish(chunk: _Chunk) -> bool:
    return any(choice["finish_reason"] for choice in chunk["choices"])


def _without_index(chunk: _Chunk) -> _Chunk:
    bent = copy.deepcopy(chunk)
    for call in _calls(bent):
        call["index"] = None
    return bent


def _calls_together(chunks: list[_Chunk]) -> list[_Chunk]:
    """Put all calls, whole, into the first chunk that has one; every index is 0."""
    whole: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        for call in _calls(chunk):
            if "id" in call:
                whole[call["index"]] = copy.deepcopy(call)
            else:
                function = whole[call["index"]]["function"]
                function["arguments"] += call["function"]["arguments"]
    rest = [chunk for chunk in chunks if not _calls(chunk)]
    first = copy.deepcopy(next(chunk for chunk in chunks if _calls(chunk)))
    together = [{**call, "index": 0} for call in whole.values()]
    first["choices"][0]["delta"]["tool_calls"] = together
    return [rest[0], first, *rest[1:]]


def _name_late(chunks: list[_Chunk]) -> list[_Chunk]:
    """Move each call's name from its first delta to its second."""
    bent = copy.deepcopy(chunks)
    names: dict[int, str] = {}
    for chunk in bent:
        for call in _calls(chunk):
            if "id" in call:
                names[call["index"]] = call["function"].pop("name")
            elif call["index"] in names:
                call["function"]["name"] = names.pop(call["index"])
    return bent
