"""What judging costs: prices, what was spent, and a limit that is not gone over."""

from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from tracer.errors import ConfigurationError, SpendingLimitError
from tracer.judges._asking import Reply

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens of a model cost, in US dollars."""

    input_usd_per_mtok: float
    """Of a prompt."""

    output_usd_per_mtok: float
    """Of an answer, thinking included."""

    cached_usd_per_mtok: float | None = None
    """Of what the server had cached of a prompt; None for the same as the rest."""

    def __post_init__(self) -> None:
        """Refuse negative prices."""
        if min(self.input_usd_per_mtok, self.output_usd_per_mtok) < 0:
            raise ConfigurationError(f"{self} is negative; give US dollars")

    def cost_usd(
        self, input_tokens: float, output_tokens: float, cached_tokens: float = 0
    ) -> float:
        """Return what tokens cost; cached ones are part of the input."""
        cached = self.cached_usd_per_mtok
        of_cached = self.input_usd_per_mtok if cached is None else cached
        read = (input_tokens - cached_tokens) * self.input_usd_per_mtok
        written = output_tokens * self.output_usd_per_mtok
        return (read + cached_tokens * of_cached + written) / MILLION


@dataclass(frozen=True, slots=True)
class Spending:
    """What a judge model was asked so far; the model that is judged is not in it."""

    n_requests: int = 0
    """Requests that were answered."""

    n_cached: int = 0
    """Replies that came from the disk instead, for nothing."""

    input_tokens: int = 0
    """Tokens of prompts."""

    output_tokens: int = 0
    """Tokens of answers."""

    cost_usd: float | None = None
    """What it cost; None without a price."""


class InFlightError(SpendingLimitError):
    """The limit has room, but requests under way may need it: it is tried again."""


class Budget:
    """One limit for all models that share it; safe among threads.

    Args:
        limit_usd: The most that they may spend together; None for no limit.
    """

    def __init__(self, limit_usd: float | None) -> None:
        self.limit_usd = limit_usd
        self._lock = Lock()
        self._taken_usd = 0.0
        self._spent_usd = 0.0
        self._is_reached = False

    @property
    def spent_usd(self) -> float:
        """What was spent so far, by all of them."""
        return self._spent_usd

    @property
    def is_reached(self) -> bool:
        """Whether a request was refused because of the limit."""
        return self._is_reached

    def reserve(self, most_usd: float) -> None:
        """Set aside the most that a request can cost.

        Raises:
            SpendingLimitError: With it the limit could be gone over.
            InFlightError: So it is only while others are under way.
        """
        with self._lock:
            if self.limit_usd is not None:
                left_usd = self.limit_usd - self._spent_usd
                said = (
                    f"{self._spent_usd:.6f} of {self.limit_usd:.6f} USD are spent and "
                    f"the next request may cost {most_usd:.6f}; it was not made"
                )
                if most_usd > left_usd or self._is_reached:
                    self._is_reached = True
                    raise SpendingLimitError(said)
                if most_usd > left_usd - self._taken_usd:
                    raise InFlightError(said)
            self._taken_usd += most_usd

    def release(self, reserved_usd: float) -> None:
        """Give back what was set aside."""
        with self._lock:
            self._taken_usd = max(0.0, self._taken_usd - reserved_usd)

    def pay(self, cost_usd: float) -> None:
        """Count what was spent."""
        with self._lock:
            self._spent_usd += cost_usd


class Purse:
    """Counts what is spent, and refuses what could go over the limit.

    Args:
        price: What tokens cost; None if nobody knows.
        limit_usd: The most that may be spent; None for no limit.
        budget: A limit that other purses share.

    Raises:
        ConfigurationError: There is a limit, but no price.
    """

    def __init__(
        self,
        price: Price | None,
        limit_usd: float | None,
        budget: Budget | None = None,
    ) -> None:
        self._budget = budget or Budget(None)
        least_usd = self._budget.limit_usd if limit_usd is None else limit_usd
        if least_usd is not None and price is None:
            raise ConfigurationError(
                f"spending_limit_usd={least_usd} cannot be kept without a price; give "
                "price=Price(…), or client.price(model) of the collector; a stored "
                "judge takes prices in its form"
            )
        self.price = price
        self._limit_usd = limit_usd
        self._lock = Lock()
        self._spent = Spending(cost_usd=None if price is None else 0.0)
        self._reserved_usd = 0.0

    @property
    def spending(self) -> Spending:
        """What was spent so far."""
        with self._lock:
            return self._spent

    def reserve(self, input_tokens: int, output_tokens: int) -> float:
        """Set aside the most that a request can cost, in US dollars.

        Raises:
            SpendingLimitError: With it the limit could be gone over.
        """
        if self.price is None:
            return 0.0
        most_usd = self.price.cost_usd(input_tokens, output_tokens)
        with self._lock:
            spent_usd = self._spent.cost_usd or 0.0
            taken_usd = spent_usd + self._reserved_usd
            if self._limit_usd is not None and taken_usd + most_usd > self._limit_usd:
                raise SpendingLimitError(
                    f"the judge has spent {spent_usd:.6f} of {self._limit_usd:.6f} USD "
                    f"and the next request may cost {most_usd:.6f}; it was not made. "
                    "Give a greater spending_limit_usd, or a smaller max_output_tokens"
                )
            self._budget.reserve(most_usd)
            self._reserved_usd += most_usd
        return most_usd

    def release(self, reserved_usd: float) -> None:
        """Give back what was set aside."""
        self._budget.release(reserved_usd)
        with self._lock:
            self._reserved_usd = max(0.0, self._reserved_usd - reserved_usd)

    def pay(self, reply: Reply) -> None:
        """Count a reply that the server gave."""
        with self._lock:
            spent = self._spent
            cost_usd = None
            if self.price is not None:
                paid_usd = self.price.cost_usd(
                    reply.input_tokens, reply.output_tokens, reply.cached_tokens
                )
                self._budget.pay(paid_usd)
                cost_usd = (spent.cost_usd or 0.0) + paid_usd
            self._spent = Spending(
                n_requests=spent.n_requests + 1,
                n_cached=spent.n_cached,
                input_tokens=spent.input_tokens + reply.input_tokens,
                output_tokens=spent.output_tokens + reply.output_tokens,
                cost_usd=cost_usd,
            )

    def count_cached(self) -> None:
        """Count a reply that came from the disk."""
        with self._lock:
            self._spent = replace(self._spent, n_cached=self._spent.n_cached + 1)
