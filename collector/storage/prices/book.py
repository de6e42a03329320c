"""Prices that Python asks of the engine's dictionary, remembered for a minute."""

import time

from collector.span_rows.making import Prices
from collector.storage.engine import Handle
from collector.storage.statements import sql

KEPT_S = 60.0
"""As often as the engine's dictionary looks for news."""

MAX_KEPT = 10_000
"""Models of a sender who makes up names do not fill the memory."""

_DAY_NS = 86_400 * 10**9
_LAST_DAY = 65_535

_Key = tuple[str, str, int]


class PriceBook:
    """Prices by provider, model and day; safe to share between threads."""

    def __init__(self) -> None:
        self._kept: dict[_Key, tuple[float, Prices]] = {}

    def price_of(
        self, client: Handle, provider: str, model: str, start_ns: int
    ) -> Prices:
        """Return the prices of a model at a time."""
        key = (provider, model, min(start_ns // _DAY_NS, _LAST_DAY))
        now_s = time.monotonic()
        asked_s, prices = self._kept.get(key, (0.0, (None, None, None, "")))
        if asked_s and now_s - asked_s < KEPT_S:
            return prices
        parameters = dict(zip(("provider", "model", "day"), key, strict=True))
        rows = client.query(sql("prices_of"), parameters=parameters).result_rows
        prices = (rows[0][0], rows[0][1], rows[0][2], str(rows[0][3] or ""))
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[key] = (now_s, prices)
        return prices
