"""Text completions, the API before chat: the same model, asked without roles."""

from collections.abc import Iterator, Mapping
from typing import Any

from examples.openai_server import logprobs
from examples.openai_server.tokens import pieces


def as_chat(body: Mapping[str, Any], prompt: Any) -> dict[str, Any]:
    """Return the chat request that asks the same of one prompt."""
    text = prompt if isinstance(prompt, str) else " ".join(map(str, prompt))
    chat: dict[str, Any] = {"messages": [{"role": "user", "content": text}]}
    for name in ("model", "temperature", "seed", "max_tokens", "n"):
        chat[name] = body.get(name)
    return chat


def prompts(body: Mapping[str, Any]) -> list[Any]:
    """Return the prompts of a request: one text, several, or numbers of tokens."""
    given = body.get("prompt") or ""
    if isinstance(given, str) or all(isinstance(item, int) for item in given):
        return [given]
    return list(given)


def completion(
    body: Mapping[str, Any], answered: list[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the answer of a request, made of one chat completion for each prompt."""
    choices = [choice for each in answered for choice in each["choices"]]
    spent = [each["usage"] for each in answered]
    n_prompt = sum(usage["prompt_tokens"] for usage in spent)
    n_completion = sum(usage["completion_tokens"] for usage in spent)
    return {
        "id": answered[0]["id"].replace("chatcmpl-", "cmpl-"),
        "object": "text_completion",
        "created": answered[0]["created"],
        "model": body["model"],
        "system_fingerprint": answered[0]["system_fingerprint"],
        "choices": [_choice(body, at, choice) for at, choice in enumerate(choices)],
        "usage": {
            "prompt_tokens": n_prompt,
            "completion_tokens": n_completion,
            "total_tokens": n_prompt + n_completion,
        },
    }


def chunks(answered: Mapping[str, Any], *, include_usage: bool) -> Iterator[Any]:
    """Yield the completion as the API streams it; usage last, with no choices."""
    head = {key: answered[key] for key in answered if key not in ("choices", "usage")}
    for choice in answered["choices"]:
        for piece in pieces(choice["text"]):
            told = logprobs.of_text(piece) if choice["logprobs"] else None
            part = {"index": choice["index"], "text": piece, "logprobs": told}
            yield head | {"choices": [part | {"finish_reason": None}]}
        end = choice | {"text": "", "logprobs": None}
        yield head | {"choices": [end]}
    if include_usage:
        yield head | {"choices": [], "usage": answered["usage"]}


def _choice(
    body: Mapping[str, Any], index: int, choice: Mapping[str, Any]
) -> dict[str, Any]:
    text = choice["message"]["content"]
    return {
        "index": index,
        "text": text,
        "logprobs": None if body.get("logprobs") is None else logprobs.of_text(text),
        "finish_reason": choice["finish_reason"],
    }
