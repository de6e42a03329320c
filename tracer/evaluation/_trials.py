"""Which trials of each example a run has, and which one comes next."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracer.evaluation._stored import StoredPrediction


class Trials:
    """The trials of a run, by example; whoever changes them holds the run's lock."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self._done: Counter[str] = Counter()
        self._cut_off: dict[tuple[str, int], StoredPrediction] = {}

    @property
    def n_made(self) -> int:
        """Predictions of all examples that were made to their end, failed ones too."""
        return self._done.total()

    def n_done(self, example_id: str) -> int:
        """Return how many trials of an example were made to their end."""
        return self._done[example_id]

    def number(self, example_id: str, given: int | None) -> int:
        """Return the number of a trial, and count on from it.

        Not given, it is that of one that was cut off, else the next.
        """
        following = self._next.get(example_id, 0)
        if given is None:
            again = (trial for one, trial in self._cut_off if one == example_id)
            given = min(again, default=following)
        self._next[example_id] = max(following, given + 1)
        return given

    def made(self, example_id: str) -> None:
        """Count a trial that was made to its end."""
        self._done[example_id] += 1

    def take_up(
        self,
        stored: Iterable[tuple[str, int]],
        cut_off: "Iterable[StoredPrediction]",
    ) -> None:
        """Go on from what is stored: example and trial, and those not made to the end.

        Args:
            stored: All of them.
            cut_off: Those of them that their process left.
        """
        self._cut_off = {(one.example_id, one.trial): one for one in cut_off}
        for place in stored:
            example_id, trial = place
            following = self._next.get(example_id, 0)
            self._next[example_id] = max(following, trial + 1)
            if place not in self._cut_off:
                self.made(example_id)

    def replaced(self, example_id: str, trial: int) -> "StoredPrediction | None":
        """Return the prediction that was cut off, once, if that is made again."""
        return self._cut_off.pop((example_id, trial), None)
