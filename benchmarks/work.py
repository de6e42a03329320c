"""The work that everybody traces: next to nothing, 200 bytes in and 500 out."""

from collections.abc import Iterator
from typing import Any

TEXT = (
    "The quick brown fox jumps over the lazy dog while the band plays on and nobody in "
    "the room quite knows why. "
)
SMALL = [f"question {number:04d}: {(TEXT * 3)[:180]}" for number in range(64)]
LARGE = [f"question {number:04d}: {(TEXT * 300)[:20_000]}" for number in range(64)]
PIECES = [f"{TEXT[:45]}doc-{number} " for number in range(10)]


def answer(question: str, k: int) -> dict[str, Any]:
    """Do next to nothing: about 200 bytes in (or 20 kB), about 500 out."""
    return {
        "answer": TEXT + TEXT + TEXT + TEXT[:60],
        "k": k,
        "sources": [{"id": "doc-1", "score": 0.91}, {"id": "doc-2", "score": 0.77}],
    }


async def answer_async(question: str, k: int) -> dict[str, Any]:
    """Do the same in a coroutine."""
    return answer(question, k)


def answer_in_pieces(question: str, k: int) -> Iterator[str]:
    """Yield about 500 bytes in ten pieces."""
    yield from PIECES
