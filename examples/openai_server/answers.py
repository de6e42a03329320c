"""What the model says: composed from the passages and tool results in the prompt.

It follows instructions the way a small model does: told to give every fact it mostly
does, not told it leaves some out; told to use the customer's language it mostly does,
not told it often falls into English.
"""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from examples.openai_server.embeddings import embed

_PASSAGE = re.compile(
    r'<passage[^>]*lang="(?P<lang>\w+)"[^>]*>(?P<text>.*?)</passage>', re.S
)
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s|$)[^.!?]*)*[.!?]?")
_KOREAN = re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True)
class Manner:
    """How probable it is that the model does what it was told."""

    complete: float
    """Probability that a relevant sentence is kept."""

    same_language: float
    """Probability that it answers in the language of the question."""

    polite: float
    """Probability that it greets."""


def language_of(text: str) -> str:
    """Return ``ko`` if the text has Hangul in it, else ``en``."""
    return "ko" if _KOREAN.search(text) else "en"


def manner(instructions: str) -> Manner:
    """Read from the instructions what the model was told to do."""
    told = instructions.lower()
    return Manner(
        complete=0.95 if "every fact" in told else 0.6,
        same_language=0.98 if "customer's language" in told else 0.55,
        polite=0.95 if "polite" in told else 0.25,
    )


def answer(
    instructions: str, question: str, results: Sequence[str], rng: random.Random
) -> str:
    """Compose an answer from what the prompt holds; say so if it holds nothing."""
    manners = manner(instructions)
    language = language_of(question)
    if rng.random() > manners.same_language:
        language = "en"
    facts = [*_told_by_tools(results, language)]
    if not results:
        facts += _told_by_passages(instructions, question, language, manners, rng)
    if not facts:
        facts = [_NOTHING[language]]
    if rng.random() < manners.polite:
        facts = [_GREETING[language], *facts, _CLOSING[language]]
    return " ".join(facts)


def _told_by_passages(
    instructions: str, question: str, language: str, manners: Manner, rng: random.Random
) -> list[str]:
    passages = [
        (found["lang"], found["text"].strip())
        for found in _PASSAGE.finditer(instructions)
    ]
    spoken = [text for lang, text in passages if lang == language]
    texts = spoken or [text for _, text in passages]
    kept = []
    for rank, text in enumerate(texts):
        for sentence in _sentences(text):
            relevant = rank == 0 or _likeness(question, sentence) > 0.3
            if relevant and rng.random() < manners.complete:
                kept.append(sentence)
    return kept or [sentence for text in texts[:1] for sentence in _sentences(text)[:1]]


def _told_by_tools(results: Sequence[str], language: str) -> list[str]:
    told = []
    for result in results:
        try:
            fields = json.loads(result)
        except ValueError:
            told.append(result)
            continue
        if isinstance(fields, dict) and "order_id" in fields and "status" in fields:
            told.append(_ORDER[language].format(**{"arrives": "?", **fields}))
        elif isinstance(fields, dict) and "error" in fields:
            told.append(_UNREACHABLE[language])
        else:
            told.append(result)
    return told


def _sentences(text: str) -> list[str]:
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def _likeness(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(embed(one), embed(other), strict=True))


_GREETING = {
    "en": "Thank you for reaching out.",
    "ko": "문의해 주셔서 감사합니다.",
}
_CLOSING = {
    "en": "Please let us know if we can help with anything else.",
    "ko": "더 궁금한 점이 있으시면 말씀해 주세요.",
}
_NOTHING = {
    "en": "I do not have that information.",
    "ko": "해당 정보를 가지고 있지 않습니다.",
}
_ORDER = {
    "en": "Order {order_id} is {status} and arrives on {arrives}.",
    "ko": "주문 {order_id}의 상태는 {status}이며 {arrives}에 도착합니다.",
}
_UNREACHABLE = {
    "en": "I cannot look up the order right now.",
    "ko": "지금은 주문을 조회할 수 없습니다.",
}
