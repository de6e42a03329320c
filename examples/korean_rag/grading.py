"""How it is graded: 4 criteria of 5 points, in Korean, and claims from 0 to 1."""

from pathlib import Path
from typing import Any

from tracer import Dataset, Evaluation
from tracer.evaluation import EvaluationResult, on_scale
from tracer.judges import Faithfulness, JudgeModel, RagJudge
from tracer.metrics import korquad_f1

QUESTIONS = Path(__file__).parent / "questions.jsonl"


def questions() -> Dataset:
    """Return the questions with their reference answers."""
    return Dataset.from_jsonl(QUESTIONS, name="handbook-questions")


@on_scale(0, 1)
def character_f1(output: dict[str, Any], expected: str) -> float:
    """Compare the answer with the reference letter by letter, as KorQuAD does."""
    return korquad_f1(output["answer"], expected)


def grade(bot: Any, judge: JudgeModel, *, repeats: int = 1) -> EvaluationResult:
    """Ask the bot every question and have its answers graded.

    Args:
        bot: What is graded.
        judge: The judge model; its calls and cost stay apart from the bot's.
        repeats: How often each answer is graded by the 20 points.
    """
    scorers = [
        RagJudge(judge, language="ko", repeats=repeats),
        Faithfulness(judge, language="ko"),
        character_f1,
    ]
    return Evaluation(questions(), scorers, name="handbook").run(bot)
