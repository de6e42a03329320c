"""What a judge model is told: instructions apart from data, data between marks."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from tracer._values.encoding import to_json
from tracer._values.text import clean_text
from tracer.evaluation._identity import WHOLE

Message = dict[str, str]

OPEN: Final = "<<<data"
CLOSE: Final = ">>>end"
"""How the lines begin that stand around each part of what is judged."""

MARK_DIGITS: Final = 12


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the texts of prompts in a language, by name."""
    file = resources.files("tracer.judges") / "texts" / f"prompts.{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def shown(value: Any) -> str:
    """Return a value as a judge reads it: text as it is, anything else as JSON."""
    if isinstance(value, str):
        return clean_text(value)
    return to_json(value, max_bytes=WHOLE)


def passages(value: Any) -> list[str]:
    """Return the texts of a retrieved context; a text alone is one passage.

    A passage may be a mapping with its text under ``text``, ``content`` or
    ``page_content``.
    """
    if not isinstance(value, list | tuple):
        return [shown(value)]
    return [shown(_text_in(one)) for one in value]


def _text_in(passage: Any) -> Any:
    if isinstance(passage, Mapping):
        texts = (passage.get(key) for key in ("text", "content", "page_content"))
        return next((text for text in texts if isinstance(text, str)), passage)
    return passage


def numbered(name: str, texts: Sequence[str]) -> dict[str, str]:
    """Return texts as parts of their own, counted from 1: ``context 1``."""
    return {f"{name} {i}": text for i, text in enumerate(texts, 1)}


def messages(
    language: str,
    task: str,
    schema: Mapping[str, Any],
    parts: Mapping[str, str],
) -> list[Message]:
    """Return the request for one judgement.

    Args:
        language: Language of the prompt.
        task: What is to be judged and how.
        schema: JSON schema of the reply.
        parts: Name to text of what is judged, in order; every text stands in the user
            message exactly as it is.
    """
    text = words(language)
    mark = mark_of(parts)
    rules = text["data"].format(open=OPEN, close=CLOSE, mark=mark)
    rules += f"\n{text['output']}" if "output" in parts else ""
    form = json.dumps(_form_of(schema), ensure_ascii=False, indent=1)
    explain = f"{text['explain']} " if '"explanation"' in form else ""
    reply = f"{explain}{text['reply']}\n{form}"
    system = "\n\n".join((text["role"], task, rules, reply))
    labels = text["parts"]
    data = "\n\n".join(
        _marked(_label(labels, name), given, mark) for name, given in parts.items()
    )
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": data},
    ]


def mark_of(parts: Mapping[str, str]) -> str:
    """Return hex digits that no part can know: a digest of all of them.

    So a part cannot close its own marks, and equal parts make equal prompts.
    """
    digest = hashlib.sha256()
    for pair in parts.items():
        for text in pair:
            data = text.encode()
            digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()[:MARK_DIGITS]


def _label(labels: Mapping[str, str], name: str) -> str:
    kind, _, number = name.partition(" ")
    return f"{labels.get(kind, kind)} {number}".rstrip()


def _marked(name: str, text: str, mark: str) -> str:
    return f"{OPEN} {name} {mark}\n{text}\n{CLOSE} {name} {mark}"


def _form_of(schema: Mapping[str, Any]) -> Any:
    """Return the form of a reply as an example of it, its descriptions as values."""
    if schema["type"] == "object":
        return {name: _form_of(one) for name, one in schema["properties"].items()}
    if schema["type"] == "array":
        return [_form_of(schema["items"])]
    said = f"<{schema.get('description') or schema['type']}>"
    if "enum" in schema and schema["type"] == "string":
        said = f"<{' | '.join(schema['enum'])}>"
    return said
