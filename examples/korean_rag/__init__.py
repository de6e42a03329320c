"""Questions about a company's rules, answered by retrieval and graded in Korean."""

from examples.korean_rag.app import HandbookBot
from examples.korean_rag.grading import grade, questions

__all__ = ["HandbookBot", "grade", "questions"]
