"""What all grading shares: metrics, judges, one limit, and what went wrong."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tracer.client import Client
from tracer.errors import ConfigurationError, SpendingLimitError
from tracer.evaluation.scorers import NamedScorer
from tracer.judges import Budget, Judge
from tracer.worker.judging import spent, stored_judges
from tracer.worker.measuring import named_metrics

Job = Mapping[str, Any]

MOST_AT_ONCE: Final = 32
"""Rows that are graded at a time, whatever the judges' definitions say."""

MOST_CAUSES: Final = 5
MOST_FAILURES: Final = 50
MOST_LETTERS: Final = 500

LIMIT_REACHED: Final = SpendingLimitError.__name__


class Faults:
    """What went wrong, counted by cause; the first are kept whole. Safe in threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._causes: Counter[str] = Counter()
        self._first: list[dict[str, Any]] = []

    def add(self, score: str, said: str, **target: Any) -> None:
        """Note that a score, or the model, failed on a row, or a trace."""
        cause = " ".join(said.split())[:MOST_LETTERS]
        with self._guard:
            self._causes[f"{score}: {cause}"] += 1
            if len(self._first) < MOST_FAILURES:
                self._first.append({"score": score, "said": cause, **target})

    def said(self) -> dict[str, Any]:
        """Return them for a job's progress."""
        with self._guard:
            return {
                "errors": self._causes.total(),
                "causes": [list(one) for one in self._causes.most_common(MOST_CAUSES)],
            }

    @property
    def first(self) -> list[dict[str, Any]]:
        """The first of them, with what they were about."""
        with self._guard:
            return list(self._first)


class Grader:
    """The metrics and judges that a job names, under its one spending limit.

    Args:
        client: The collector that stores judges.
        job: Names ``metrics``, ``judges`` and ``spending_limit_usd`` in its params.
        cache: File in which replies of judges are kept.
        may_be_empty: Whether nothing need be named.

    Raises:
        ConfigurationError: A metric or a setting is unknown, nothing is named, or
            there is a limit and a judge without a price.
        NotFoundError: There is no such judge.
    """

    def __init__(
        self,
        client: Client,
        job: Job,
        *,
        cache: str | None = None,
        may_be_empty: bool = False,
    ) -> None:
        params = job["params"]
        self.budget = Budget(params.get("spending_limit_usd"))
        self.judges: list[Judge[Any]] = stored_judges(
            client,
            params.get("judges") or (),
            project=job["project"],
            cache=cache,
            budget=self.budget,
        )
        asked = params.get("metrics") or ()
        nothing = not asked and (self.judges or may_be_empty)
        self.metrics: list[NamedScorer] = [] if nothing else named_metrics(asked)
        self.faults = Faults()
        self.stopped: list[str] = []
        _refuse_doubles(self.names)

    @property
    def names(self) -> list[str]:
        """Names of the scores, metrics first."""
        return [*(one.name for one in self.metrics), *(one.name for one in self.judges)]

    @property
    def at_once(self) -> int:
        """How many rows are graded at a time."""
        wanted = max((judge.model.concurrency for judge in self.judges), default=1)
        return min(wanted, MOST_AT_ONCE)

    def said(self) -> dict[str, Any]:
        """Return what went wrong and what was spent so far."""
        return self.faults.said() | (spent(self.judges) if self.judges else {})

    def is_at_limit(self, said: str | None) -> bool:
        """Whether what went wrong is that the job's limit is reached."""
        return self.budget.is_reached and LIMIT_REACHED in (said or "")

    def stop(self, row: str) -> None:
        """Note that the limit stopped a row that was begun; it is not done."""
        self.stopped.append(row)

    def ended(self, done: int, total: int) -> dict[str, Any]:
        """Return how it ended, for the job's result."""
        found = {**self.said(), "failures": self.faults.first}
        if self.budget.is_reached:
            found |= {"stopped": "spending_limit", "n_left": total - done}
        return found


def _refuse_doubles(names: Iterable[str]) -> None:
    doubled = [name for name, n in Counter(names).items() if n > 1]
    if doubled:
        raise ConfigurationError(
            f"two metrics or judges give the score {doubled[0]!r}; leave one out, or "
            "give one another name"
        )
