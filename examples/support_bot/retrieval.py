"""Find the articles for a question, by embeddings."""

from functools import lru_cache

from openai import OpenAI

import tracer
from examples.support_bot.knowledge import ARTICLES, Article

EMBEDDING_MODEL = "text-embedding-3-small"


class ArticleIndex:
    """Every article in both languages, embedded once."""

    def __init__(self, client: OpenAI) -> None:
        self._client = client
        self._articles = [article for article in ARTICLES for _ in ("en", "ko")]
        self._vectors = self._embed(
            [text for article in ARTICLES for text in (article.en, article.ko)]
        )

    @tracer.trace(name="search_articles", kind="retriever")
    def search(self, question: str, k: int = 2) -> list[Article]:
        """Return the ``k`` articles nearest to the question, nearest first."""
        [asked] = self._embed([question])
        nearest: dict[Article, float] = {}
        for article, vector in zip(self._articles, self._vectors, strict=True):
            likeness = sum(a * b for a, b in zip(asked, vector, strict=True))
            nearest[article] = max(likeness, nearest.get(article, -1.0))
        return sorted(nearest, key=nearest.__getitem__, reverse=True)[:k]

    def _embed(self, texts: list[str]) -> list[list[float]]:
        answered = self._client.embeddings.create(model=EMBEDDING_MODEL, input=texts)
        return [each.embedding for each in answered.data]


@lru_cache(maxsize=8)
def article_index(client: OpenAI) -> ArticleIndex:
    """Return the index of a client, made at its first question."""
    return ArticleIndex(client)
