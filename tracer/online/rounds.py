"""A worker's turns at the rules: take one, score what came, note how far it is."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import tracer
from tracer._client.records import Row
from tracer.client import Client
from tracer.errors import (
    CollectorError,
    ConfigurationError,
    ConflictError,
    MissingExtraError,
    NotFoundError,
)
from tracer.evaluation._caught import described
from tracer.evaluation.scorers import NamedScorer
from tracer.online.delivering import deliver_scores
from tracer.online.rules import Progress, affordable, is_sampled, limit_reached
from tracer.online.scorers import known, scorers_of
from tracer.online.scoring import evaluation_id_of, is_scored, score_trace

logger = logging.getLogger("tracer")

Rule = dict[str, Any]
"""An online rule's document; docs/api.md names its keys."""

LOOK_EVERY_S = 10.0
"""How often a worker looks for rules with something to do."""

LEASE_S = 120.0
"""A worker that writes nothing for this long loses its rule to another."""

SETTLE_S = 60.0
"""How long a trace rests after its entry span came: until all of it is there, and
whatever came before it is stored."""

WINDOW_S = 3600.0
"""How long a time of arrival is gone through at once; doubled where nothing came."""

LATEST_S: Final = 7 * 86_400.0
"""How long before its arrival a trace may have begun, to be found."""

BATCH = 20
"""Most traces between two notes of how far it is."""

PAGE = 200
"""Traces listed at a time."""

NOTE_EVERY_S = 60.0
"""How much further a rule without work is before its place is written again."""

SECOND_NS: Final = 10**9


