"""A request as a program to paste: Python with the `openai` client, or curl."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from dashboard.shaping.conversation.openai_request import Request

BASE_URL: Final = "https://api.openai.com/v1"
"""Where the client sends without OPENAI_BASE_URL."""

_CALLS: Final = {
    "chat/completions": "chat.completions.create",
    "responses": "responses.create",
    "embeddings": "embeddings.create",
    "completions": "completions.create",
}
_EXTRA: Final = frozenset({"top_k"})
"""Parameters of other servers, which the client takes in `extra_body` alone."""

_PRINTED: Final = {
    "chat/completions": "print(answer.choices[0].message)",
    "responses": "print(answer.output_text or answer.output)",
    "embeddings": "print(len(answer.data), len(answer.data[0].embedding))",
    "completions": "print(answer.choices[0].text)",
}
_STREAMED: Final = {
    "chat/completions": (
        "for chunk in answer:",
        "    if chunk.choices:",
        '        print(chunk.choices[0].delta.content or "", end="")',
    ),
    "completions": (
        "for chunk in answer:",
        "    if chunk.choices:",
        '        print(chunk.choices[0].text, end="")',
    ),
    "responses": (
        "for event in answer:",
        '    if event.type == "response.output_text.delta":',
        '        print(event.delta, end="")',
    ),
}
_WIDTH: Final = 88
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def python(request: Request, *, notes: Mapping[str, str], address: str = "") -> str:
    """Return a program that makes the request; it reads the key where the client does.

    Args:
        request: The request.
        notes: What to say of each thing that was not recorded.
        address: Host and port that the call went to, if they are known.
    """
    given = {name: each for name, each in request.body.items() if name not in _EXTRA}
    extra = {name: each for name, each in request.body.items() if name in _EXTRA}
    arguments = given | ({"extra_body": extra} if extra else {})
    lines = [
        "from openai import OpenAI",
        "",
        *(f"# {notes[name]}" for name in sorted(request.missing)),
        *([f"# {notes['address'].format(address=address)}"] if address else []),
        "client = OpenAI()  # OPENAI_BASE_URL, OPENAI_API_KEY",
        f"answer = client.{_CALLS[request.path]}(",
        *(f"    {name}={_literal(each, 4)}," for name, each in arguments.items()),
        ")",
    ]
    if request.is_streamed:
        lines += _STREAMED[request.path]
    else:
        lines.append(_PRINTED[request.path])
    return "\n".join(lines) + "\n"


def curl(request: Request, *, notes: Mapping[str, str]) -> str:
    """Return a command that makes the request; arguments as for `python`."""
    body = json.dumps(request.body, ensure_ascii=False, indent=2)
    if _SURROGATE.search(body):
        body = json.dumps(request.body, indent=2)
    # In JSON a line break within a text is \n, so no line of it ends the heredoc.
    lines = [
        *(f"# {notes[name]}" for name in sorted(request.missing)),
        f'curl -sS "${{OPENAI_BASE_URL:-{BASE_URL}}}/{request.path}" \\',
        '  -H "Authorization: Bearer $OPENAI_API_KEY" \\',
        '  -H "Content-Type: application/json" \\',
        "  --data-binary @- <<'JSON'",
        body,
        "JSON",
    ]
    return "\n".join(lines) + "\n"


def _literal(value: Any, indent: int) -> str:
    """Return a value as Python writes it, over several lines where one is too long."""
    flat = _flat(value)
    if len(flat) + indent <= _WIDTH or not value or not isinstance(value, dict | list):
        return flat
    inner, pad = indent + 4, " " * (indent + 4)
    if isinstance(value, dict):
        items = [
            f"{_flat(key)}: {_literal(each, inner)}" for key, each in value.items()
        ]
        opened, closed = "{", "}"
    else:
        items = [_literal(each, inner) for each in value]
        opened, closed = "[", "]"
    body = "".join(f"{pad}{item},\n" for item in items)
    return f"{opened}\n{body}{' ' * indent}{closed}"


def _flat(value: Any) -> str:
    if isinstance(value, str):
        # JSON's way to write a text is Python's, too; half a sign has no other.
        return json.dumps(value, ensure_ascii=bool(_SURROGATE.search(value)))
    if isinstance(value, dict):
        items = (f"{_flat(key)}: {_flat(each)}" for key, each in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flat(each) for each in value) + "]"
    return repr(value)
