"""Stop what the bot must not answer, before any model sees it."""

import re

import tracer

_CARD_NUMBER = re.compile(r"(?<!\d)(?:\d{4}[- ]?){3}\d{4}(?!\d)")
_OVERRIDE = re.compile(r"ignore (all )?(previous|prior) instructions", re.I)


@tracer.trace(kind="guardrail")
def objection(question: str) -> str | None:
    """Return why the question is not answered; None if it may be."""
    if _CARD_NUMBER.search(question):
        return "card_number"
    if _OVERRIDE.search(question):
        return "prompt_injection"
    return None
