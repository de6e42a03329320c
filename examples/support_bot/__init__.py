"""A support bot for an imaginary shop, in English and Korean; `tracer demo` runs it."""

from examples.support_bot.bot import SupportBot, answer
from examples.support_bot.questions import QUESTIONS, Question, dataset_rows
from examples.support_bot.scorers import answers_in_language, is_polite, mentions_facts
from examples.support_bot.traffic import Conversation, conversations, hold

__all__ = [
    "QUESTIONS",
    "Conversation",
    "Question",
    "SupportBot",
    "answer",
    "answers_in_language",
    "conversations",
    "dataset_rows",
    "hold",
    "is_polite",
    "mentions_facts",
]
