"""How good is an answer? Read from its text, nothing else."""

import re
from collections.abc import Mapping
from typing import Any

from tracer.evaluation import on_scale

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z]")
_POLITE = re.compile(r"\b(?:thank|please|sorry)\b|감사|죄송|말씀해 주세요", re.I)


@on_scale(0, 1)
def mentions_facts(output: str, expected: Mapping[str, Any]) -> float:
    """Return the share of the expected facts that the answer mentions, 0 to 1."""
    facts = expected["facts"]
    said = output.lower()
    found = [fact for fact in facts if any(way.lower() in said for way in fact)]
    return len(found) / len(facts)


def answers_in_language(output: str, expected: Mapping[str, Any]) -> bool:
    """Return whether the answer is in the language of the question."""
    is_korean = len(_HANGUL.findall(output)) > len(_LATIN.findall(output))
    return bool(is_korean == (expected["language"] == "ko"))


def is_polite(output: str) -> bool:
    """Return whether the answer thanks, asks kindly or apologises."""
    return bool(_POLITE.search(output))
