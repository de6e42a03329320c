"""Judges from 0 to 1 that take an answer apart and look at each piece.

Definitions: faithfulness, context precision and context recall as in Ragas (Es, James,
Espinosa-Anke & Schockaert 2024, "RAGAs: Automated Evaluation of Retrieval Augmented
Generation", EACL, and the documentation of its metrics); answer relevancy as in
DeepEval, the share of an answer's statements that are relevant. Ragas has another
answer relevancy, the likeness of embedded questions made from the answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tracer.evaluation._scored import Scored
from tracer.judges._asking import Asker, Steps
from tracer.judges._prompts import numbered, words
from tracer.judges._reading import Schema, UnfitReplyError
from tracer.judges._schemas import array, flag, number, record, text
from tracer.judges.judge import Judge
from tracer.judges.model import JudgeModel

Verdicts = list[dict[str, Any]]
"""One a piece, in their order: ``number``, ``explanation``, ``yes``."""


class ClaimsJudge(Judge[Scored]):
    """What the judges of this page share: pieces, and a verdict for each.

    Args:
        model: The judge model.
        name: Name of the score; the metric's own unless given.
        language: ``en`` or ``ko``.
        repeats: How often each output is judged.
        column_map: Part to column, where the names differ.
    """

    metric: ClassVar[str]
    """Name of the score."""

    shows: ClassVar[Sequence[str]]
    """What of a row it must be shown."""

    def __init__(
        self,
        model: JudgeModel,
        *,
        name: str | None = None,
        language: str = "en",
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            model,
            name=name or self.metric,
            language=language,
            repeats=repeats,
            column_map=column_map,
        )

    @property
    def needs(self) -> Sequence[str]:
        """What the metric needs."""
        return self.shows

    def listed(
        self, part: str, parts: Mapping[str, str], asker: Asker
    ) -> Steps[list[str]]:
        """Ask for the statements of one part; the question gives them their sense."""
        said = words(self.language)
        task = said["claims"].format(part=said["parts"][part])
        schema = record({"statements": array(text(said["claims_item"]))})
        seen = {name: parts[name] for name in ("question", part) if name in parts}
        found = yield from asker.ask("statements", task, schema, seen)
        return [one for one in found["statements"] if one.strip()]

    def verdicts(
        self, task: str, n_pieces: int, parts: Mapping[str, str], asker: Asker
    ) -> Steps[Verdicts]:
        """Ask for a verdict on each of the numbered pieces among `parts`."""

        def check(found: dict[str, Any]) -> None:
            given = sorted(one["number"] for one in found["verdicts"])
            if given != list(range(1, n_pieces + 1)):
                raise UnfitReplyError(
                    f"it has verdicts on {given}; give one on each of 1 to {n_pieces}"
                )

        told = words(self.language)[task]
        schema = _verdicts_schema(self.language)
        found = yield from asker.ask(task, told, schema, parts, check=check)
        ordered: Verdicts = sorted(found["verdicts"], key=lambda one: one["number"])
        return ordered


class _StatementsJudge(ClaimsJudge):
    """The share of a part's statements that a verdict says yes to."""

    taken_apart: ClassVar[str]
    """The part whose statements are judged."""

    against: ClassVar[str]
    """The part that they are judged by; ``context`` stands for all its passages."""

    task: ClassVar[str]
    """What is asked of each statement."""

    @property
    def n_requests(self) -> int:
        """One for the statements, one for the verdicts."""
        return 2

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[Scored]:
        """List the statements, judge each; None where there are none."""
        statements = yield from self.listed(self.taken_apart, parts, asker)
        if not statements:
            return Scored(None, explanation=f"no statements in the {self.taken_apart}")
        held_against = {
            name: given
            for name, given in parts.items()
            if name.partition(" ")[0] == self.against
        }
        if not held_against:
            why = f"the {self.against} is empty"
            return Scored(0.0, explanation=why, scale=(0, 1))
        seen = held_against | numbered("statement", statements)
        found = yield from self.verdicts(self.task, len(statements), seen, asker)
        n_yes = sum(one["yes"] for one in found)
        return Scored(
            n_yes / len(statements),
            explanation=_told(statements, found),
            metadata={"n_statements": len(statements), "n_yes": n_yes},
            scale=(0, 1),
        )


class Faithfulness(_StatementsJudge):
    """The share of the answer's statements that the context supports, 0 to 1.

    None, a missing score, if the answer states nothing.
    """

    metric = "faithfulness"
    shows = ("question", "context", "output")
    taken_apart, against, task = "output", "context", "supported"


class ContextRecall(_StatementsJudge):
    """The share of the reference's statements that the context supports, 0 to 1.

    None, a missing score, if the reference states nothing.
    """

    metric = "context_recall"
    shows = ("question", "context", "reference")
    taken_apart, against, task = "reference", "context", "supported"


class AnswerRelevancy(_StatementsJudge):
    """The share of the answer's statements that help to answer the question, 0 to 1.

    None, a missing score, if the answer states nothing.
    """

    metric = "answer_relevancy"
    shows = ("question", "output")
    taken_apart, against, task = "output", "question", "relevant"


class ContextPrecision(ClaimsJudge):
    """Whether useful passages come first: the mean precision at each of them, 0 to 1.

    The precision at k is the share of useful ones among the first k passages; the mean
    is over the k at which a useful one stands; 0 if none is useful. None, a missing
    score, if nothing was retrieved.
    """

    metric = "context_precision"
    shows = ("question", "reference", "context")

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[Scored]:
        """Judge each passage, then look at their order."""
        given = [text for name, text in parts.items() if name.startswith("context ")]
        if not given:
            return Scored(None, explanation="no passages in the context")
        found = yield from self.verdicts("useful", len(given), parts, asker)
        useful = [one["yes"] for one in found]
        return Scored(
            mean_precision(useful),
            explanation=_told(given, found),
            metadata={"n_passages": len(given), "n_yes": sum(useful)},
            scale=(0, 1),
        )


def mean_precision(useful: Sequence[bool]) -> float:
    """Return the mean of the precisions at the useful places of a ranking."""
    found = [sum(useful[:k]) / k for k, one in enumerate(useful, 1) if one]
    return sum(found) / len(found) if found else 0.0


def _verdicts_schema(language: str) -> Schema:
    said = words(language)
    verdict = {
        "number": number(said["verdict_number"]),
        "explanation": text(said["explanation"]),
        "yes": flag(said["verdict_yes"]),
    }
    return record({"verdicts": array(record(verdict))})


def _told(pieces: Sequence[str], found: Verdicts) -> str:
    """Return the pieces with their verdicts, a line each."""
    return "\n".join(
        f"{'+' if one['yes'] else '-'} {' '.join(piece.split())[:200]} "
        f"({one['explanation']})"
        for piece, one in zip(pieces, found, strict=True)
    )
