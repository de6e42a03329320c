"""Whether the collector is away, since when, and when to try again."""

import logging
import time

from tracer._chance import CHANCE
from tracer._delivery.records import Pace
from tracer._guard import say

_LONGEST_WISH_S = 300.0
_REPEATED_S = 60.0


class Outage:
    """Back-off with jitter; says once what is the matter, and once that it is over.

    Args:
        who: Who is away, for the messages: ``collector at http://host:4318``.
        pace: How long to wait after failures.
        keeps: Where batches are meanwhile, for the message.
    """

    def __init__(self, who: str, pace: Pace, *, keeps: str) -> None:
        self._who = who
        self._pace = pace
        self._keeps = keeps
        self._n_failures = 0
        self._next_try_s = 0.0
        self._trouble = ""
        self._told_s: dict[str, float] = {}

    @property
    def is_on(self) -> bool:
        """Whether the last request failed."""
        return self._n_failures > 0

    @property
    def wait_s(self) -> float:
        """Seconds until the next try is due; 0 when it is."""
        return max(0.0, self._next_try_s - time.monotonic())

    def try_now(self) -> None:
        """Let the next try be due at once."""
        self._next_try_s = 0.0

    def note_failure(
        self,
        reason: str,
        *,
        trouble: str = "is away",
        retry_after_s: float | None = None,
    ) -> None:
        """Count a failed request, and wait longer before the next one.

        Args:
            reason: What the collector, or the network, said.
            trouble: What that means: the collector ``is away``, ``refuses the key`` …
            retry_after_s: How long the collector asks us to wait.
        """
        wait_s = min(
            self._pace.backoff_first_s * 2.0 ** min(self._n_failures, 30),
            self._pace.backoff_most_s,
        )
        wait_s *= CHANCE.uniform(0.5, 1.0)  # so that many processes do not come at once
        if retry_after_s is not None:
            wait_s = max(wait_s, min(retry_after_s, _LONGEST_WISH_S))
        self._next_try_s = time.monotonic() + wait_s
        self._n_failures += 1
        if trouble != self._trouble:
            self._trouble = trouble
            say(
                self._level(trouble),
                "%s %s (%s); %s. The app is not affected.",
                self._who,
                trouble,
                reason,
                self._keeps,
            )

    def _level(self, trouble: str) -> int:
        """Return how loud to say it: once loudly, where it comes and goes."""
        now_s, last_s = time.monotonic(), self._told_s.get(trouble)
        self._told_s[trouble] = now_s
        is_new = last_s is None or now_s - last_s > _REPEATED_S
        return logging.WARNING if is_new else logging.DEBUG

    def note_progress(self) -> None:
        """Begin with short waits again, though it is not back for good."""
        self._n_failures = 0

    def note_success(self) -> None:
        """Take the collector as back."""
        if self.is_on:
            say(logging.INFO, "%s is back", self._who)
        self._trouble = ""
        self._n_failures = 0
        self._next_try_s = 0.0
