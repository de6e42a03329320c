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
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any, Final

from tracer.alerts.messages import message
from tracer.alerts.readings import read_rule
from tracer.alerts.rules import SECOND_NS, Event, Reading, Rule, Standing, step
from tracer.alerts.webhook import WebhookError, post
from tracer.client import Client
from tracer.errors import CollectorError, ConfigurationError, ConflictError

logger = logging.getLogger("tracer")

Document = dict[str, Any]
"""A rule as it is stored; docs/alerts.md names its keys."""

LOOK_EVERY_S = 60.0
"""How often a worker looks at every rule."""

LEASE_S = 120.0
"""A worker that has something to tell and says nothing for so long loses it."""

NOTE_EVERY_S = 3600.0
"""How often a reading is written that changes nothing: a sign of life."""

TRIES: Final = 2
"""Attempts at a message in one look; the next look goes on."""

GIVE_UP_S = 3600.0
"""A message that could not be delivered for so long is dropped, and that is said."""

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
        self._worker = worker
        self._stop = stop
        self._hosts = hosts

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look in a thread of its own while the block runs: jobs may take hours."""
        ended = threading.Event()

        def watch() -> None:
            while not (ended.is_set() or self._stop.is_set()):
                with suppress(CollectorError):  # the worker's own loop says so
                    self.look()
                ended.wait(LOOK_EVERY_S)

        thread = threading.Thread(target=watch, name="tracer-alerts", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=LOOK_EVERY_S)

    def look(self) -> None:
        """Look at every active rule once.

        Raises:
            CollectorError: The rules could not be had.
        """
        rules = [r for r in self._client.alert_rules() if r["state"] == "active"]
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="tracer-alert") as threads:
            list(threads.map(self._look_at, rules))

    def _look_at(self, document: Document) -> None:
        try:
            self._tell(self._judged(document))
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
            return self._write(document, reading=seen, message=None)
        told = _concluded(document, rule, event, reading, now_ns)
        standing_data = standing.as_data()
        return self._write(
            document, standing=standing_data, reading=seen, message=None, **told
        )

    def _tell(self, document: Document) -> None:
        """Deliver what a rule still has to tell, if nobody else does."""
        if not document["pending"]:
            return
        now_ns = time.time_ns()
        is_others = document["worker"] not in (None, self._worker)
        if is_others and document["lease_until_ns"] > now_ns:
            return
        document = self._write(document, **self._held())
        for waiting in document["pending"]:
            outcome = self._deliver(document["webhook_url"], waiting)
            if outcome is None:
                break
            document = self._done(document, waiting, outcome)

    def _deliver(self, url: str | None, waiting: Mapping[str, Any]) -> str | None:
        """Return how a message ended, None if it is to be tried again later."""
        failure = "the rule names no webhook"
        for attempt in range(TRIES if url else 0):
            if attempt and self._stop.wait(1.0):
                break
            try:
                post(str(url), waiting["body"], hosts=self._hosts)
                return "delivered"
            except WebhookError as error:
                failure = str(error)
        age_ns = time.time_ns() - waiting["since_ns"]
        if url and age_ns < GIVE_UP_S * SECOND_NS:
            logger.warning("alert %s waits: %s", waiting["body"]["rule"], failure)
            return None
        return f"not delivered: {failure}"

    def _done(
        self, document: Document, waiting: Mapping[str, Any], outcome: str
    ) -> Document:
        """Write what became of a message, whoever wrote the rule meanwhile."""
        id, event = waiting["body"]["id"], waiting["body"]["event"]
        while True:
            left = [one for one in document["pending"] if one["body"]["id"] != id]
            firings = [
                one | {f"{event}_outcome": outcome}
                if one["id"] == waiting["id"]
                else one
                for one in document["firings"]
            ]
            held = self._held() if left else {"worker": None, "lease_until_ns": 0}
            try:
                return self._write(document, pending=left, firings=firings, **held)
            except ConflictError:
                newest = self._reread(document)
                if newest is None:
                    raise
                document = newest

    def _held(self) -> dict[str, Any]:
        lease_until_ns = time.time_ns() + round(LEASE_S * SECOND_NS)
        return {"worker": self._worker, "lease_until_ns": lease_until_ns}

    def _write(self, document: Document, **changes: Any) -> Document:
        """Write what changed over the version that was read.

        Raises:
            ConflictError: Somebody else has written it since.
        """
        place = {key: document[key] for key in ("id", "project", "version")}
        return self._client.save_alert_rule(place | changes)

    def _reread(self, document: Document) -> Document | None:
        rules = self._client.alert_rules(project=document["project"])
        return next((one for one in rules if one["id"] == document["id"]), None)

    def _say(self, document: Document, text: str) -> None:
        """Let the rule tell people why it is not judged, once."""
        if document["message"] != text:
            logger.warning("alert %s: %s", document["id"], text)
            with suppress(CollectorError):
                self._write(document, message=text)


def _concluded(
    document: Document, rule: Rule, event: Event, reading: Reading, now_ns: int
) -> dict[str, Any]:
    """Return what a rule remembers of an event, and what is to be told."""
    firings = list(document["firings"])
    begun: Document = {"id": uuid.uuid4().hex, "fired_ns": now_ns}
    if event == "fired":
        begun |= {"recovered_ns": None, "threshold": rule.threshold}
        begun["reading"] = asdict(reading)
        firings = [begun, *firings]
    else:
        begun = firings[0] if firings else begun
        ended = {"recovered_ns": now_ns, "recovered_reading": asdict(reading)}
        firings = [begun | ended, *firings[1:]]
    id, fired_ns = begun["id"], begun["fired_ns"]
    body = message(rule, event, reading, id=id, fired_ns=fired_ns, now_ns=now_ns)
    waiting = {"id": id, "since_ns": now_ns, "body": body}
    pending = [*document["pending"], waiting] if rule.webhook_url else []
    return {"firings": firings, "pending": pending}
