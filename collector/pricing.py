"""Keeps the price table filled: at the start, and for model names not met before."""

import json
import logging
import subprocess
import sys
import threading
from typing import Any

from collector.errors import CollectorServiceError
from collector.price_list import source
from collector.storage import prices
from collector.storage.engine import Store

LOOK_EVERY_S = 5.0

log = logging.getLogger("collector")


class Pricing:
    """A thread that looks for spans without a price and gets one if there is one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopped = threading.Event()
        self._asked: set[tuple[str, str]] = set()
        self._thread = threading.Thread(target=self._run, name="pricing", daemon=True)

    def start(self) -> None:
        """Begin, in the background."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the step that runs."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            with self._store.handle("write") as client:
                if source() not in prices.known_sources(client):
                    self._learn(set())
            while not self._stopped.wait(LOOK_EVERY_S):
                self.look()
        except (CollectorServiceError, OSError) as error:
            log.error("spans are not priced from now on: %s", error)

    def look(self) -> None:
        """Price the spans whose model has not been looked up before."""
        with self._store.handle("write") as client:
            new = prices.unpriced_models(client) - self._asked
        if new:
            self._learn(new)
            with self._store.handle("write") as client:
                prices.price_spans(client, new)

    def _learn(self, models: set[tuple[str, str]]) -> None:
        found = _price_list(models)
        with self._store.handle("write") as client:
            prices.insert_prices(client, found, source=source())
        self._asked |= models


def _price_list(models: set[tuple[str, str]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "collector.price_list"],
        input=json.dumps(sorted(models)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(f"the price list failed: {done.stderr.strip()[-300:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]