class OnlineRounds:
    """Takes turns at the rules of online scoring.

    Args:
        client: The collector that has rules and traffic.
        worker: Name of this worker.
        stop: Set when the worker is to end.
        settle_s: How long a trace rests before it is scored.
        judge_cache: File in which replies of judges are kept; None keeps none.
    """

    def __init__(
        self,
        client: Client,
        worker: str,
        stop: threading.Event,
        *,
        settle_s: float = SETTLE_S,
        judge_cache: str | None = None,
    ) -> None:
        self._client = client
        self._worker = worker
        self._stop = stop
        self._settle_s = settle_s
        self._next_look_s = 0.0
        self._cache = judge_cache
        self._made: dict[tuple[str, str], tuple[int, Any]] = {}
        self._windows: dict[tuple[str, str], float] = {}

    def take_turn(self) -> bool:
        """Work at every active rule once, if it is time; return whether more waits."""
        now_s = time.monotonic()
        if now_s < self._next_look_s:
            return False
        rules = [r for r in self._client.online_rules() if r["state"] == "active"]
        turns = [self._work_at(rule) for rule in rules if not self._stop.is_set()]
        more = any(turns)
        self._next_look_s = 0.0 if more else now_s + LOOK_EVERY_S
        return more

    def _work_at(self, rule: Rule) -> bool:
        """Score what came for a rule; return whether more of it waits."""
        if rule["worker"] != self._worker and rule["lease_until_ns"] > time.time_ns():
            return False
        try:
            judges = self._judges(rule)
            return self._work_through(rule, scorers_of(rule["scorers"], judges))
        except ConflictError:
            return False  # another worker took it, or it was taken away
        except (ConfigurationError, MissingExtraError, CollectorError) as error:
            self._say(rule, str(error))
            return False
        except Exception as error:  # a rule that cannot be worked at must not end jobs
            logger.warning("online rule %s failed", rule["id"], exc_info=error)
            self._say(rule, described(error))
            return False

    def _judges(self, rule: Rule) -> dict[str, Any]:
        """Return the stored judges that a rule names, made anew when they change."""
        here, project = known(), rule["project"]
        named = {name for name in rule["scorers"] if name not in here}
        if not named:
            return {}
        from tracer.worker.judging import stored_judges  # brings openai

        found = {}
        for row in self._client.judges(project=project):
            if row["id"] not in named:
                continue
            place = project, row["id"]
            version, judge = self._made.get(place, (None, None))
            if version != row["version"]:
                (judge,) = stored_judges(
                    self._client, [row["id"]], project=project, cache=self._cache
                )
                self._made[place] = row["version"], judge
            found[row["id"]] = judge
        return found

    def _work_through(self, rule: Rule, scorers: list[NamedScorer]) -> bool:
        """Score what came until now, one window's arrivals at most."""
        rested_ns = time.time_ns() - round(self._settle_s * SECOND_NS)
        place = rule["project"], rule["id"]
        window_s = self._windows.pop(place, WINDOW_S)
        until_ns = min(rested_ns, rule["position_ns"] + round(window_s * SECOND_NS))
        if until_ns <= rule["position_ns"]:
            return False
        rows = self._unscored(rule, scorers, until_ns)
        progress, is_through, scored_any = self._progress(rule), False, False
        reason = limit_reached(rule, progress)
        while not (reason or is_through or self._stop.is_set()):
            room = affordable(rule, progress, most=BATCH)
            batch = list(islice(rows, room))
            if batch:
                rule, progress = self._score(rule, progress, batch, scorers)
                scored_any = True
            is_through = len(batch) < room
            reason = limit_reached(rule, progress)
            if rule["state"] != "active":
                return False
        if reason:
            self._say(rule, reason)
        elif is_through and until_ns - rule["position_ns"] > NOTE_EVERY_S * SECOND_NS:
            self._write(rule, position_ns=until_ns, message=None)
            self._windows[place] = WINDOW_S if scored_any else 2 * window_s
        return is_through and until_ns < rested_ns

    def _unscored(
        self, rule: Rule, scorers: Sequence[NamedScorer], until_ns: int
    ) -> Iterator[Row]:
        """Yield the sample's traces that came until then and lack a score."""
        since_ns = rule["position_ns"]
        arrived = [
            ["received_at", ">=", since_ns],
            ["received_at", "<", until_ns],
        ]
        cursor: str | None = None
        while True:
            page = self._client.traces(
                project=rule["project"],
                since=max(0, since_ns - round(LATEST_S * SECOND_NS)),
                where=[*rule["where"], *arrived],
                order="start",
                limit=PAGE,
                cursor=cursor,
            )
            for row in page:
                is_in = is_sampled(row["trace_id"], rule["sample_rate"])
                if is_in and not is_scored(row, scorers):
                    yield row
            cursor = page.next
            if cursor is None:
                return

    def _score(
        self,
        rule: Rule,
        progress: Progress,
        batch: Sequence[Row],
        scorers: Sequence[NamedScorer],
    ) -> tuple[Rule, Progress]:
        """Score a batch, and note it once its scores have arrived."""
        rule = self._write(rule)
        tracer.configure(endpoint=self._client.endpoint, project=rule["project"])
        failed = 0
        for row in batch:
            with suppress(NotFoundError):  # deleted since it was listed
                trace = self._client.trace(row["trace_id"], project=rule["project"])
                failures = score_trace(
                    trace,
                    scorers,
                    evaluation_id=evaluation_id_of(rule),
                    facts={"online_rule": rule["id"]},
                )
                failed += len(failures)
        deliver_scores()
        progress = replace(
            progress,
            today=progress.today + len(batch),
            scored=progress.scored + len(batch),
            failed=progress.failed + failed,
            cost_usd=self._cost_usd(rule),
        )
        rule = self._write(rule, progress=asdict(progress), message=None)
        return rule, progress

    def _progress(self, rule: Rule) -> Progress:
        progress = Progress.of(rule["progress"])
        return replace(progress, cost_usd=self._cost_usd(rule))

    def _cost_usd(self, rule: Rule) -> float | None:
        """Return what the rule's judging cost today (UTC), as the collector knows."""
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        (total,) = self._client.stats(
            project=rule["project"],
            since=midnight,
            where=[("evaluation_id", "=", evaluation_id_of(rule))],
            unit="spans",
            origin="evaluation",
        ) or [{"cost_usd": None}]
        cost: float | None = total["cost_usd"]
        return cost

    def _write(self, rule: Rule, **changes: Any) -> Rule:
        """Write what changed, and take the rule for `LEASE_S`.

        Raises:
            ConflictError: Another worker has it, or it is gone.
        """
        lease_until_ns = time.time_ns() + round(LEASE_S * SECOND_NS)
        held = {"worker": self._worker, "lease_until_ns": lease_until_ns}
        try:
            return self._client.save_online_rule({**rule, **changes, **held})
        except ConflictError:
            newest = self._reread(rule)
            if newest is None or newest["worker"] != self._worker:
                raise
            return self._client.save_online_rule({**newest, **changes, **held})

    def _reread(self, rule: Rule) -> Rule | None:
        rules = self._client.online_rules(project=rule["project"])
        return next((one for one in rules if one["id"] == rule["id"]), None)

    def _say(self, rule: Rule, message: str) -> None:
        """Let the rule tell people why it stands still, once."""
        newest = self._reread(rule)
        if newest is not None and newest["message"] != message:
            logger.warning("online rule %s: %s", rule["id"], message)
            with suppress(ConflictError):
                self._client.save_online_rule({**newest, "message": message})
