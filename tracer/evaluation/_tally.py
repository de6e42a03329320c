"""Running sums of a run: memory grows with examples, never with trials or rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tracer.evaluation._outcomes import Outcome
from tracer.evaluation._raters import PEOPLE, ScoreKey, rater_of, readings
from tracer.stats import ScoreSummary, ScoreSums, Summaries, collect
from tracer.stats._merged import merged

BESIDE = " · "
"""Between the name of a score and who gave it, where it stands beside the run's own."""

ANYONE = ""
"""Rater of sums that do not say who gave them."""


@dataclass(slots=True, eq=False)
class Given:
    """What one rater gave under one name; it is equal to itself alone."""

    sums: ScoreSums
    """All that it gave."""

    covered: Counter[bool] = field(default_factory=Counter)
    """Predictions that have it, by whether they failed."""

    comes_later: bool = False
    """Whether it judged a prediction that an earlier rater had judged."""


class Tally:
    """Counts predictions and adds up their scores; safe among threads."""

    def __init__(self, declared: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._slots: dict[str, int] = {}
        self._given: dict[str, dict[str, Given]] = {name: {} for name in declared}
        self._done = {False: 0, True: 0}

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
                # what it lacked until now is in the sums already
                covered = Counter({False: n_done, True: n_failed})
                given = Given(sums, covered, comes_later=bool(sums.beside))
                by_rater = self._given.setdefault(sums.beside or name, {})
                by_rater.update(dict.fromkeys(sums.raters or (ANYONE,), given))

    def finish(
        self, example_id: str, scores: Mapping[ScoreKey, Outcome], *, failed: bool
    ) -> None:
        """Take in a finished prediction with all its scores."""
        with self._lock:
            self._done[failed] += 1
            self._count(example_id, readings(scores), failed=failed)

    def forget(
        self, example_id: str, scores: Mapping[ScoreKey, Outcome], *, failed: bool
    ) -> None:
        """Take back a prediction that is to be made once more: `finish`, undone."""
        with self._lock:
            self._done[failed] -= 1
            self._count(example_id, readings(scores), failed=failed, times=-1)

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
        name, who = key[0], (key[0], rater_of(key))
        of_name = {one: scores[one] for one in scores if one[0] == name}
        with self._lock:
            before, after = readings(of_name), readings(of_name | {key: outcome})
            old = [self._of(*one) for one in before]
            given = self._of(*who)
            if given not in old:
                given.covered[failed] += 1
            for said in before.get(who, ()):
                _add(given.sums, example_id, said, times=-1)
            for now in after[who]:
                _add(given.sums, example_id, now)
            self._note_later(name, [rater for _, rater in after])

    def summary(self) -> Summaries:
        """Return what the finished predictions say about each score.

        A score that others have and a prediction has not is missing; if that
        prediction failed, it is an error. People where a scorer gave the score, and a
        scorer that judged what an earlier one had, stand beside it: ``name · rater``.
        """
        with self._lock:
            summaries = Summaries()
            for name in self._given:
                own, beside = self._standing(name)
                if self._is_parent(name, own):
                    continue
                of_run = self._own_sums(name, own)
                summaries[name] = ScoreSummary.of(of_run)
                for rater, given in beside.items():
                    sums = given.sums.snapshot()
                    sums.name, sums.beside = f"{name}{BESIDE}{rater}", name
                    sums.declared = sums.declared or of_run.declared
                    summaries[sums.name] = ScoreSummary.of(sums)
            return summaries

    def _count(
        self,
        example_id: str,
        said: Mapping[tuple[str, str], Sequence[Outcome]],
        *,
        failed: bool,
        times: int = 1,
    ) -> None:
        """Add what was said of a prediction; ``times=-1`` takes it back."""
        raters: dict[str, list[str]] = {}
        for (name, rater), outcomes in said.items():
            given = self._of(name, rater)
            others = raters.setdefault(name, [])
            if given not in [self._of(name, other) for other in others]:
                given.covered[failed] += times
            others.append(rater)
            for outcome in outcomes:
                _add(given.sums, example_id, outcome, times=times)
        for name, both in raters.items():
            self._note_later(name, both)

    def _of(self, name: str, rater: str) -> Given:
        """Return what a rater gave; a run of an older collector does not tell them."""
        by_rater = self._given.setdefault(name, {})
        if ANYONE in by_rater:
            return by_rater[ANYONE]
        if rater not in by_rater:
            sums = ScoreSums(name, slots=self._slots, raters=(rater,))
            by_rater[rater] = Given(sums)
        return by_rater[rater]

    def _note_later(self, name: str, raters: Sequence[str]) -> None:
        """Note who judged a prediction after another had: the ranks are of the run."""
        if len(raters) < 2:
            return
        known = list(self._given[name])
        scorers = sorted(set(raters) & set(known) - {PEOPLE}, key=known.index)
        for rater in scorers[1:]:
            if self._of(name, rater) is not self._of(name, scorers[0]):
                self._of(name, rater).comes_later = True

    def _standing(self, name: str) -> tuple[list[Given], dict[str, Given]]:
        """Return what makes the run's own score, and by rater what stands beside."""
        living = {
            rater: given
            for rater, given in self._given[name].items()
            if sum(given.covered.values())
        }
        scorers = {rater: one for rater, one in living.items() if rater != PEOPLE}
        own: list[Given] = []
        for given in (scorers or living).values():
            if not own or not given.comes_later and given not in own:
                own.append(given)
        beside = {rater: one for rater, one in living.items() if one not in own}
        return own, beside

    def _own_sums(self, name: str, own: Sequence[Given]) -> ScoreSums:
        """Return the sums of a score, with all that is missing or failed."""
        if own:
            sums = merged([given.sums for given in own])
        else:
            sums = ScoreSums(name, slots=self._slots)
        sums.name, sums.beside = name, ""
        n_done, n_failed = (
            sum(given.covered[failed] for given in own) for failed in (False, True)
        )
        sums.n_missing += self._done[False] - n_done
        sums.n_errors += self._done[True] - n_failed
        return sums

    def _is_parent(self, name: str, own: Sequence[Given]) -> bool:
        """Return whether a declared scorer answered by mappings alone."""
        if any(
            one.sums.counts or one.sums.n_errors or one.sums.n_missing for one in own
        ):
            return False
        return any(other.startswith(f"{name}.") for other in self._given)


def _add(sums: ScoreSums, example_id: str, outcome: Outcome, *, times: int = 1) -> None:
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
