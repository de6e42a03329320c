"""Two runs that are looked at together, and what their scores say."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracer._client.records import EvaluationRun
from tracer.stats import ScoreComparison


@dataclass(frozen=True)
class Pairing:
    """A baseline, a candidate, and the scores of both."""

    old: EvaluationRun
    """The baseline."""
    new: EvaluationRun
    """The candidate."""
    scores: Sequence[ScoreComparison]
    """Their scores, compared."""

    def measured(self) -> dict[str, ScoreComparison]:
        """Return the scores of which examples can be held against each other."""
        return {
            score.name: score
            for score in self.scores
            if score.type != "label" and score.n_examples
        }
