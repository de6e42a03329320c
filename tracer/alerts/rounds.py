"""A worker's looks at the rules of alerts: judge, write it down, then tell.

What a look concludes is written with the version that was read: of two workers that
conclude the same, one writes it and tells; the other finds that it was written. What is
still to be told stands in the rule, with a lease for whoever tells it, so that the end
of a worker loses nothing. A message may come twice then, under the same ``id``.
"""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any, Final

from tracer.alerts.readings import read_rule
from tracer.alerts.rules import SECOND_NS, Event, Reading, Rule, Standing, step
from tracer.alerts.telling import Document, Teller, waiting_of
from tracer.client import Client
from tracer.errors import CollectorError, ConfigurationError, ConflictError

logger = logging.getLogger("tracer")

LOOK_EVERY_S = 60.0
"""How often a worker looks at every rule."""

NEW_EVERY_S = 5.0
"""How often it looks whether there are rules that nobody has judged yet."""

NOTE_EVERY_S = 3600.0
"""How often a reading is written that changes nothing: a sign of life."""

AT_ONCE: Final = 4


class AlertRounds:
    """Looks at rules, every `LOOK_EVERY_S`.

    Args:
        client: The collector that has rules and traffic.
        worker: Name of this worker.
        stop: Set when the worker is to end.
        hosts: Hosts that webhooks may lead to though they are private.
    """

    def __init__(
        self,
        client: Client,
        worker: str,
        stop: threading.Event,
        *,
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self._client = client
        self._stop = stop
        self._teller = Teller(client, worker, stop, hosts=hosts)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look in a thread of its own while the block runs: jobs may take hours."""
        ended = threading.Event()

        def watch() -> None:
            next_round_s = 0.0
            while not (ended.is_set() or self._stop.is_set()):
                is_round = time.monotonic() >= next_round_s
                if is_round:
                    next_round_s = time.monotonic() + LOOK_EVERY_S
                with suppress(CollectorError):  # the worker's own loop says so
                    self.look(only_new=not is_round)
                ended.wait(min(NEW_EVERY_S, LOOK_EVERY_S))

        thread = threading.Thread(target=watch, name="tracer-alerts", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=LOOK_EVERY_S)

    def look(self, *, only_new: bool = False) -> None:
        """Look at every active rule once, or only at those that nobody judged yet.

        Raises:
            CollectorError: The rules could not be had.
        """
        rules = [
            rule
            for rule in self._client.alert_rules()
            if rule["state"] == "active" and not (only_new and rule["reading"])
        ]
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tracer-alert") as threads:
            list(threads.map(self._look_at, rules))

    def _look_at(self, document: Document) -> None:
        try:
            self._teller.tell(self._judged(document))
        except ConflictError:
            logger.debug("alert %s was written meanwhile", document["id"])
        except (CollectorError, ConfigurationError) as error:
            self._say(document, str(error))
        except Exception as error:  # a rule that cannot be judged must not end others
            logger.warning(
                "alert %s could not be judged", document["id"], exc_info=error
            )

    def _judged(self, document: Document) -> Document:
        """Return the rule after a look, written if that changed anything.

        Raises:
            ConflictError: It was written since it was read.
        """
        rule, now_ns = Rule.of(document), time.time_ns()
        reading = read_rule(self._client, rule, now_ns=now_ns)
        standing, event = step(
            rule, Standing.of(document["standing"]), reading, now_ns=now_ns
        )
        seen = asdict(reading) | {"at_ns": now_ns}
        if event is None:
            noted_ns = document["reading"].get("at_ns", 0)
            is_due = now_ns - noted_ns > NOTE_EVERY_S * SECOND_NS
            if not is_due and document["message"] is None:
                return document
            return self._teller.write(document, reading=seen, message=None)
        told = _concluded(document, rule, event, reading, now_ns)
        standing_data = standing.as_data()
        return self._teller.write(
            document, standing=standing_data, reading=seen, message=None, **told
        )

    def _say(self, document: Document, text: str) -> None:
        """Let the rule tell people why it is not judged, once."""
        if document["message"] != text:
            logger.warning("alert %s: %s", document["id"], text)
            with suppress(CollectorError):
                self._teller.write(document, message=text)


def _concluded(
    document: Document, rule: Rule, event: Event, reading: Reading, now_ns: int
) -> dict[str, Any]:
    """Return what a rule remembers of an event, and what is to be told."""
    tests = [one for one in document["firings"] if one.get("is_test")]
    firings = [one for one in document["firings"] if not one.get("is_test")]
    begun: Document = {"id": uuid.uuid4().hex, "fired_ns": now_ns}
    if event == "fired":
        begun |= {"recovered_ns": None, "threshold": rule.threshold}
        begun["reading"] = asdict(reading)
        firings = [begun, *firings]
    else:
        begun = firings[0] if firings else begun
        ended = {"recovered_ns": now_ns, "recovered_reading": asdict(reading)}
        firings = [begun | ended, *firings[1:]]
    waiting = waiting_of(
        event,
        id=begun["id"],
        fired_ns=begun["fired_ns"],
        now_ns=now_ns,
        reading=asdict(reading),
    )
    pending = [*document["pending"], waiting] if rule.webhook_url else []
    return {"firings": [*firings, *tests], "pending": pending}
