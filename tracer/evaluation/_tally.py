"""Running sums of a run: memory grows with examples, never with trials or rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from tracer.evaluation._outcomes import Outcome
from tracer.stats import ScoreSummary, ScoreSums, Summaries, collect

ScoreKey = tuple[str, str, str, int]
"""Name, source, author, repeat: what a second score of a prediction replaces."""


class Tally:
    """Counts predictions and adds up their scores; safe among threads."""

    def __init__(self, declared: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._slots: dict[str, int] = {}
        self._sums: dict[str, ScoreSums] = {}
        self._covered: Counter[tuple[str, bool]] = Counter()
        self._done = {False: 0, True: 0}
        for name in declared:
            self._score(name)

    @property
    def n_predictions(self) -> int:
        """Predictions that are finished, failed ones too."""
        return self._done[False] + self._done[True]

    @property
    def n_failed(self) -> int:
        """Predictions that ended with an error."""
        return self._done[True]

    def renew_lock(self) -> None:
        """Go on in the child of a fork, in which nobody holds the lock."""
        self._lock = Lock()

    def resume(
        self, rows: Iterable[Mapping[str, Any]], *, n_done: int, n_failed: int
    ) -> None:
        """Go on from the sums of a run (docs/api.md) and its predictions so far."""
        with self._lock:
            self._done = {False: n_done, True: n_failed}
            for name, sums in collect(rows, self._slots).items():
                self._sums[name] = sums
                # what it lacked until now is in the sums already
                self._covered[name, False] = n_done
                self._covered[name, True] = n_failed

    def finish(
        self, example_id: str, scores: Mapping[ScoreKey, Outcome], *, failed: bool
    ) -> None:
        """Take in a finished prediction with all its scores."""
        with self._lock:
            self._done[failed] += 1
            for name in {name for name, *_ in scores}:
                self._covered[name, failed] += 1
            for (name, *_), outcome in scores.items():
                self._add(self._score(name), example_id, outcome)

    def forget(
        self, example_id: str, scores: Mapping[ScoreKey, Outcome], *, failed: bool
    ) -> None:
        """Take back a prediction that is to be made once more: `finish`, undone."""
        with self._lock:
            self._done[failed] -= 1
            for name in {name for name, *_ in scores}:
                self._covered[name, failed] -= 1
            for (name, *_), outcome in scores.items():
                self._add(self._score(name), example_id, outcome, times=-1)

    def replace(
        self,
        example_id: str,
        scores: Mapping[ScoreKey, Outcome],
        key: ScoreKey,
        outcome: Outcome,
        *,
        failed: bool,
    ) -> None:
        """Take in a late score of a prediction that had these until now."""
        with self._lock:
            sums = self._score(key[0])
            if key in scores:
                self._add(sums, example_id, scores[key], times=-1)
            elif all(name != key[0] for name, *_ in scores):
                self._covered[key[0], failed] += 1
            self._add(sums, example_id, outcome)

    def summary(self) -> Summaries:
        """Return what the finished predictions say about each score.

        A score that others have and a prediction has not is missing; if that
        prediction failed, it is an error.
        """
        with self._lock:
            summaries = Summaries()
            for name, running in self._sums.items():
                if self._is_parent(running):
                    continue
                sums = running.snapshot()
                sums.n_missing += self._done[False] - self._covered[name, False]
                sums.n_errors += self._done[True] - self._covered[name, True]
                summaries[name] = ScoreSummary.of(sums)
            return summaries

    def _is_parent(self, sums: ScoreSums) -> bool:
        """Return whether a declared scorer answered by mappings alone."""
        if sums.counts or sums.n_errors or sums.n_missing:
            return False
        return any(name.startswith(f"{sums.name}.") for name in self._sums)

    def _score(self, name: str) -> ScoreSums:
        if name not in self._sums:
            self._sums[name] = ScoreSums(name, slots=self._slots)
        return self._sums[name]

    def _add(
        self, sums: ScoreSums, example_id: str, outcome: Outcome, *, times: int = 1
    ) -> None:
        """Add a score; ``times=-1`` takes back one that was added before."""
        if outcome.error is not None:
            sums.n_errors += times
        elif outcome.type is None:
            sums.n_missing += times
        else:
            change = sums.take if times > 0 else sums.take_back
            change(
                example_id,
                type=outcome.type,
                value=outcome.value,
                label=outcome.label,
                scale=outcome.scale,
            )
