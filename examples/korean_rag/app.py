"""The application that is graded: it retrieves passages and answers from them."""

import json
from pathlib import Path
from typing import Any

from openai import OpenAI

import tracer

HERE = Path(__file__).parent
CHAT_MODEL = "gpt-4o-mini"
EMBEDDING_MODEL = "text-embedding-3-small"


class HandbookBot:
    """Answers from the company's handbook.

    Args:
        client: An OpenAI client, wrapped to have its calls recorded.
        n_passages: How many passages are retrieved.
        careful: Whether the model is told to give every fact, in Korean.
    """

    name = "handbook-bot"

    def __init__(
        self, client: OpenAI, *, n_passages: int = 2, careful: bool = True
    ) -> None:
        self._client = client
        self._n_passages = n_passages
        self._told = (
            "Answer politely, with every fact, in the customer's language."
            if careful
            else "Answer briefly."
        )
        lines = (HERE / "passages.jsonl").read_text("utf-8").splitlines()
        self._texts = [json.loads(line)["text"] for line in lines]
        self._vectors = self._embedded(self._texts)

    def predict(self, question: str) -> dict[str, Any]:
        """Return the answer, and the passages that it is from, nearest first."""
        context = self.search(question)
        passages = "\n".join(f'<passage lang="ko">{text}</passage>' for text in context)
        said = self._client.chat.completions.create(
            model=CHAT_MODEL,
            messages=[
                {"role": "system", "content": f"{self._told}\n{passages}"},
                {"role": "user", "content": question},
            ],
        )
        return {"answer": said.choices[0].message.content, "context": context}

    @tracer.trace(kind="retriever")
    def search(self, question: str) -> list[str]:
        """Return the nearest passages, nearest first."""
        [asked] = self._embedded([question])
        likeness = [
            sum(a * b for a, b in zip(asked, vector, strict=True))
            for vector in self._vectors
        ]
        ranked = sorted(range(len(likeness)), key=lambda i: -likeness[i])
        return [self._texts[i] for i in ranked[: self._n_passages]]

    def _embedded(self, texts: list[str]) -> list[list[float]]:
        answered = self._client.embeddings.create(model=EMBEDDING_MODEL, input=texts)
        return [each.embedding for each in answered.data]
