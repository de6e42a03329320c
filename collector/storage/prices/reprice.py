"""Prices a period anew, with today's price list.

Partition by partition the engine rewrites the costs of each part together with the
roll-up that counts them, and puts the new part in the place of the old in one step: a
kill leaves every span there once, at its old price or its new one, and the engine goes
on with what it had begun. The same command again does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from collector.storage.engine import Handle, Store, engine_errors
from collector.storage.prices.table import reload_prices, rewrite_costs
from collector.storage.statements import sql

_PERIOD = (
    "ts >= fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC') "
    "AND ts < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') "
    "AND ({project:String} = '' OR project = {project:String})"
)


@dataclass(frozen=True)
class Period:
    """Which spans are priced anew."""

    since_ns: int
    """Start of the first, UTC nanoseconds since 1970."""

    until_ns: int
    """Those that start then are not among them."""

    project: str = ""
    """Only of this one; empty for all."""

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the values of statements about it."""
        return {
            "since_ns": self.since_ns,
            "until_ns": self.until_ns,
            "project": self.project,
        }


@dataclass(frozen=True)
class Repriced:
    """What came of it."""

    n_spans: int
    """Spans whose usage counts."""

    n_unpriced: int
    """Those of which nobody knows the price."""

    cost_before_usd: float
    """Their cost before."""

    cost_after_usd: float
    """Their cost now."""


@engine_errors()
def reprice(
    store: Store, period: Period, *, progress: Callable[[int, int, str], None]
) -> Repriced:
    """Price the spans of a period by the price list as it is now."""
    reload_prices(store)
    with store.handle("write") as client:
        before, _ = _cost(client, period)
        statement = sql("repriced_days").format(condition=_PERIOD)
        days = client.query(statement, parameters=period.parameters).result_rows
        total, done = sum(int(n) for _, n in days), 0
        for partition, n_spans in days:
            rewrite_costs(store, _PERIOD, period.parameters, partition=str(partition))
            done += int(n_spans)
            progress(done, total, str(partition))
        after, n_unpriced = _cost(client, period)
    return Repriced(total, n_unpriced, before, after)


def _cost(client: Handle, period: Period) -> tuple[float, int]:
    statement = sql("period_cost").format(condition=_PERIOD)
    rows = client.query(statement, parameters=period.parameters).result_rows
    return float(rows[0][0] or 0), int(rows[0][1])
