"""Two versions of the instructions; the second is the better one."""

from collections.abc import Sequence

from examples.support_bot.knowledge import Article

PROMPT_NAME = "support"

_INSTRUCTIONS = {
    "v1": "You answer questions for Haneul Market. Use the passages. Be brief.",
    "v2": (
        "You answer questions for Haneul Market from the passages and tools only."
        " Answer in the customer's language, be polite, and give every fact that the"
        " passages hold on the question: amounts, deadlines, exceptions."
        " If the passages do not answer it, say so."
    ),
}
PROMPT_VERSIONS = tuple(_INSTRUCTIONS)


def instructions(version: str, articles: Sequence[Article]) -> str:
    """Return the system message: the instructions and the passages, best first."""
    passages = [
        f'<passage id="{article.id}" lang="{language}">{getattr(article, language)}'
        "</passage>"
        for article in articles
        for language in ("en", "ko")
    ]
    return "\n".join([_INSTRUCTIONS[version], *passages])
