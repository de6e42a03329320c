"""A judge of two answers, asked in both orders."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tracer.evaluation._scored import Scored
from tracer.judges._asking import Asker, Steps
from tracer.judges._prompts import words
from tracer.judges._rubric import Rubric
from tracer.judges._schemas import choice, record, text
from tracer.judges.judge import Judge
from tracer.judges.model import JudgeModel

CANDIDATE: Final = "candidate"
BASELINE: Final = "baseline"
TIE: Final = "tie"

VALUES: Final = {CANDIDATE: 1.0, TIE: 0.5, BASELINE: 0.0}
"""Label to value: the mean is the win rate, ties counted half."""

FIRST, SECOND = "answer_1", "answer_2"

BASELINE_COLUMN: Final = "baseline_model_response"
"""Vertex's name of the column with the other answer."""


class PairwiseJudge(Judge[Scored]):
    """Says which of two answers is better: the output, or the row's baseline.

    Both orders are asked. Where they agree, the label is ``candidate`` (value 1),
    ``baseline`` (0) or ``tie`` (0.5); where they do not, it is ``tie``. What each order
    said, and how long the answers are, is in the metadata: `pairwise_bias` reads it.

    Args:
        model: The judge model.
        rubric: The criterion; its levels are not used.
        name: Name of the score.
        baseline: Column, or dotted path, of the other answer.
        repeats: How often each pair is judged.
        column_map: Part to column, where the names differ.
    """

    def __init__(
        self,
        model: JudgeModel,
        rubric: Rubric,
        *,
        name: str = "better",
        baseline: str = BASELINE_COLUMN,
        repeats: int = 1,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            model,
            name=name,
            version=rubric.version,
            language=rubric.language,
            repeats=repeats,
            column_map={**(column_map or {}), BASELINE: baseline},
        )
        self.rubric = rubric

    @property
    def needs(self) -> Sequence[str]:
        """What the rubric needs, and the other answer."""
        others = [part for part in self.rubric.needs if part != "output"]
        return [*others, "output", BASELINE]

    @property
    def n_requests(self) -> int:
        """One an order."""
        return 2

    def steps(self, parts: Mapping[str, str], asker: Asker) -> Steps[Scored]:
        """Ask in both orders."""
        output, baseline = parts["output"], parts[BASELINE]
        before = {
            name: given
            for name, given in parts.items()
            if name not in ("output", BASELINE)
        }
        forward = yield from self._asked(before, output, baseline, asker)
        back = yield from self._asked(before, baseline, output, asker)
        winner = {FIRST: CANDIDATE, SECOND: BASELINE}.get(forward["better"], TIE)
        swapped = {FIRST: BASELINE, SECOND: CANDIDATE}.get(back["better"], TIE)
        label = winner if winner == swapped else TIE
        return Scored(
            VALUES[label],
            label=label,
            explanation=_told(winner, forward, swapped, back),
            metadata={
                "candidate_first": winner,
                "baseline_first": swapped,
                "candidate_length": len(output),
                "baseline_length": len(baseline),
            },
            scale=(0, 1),
        )

    def _asked(
        self, before: Mapping[str, str], first: str, second: str, asker: Asker
    ) -> Steps[dict[str, Any]]:
        said = words(self.language)
        criterion = said["criterion"].format(
            name=self.rubric.name, criteria=self.rubric.criteria
        )
        better = choice([FIRST, SECOND, TIE], said["pairwise_choice"])
        schema = record({"explanation": text(said["explanation"]), "better": better})
        parts = {**before, FIRST: first, SECOND: second}
        task = f"{said['pairwise']}\n{criterion}"
        return (yield from asker.ask("pair", task, schema, parts))


def _told(winner: str, forward: Any, swapped: str, back: Any) -> str:
    return (
        f"candidate first: {winner}: {forward['explanation']}\n"
        f"baseline first: {swapped}: {back['explanation']}"
    )
