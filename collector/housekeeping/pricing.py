"""Keeps the price table filled: at the start, and for model names not met before.

A user's file goes before the list; a change of it is seen within seconds.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from collector.errors import SettingsError
from collector.housekeeping.price_file import PriceFile, read_price_file
from collector.housekeeping.price_list import source
from collector.housekeeping.rounds import Rounds
from collector.storage.engine import Store
from collector.storage.prices import table as prices

LOOK_EVERY_S = 5.0
LIST_LIMIT_S = 60.0
"""A price list that takes longer is given up, until the next round."""

MOST_ASKED = 10_000
"""Model names remembered as looked up: those of a sender who makes them up stay few."""


class Pricing:
    """A thread that looks for spans without a price and gets one if there is one."""

    def __init__(
        self,
        store: Store,
        *,
        own_file: Path | None = None,
        turn: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._own_path = own_file
        self._own = PriceFile("", ())
        self._own_mark: tuple[int, int] | None = None
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
        self.take_own()
        self._fill()
        self.look()

    def take_own(self) -> None:
        """Store the prices of the user's file, if it changed.

        Raises:
            SettingsError: it is no price list; the prices that it had stay.
        """
        mark = _mark(self._own_path)
        if mark == self._own_mark:
            return
        if self._own_path is not None:
            self._own = read_price_file(self._own_path)
        with self._store.handle("write") as client:
            if prices.user_sources(client) != {self._own.source} - {""}:
                known = prices.known_models(client)
                found = list(self._own.of(known))
                source_ = self._own.source
                prices.insert_prices(self._store, found, source=source_, rank=1)
                prices.keep_only(self._store, source_)
        self._asked.clear()
        self._own_mark = mark

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
        """Price the spans without a price whose model has one."""
        with self._store.handle("write") as client:
            unpriced = prices.unpriced_models(client)
        new = unpriced.keys() - self._asked
        if new:
            self._learn(new)
        # a span may have come before its model's price was known to its writer
        ready = new | {model for model, has_price in unpriced.items() if has_price}
        if ready:
            prices.price_spans(self._store, ready)

    def _learn(self, models: set[tuple[str, str]]) -> None:
        found = price_list_of(models)
        listed = {(price["provider"], price["model"]) for price in found}
        own = list(self._own.of(models | listed))
        if own:  # first: no span is priced by the list that has a price of the user's
            prices.insert_prices(self._store, own, source=self._own.source, rank=1)
        prices.insert_prices(self._store, found, source=source())
        if len(self._asked) > MOST_ASKED:
            self._asked.clear()
        self._asked |= models


def _mark(path: Path | None) -> tuple[int, int]:
    """Return what tells that a file changed; zeros without one.

    Raises:
        SettingsError: it is gone.
    """
    if path is None:
        return (0, 0)
    try:
        found = path.stat()
    except OSError as error:
        raise SettingsError(
            f"TRACER_PRICES_FILE '{path}' cannot be read ({error.strerror})"
        ) from None
    return (found.st_mtime_ns, found.st_size)


def price_list_of(models: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the prices of the whole list and of models seen on spans.

    Raises:
        OSError: the program that reads the list failed or took too long.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "collector.housekeeping.price_list"],
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
