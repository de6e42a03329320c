"""Find the articles for a question, by embeddings."""

from functools import lru_cache
from typing import Any

from openai import OpenAI

import tracer
from examples.support_bot.knowledge import ARTICLES, Article

EMBEDDING_MODEL = "text-embedding-3-small"


def without_client(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return what a call was asked, without the client that every call is given."""
    return {name: value for name, value in inputs.items() if name != "client"}


@tracer.trace(kind="retriever", process_inputs=without_client)
def retrieve(question: str, *, client: OpenAI, k: int = 2) -> list[Article]:
    """Return the ``k`` articles nearest to the question, nearest first."""
    [asked] = _embed(client, [question])
    best: dict[Article, float] = {}
    for article, vector in _index(client):
        likeness = sum(a * b for a, b in zip(asked, vector, strict=True))
        best[article] = max(likeness, best.get(article, -1.0))
    return sorted(best, key=best.__getitem__, reverse=True)[:k]


@lru_cache(maxsize=8)
def _index(client: OpenAI) -> list[tuple[Article, list[float]]]:
    """Embed every article in both languages, once for each client."""
    entries = [
        (article, text) for article in ARTICLES for text in (article.en, article.ko)
    ]
    vectors = _embed(client, [text for _, text in entries])
    return [
        (article, vector) for (article, _), vector in zip(entries, vectors, strict=True)
    ]


def _embed(client: OpenAI, texts: list[str]) -> list[list[float]]:
    answered = client.embeddings.create(model=EMBEDDING_MODEL, input=texts)
    return [each.embedding for each in answered.data]
