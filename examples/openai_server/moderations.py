"""Moderation by a word or two: what is flagged, and how sure it is of the rest."""

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "harassment": ("idiot", "멍청이"),
    "harassment/threatening": (),
    "hate": (),
    "hate/threatening": (),
    "illicit": (),
    "illicit/violent": (),
    "self-harm": (),
    "self-harm/instructions": (),
    "self-harm/intent": (),
    "sexual": (),
    "sexual/minors": (),
    "violence": ("kill", "죽"),
    "violence/graphic": (),
}
"""Categories of the API, and the words that the server finds them by."""


def moderation(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return one verdict for each text, or one for a list of parts."""
    given = body["input"]
    is_texts = isinstance(given, list) and all(isinstance(item, str) for item in given)
    inputs = given if is_texts else [given]
    return {
        "id": "modr-1",
        "model": body["model"],
        "results": [_verdict(str(each).lower()) for each in inputs],
    }


def _verdict(text: str) -> dict[str, Any]:
    found = {
        category: any(word in text for word in words)
        for category, words in _WORDS.items()
    }
    return {
        "flagged": any(found.values()),
        "categories": found,
        "category_scores": {
            name: 0.97 if is_so else 0.01 for name, is_so in found.items()
        },
        "category_applied_input_types": {name: ["text"] for name in found},
    }
