"""Keeps the price table filled: at the start, and for model names not met before."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from collector.price_list import source
from collector.rounds import Rounds
from collector.storage import prices
from collector.storage.engine import Store

LOOK_EVERY_S = 5.0
LIST_LIMIT_S = 60.0
"""A price list that takes longer is given up, until the next round."""


class Pricing:
    """A thread that looks for spans without a price and gets one if there is one."""

    def __init__(
        self, store: Store, *, turn: Callable[[], bool] = lambda: True
    ) -> None:
        self._store = store
        self._asked: set[tuple[str, str]] = set()
        self._filled = False
        self._rounds = Rounds(
            self._round,
            name="pricing",
            every_s=LOOK_EVERY_S,
            failing="spans are not priced for now",
            turn=turn,
        )

    def start(self) -> None:
        """Begin, in the background."""
        self._rounds.start()

    def close(self) -> None:
        """Stop; a price list that is being read is not waited for."""
        self._rounds.close()

    def _round(self) -> None:
        self._fill()
        self.look()

    def _fill(self) -> None:
        """Store this version's price list, once."""
        if self._filled:
            return
        with self._store.handle("write") as client:
            known = source() in prices.known_sources(client)
        if not known:
            self._learn(set())
        self._filled = True

    def look(self) -> None:
        """Price the spans whose model has not been looked up before."""
        with self._store.handle("write") as client:
            new = prices.unpriced_models(client) - self._asked
        if new:
            self._learn(new)
            prices.price_spans(self._store, new)

    def _learn(self, models: set[tuple[str, str]]) -> None:
        found = price_list_of(models)
        prices.insert_prices(self._store, found, source=source())
        self._asked |= models


def price_list_of(models: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the prices of the whole list and of models seen on spans.

    Raises:
        OSError: the program that reads the list failed or took too long.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "collector.price_list"],
            input=json.dumps(sorted(models)),
            capture_output=True,
            text=True,
            check=False,
            timeout=LIST_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"the price list took over {LIST_LIMIT_S:g} s") from None
    if done.returncode:
        raise OSError(f"the price list failed: {done.stderr.strip()[-300:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]
