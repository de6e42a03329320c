"""What a rule says, and what follows from a reading: the same live and in preview."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal

from tracer.errors import ConfigurationError

Measure = Literal["score", "error_rate", "latency_p95_ms", "cost_usd", "calls"]
Event = Literal["fired", "recovered", "test"]

MEASURES: Final = ("score", "error_rate", "latency_p95_ms", "cost_usd", "calls")
TESTS: Final = ("above", "below", "change")
DIRECTIONS: Final = ("up", "down", "either")
WINDOWS: Final = {900: "quarter", 3600: "hour", 86_400: "day", 604_800: "week"}
"""Seconds that a rule looks back, and the buckets that a preview counts in."""

LAGS_S: Final = {"before": None, "day": 86_400, "week": 604_800}
"""How long before the window the one lies that a change is measured against; None:
just before it."""

SECOND_NS: Final = 10**9


@dataclass(frozen=True)
class Rule:
    """What is watched, and when it is too much; docs/alerts.md tells the keys."""

    id: str
    """Its name among the rules of the project."""
    project: str
    """Whose traffic is watched."""
    name: str = ""
    """What people call it; the id if empty."""
    state: str = "active"
    """``active`` or ``paused``."""
    measure: str = "error_rate"
    """One of `MEASURES`."""
    score: str | None = None
    """Whose mean is watched, if a score is."""
    where: tuple[Any, ...] = ()
    """Conditions that the calls, or the scores, meet."""
    window_s: int = 3600
    """One of `WINDOWS`: how far a look goes back."""
    test: str = "above"
    """One of `TESTS`."""
    threshold: float = 0.0
    """The value not to be passed; of a change the share, 0.2 for a fifth."""
    direction: str = "either"
    """Of a change, which one counts."""
    against: str = "before"
    """Of a change, a key of `LAGS_S`."""
    clear: float | None = None
    """Where a firing ends; None for the threshold."""
    min_n: int = 20
    """Below so many calls or scores nothing is concluded."""
    cooldown_s: int = 3600
    """After a firing ended, none begins for so long."""
    webhook_url: str | None = None
    """Who is told; None tells nobody."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Rule":
        """Read a rule's document.

        Raises:
            ConfigurationError: A value is none that a rule can have.
        """
        known = {field.name for field in fields(cls)} & document.keys()
        rule = cls(**{name: document[name] for name in known})
        rule = replace(rule, where=tuple(map(tuple, rule.where)))
        choices: tuple[tuple[str, object, Any], ...] = (
            ("measure", rule.measure, MEASURES),
            ("test", rule.test, TESTS),
            ("direction", rule.direction, DIRECTIONS),
            ("against", rule.against, LAGS_S),
            ("window_s", rule.window_s, WINDOWS),
        )
        for name, value, allowed in choices:
            if value not in allowed:
                shown = ", ".join(map(str, allowed))
                raise ConfigurationError(
                    f"{name} {value!r} is none of an alert rule; use one of {shown}"
                )
        if rule.measure == "score" and not rule.score:
            raise ConfigurationError("an alert rule on a score has to name the score")
        return rule

    @property
    def lag_s(self) -> int:
        """How long before its window that one begins which a change is measured by.

        Never so little that the two overlap.
        """
        return max(LAGS_S[self.against] or 0, self.window_s)


@dataclass(frozen=True)
class Reading:
    """What a rule's window holds."""

    value: float | None
    """The measure; None without anything to measure."""
    n: int
    """Calls, or scores, that it comes from."""
    baseline: float | None = None
    """Of a change: the measure of the window before."""
    baseline_n: int | None = None
    """What that comes from."""
    is_shown: bool | None = None
    """Of a change: whether luck is ruled out at 5 %; None where that cannot be told."""

    @property
    def change(self) -> float | None:
        """By which share the measure moved; None without a base."""
        if self.value is None or not self.baseline:
            return None
        return (self.value - self.baseline) / abs(self.baseline)


@dataclass(frozen=True)
class Standing:
    """How a rule stands between two looks."""

    firing: bool = False
    """Whether it has fired and not recovered."""
    since_ns: int | None = None
    """When it fired."""
    ended_ns: int | None = None
    """When the newest firing ended."""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Standing":
        """Read what a rule's document remembers."""
        known = {field.name for field in fields(cls)} & stored.keys()
        return cls(**{name: stored[name] for name in known})

    def as_data(self) -> dict[str, Any]:
        """Return what a rule's document remembers."""
        return asdict(self)


def is_enough(rule: Rule, reading: Reading) -> bool:
    """Return whether a reading tells anything; no calls at all are 0 calls."""
    if reading.value is None:
        return False
    if rule.test == "change" and (reading.baseline_n or 0) < rule.min_n:
        return False
    return rule.measure == "calls" or reading.n >= rule.min_n


def is_beyond(rule: Rule, reading: Reading, limit: float) -> bool:
    """Return whether a reading lies on the wrong side of a limit."""
    if rule.test != "change":
        value = 0.0 if reading.value is None else reading.value
        return value > limit if rule.test == "above" else value < limit
    change = reading.change
    if change is None:
        return False
    return {
        "up": change > limit,
        "down": -change > limit,
        "either": abs(change) > limit,
    }[rule.direction]


def step(
    rule: Rule, standing: Standing, reading: Reading, *, now_ns: int
) -> tuple[Standing, Event | None]:
    """Return how a rule stands after a look, and what there is to tell.

    It fires once and is over once: a firing ends where `clear` is no longer passed, and
    for `cooldown_s` no other begins. What is too little to judge changes nothing; a
    change that may be luck does not fire.
    """
    if not is_enough(rule, reading):
        return standing, None
    if standing.firing:
        clear = rule.threshold if rule.clear is None else rule.clear
        if is_beyond(rule, reading, clear):
            return standing, None
        return Standing(False, standing.since_ns, now_ns), "recovered"
    rests_until_ns = (standing.ended_ns or 0) + rule.cooldown_s * SECOND_NS
    if standing.ended_ns is not None and now_ns < rests_until_ns:
        return standing, None
    if reading.is_shown is False or not is_beyond(rule, reading, rule.threshold):
        return standing, None
    return Standing(True, now_ns, standing.ended_ns), "fired"
