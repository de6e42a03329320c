"""Deliver what rules have to tell, each message by one worker at a time.

What waits stands in the rule, without its words: those are made here, of the rule and
the reading, so that whoever writes rules cannot have anything else posted.
"""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from tracer._dashboard import dashboard_url_known
from tracer.alerts.messages import message
from tracer.alerts.rules import SECOND_NS, Reading, Rule
from tracer.alerts.webhook import WebhookError, post
from tracer.client import Client
from tracer.errors import ConflictError

logger = logging.getLogger("tracer")

Document = dict[str, Any]
"""A rule as it is stored; docs/alerts.md names its keys."""

LEASE_S = 120.0
"""A worker that has something to tell and says nothing for so long loses it."""

TRIES: Final = 2
"""Attempts at a message in one look; the next look goes on."""

GIVE_UP_S = 3600.0
"""A message that could not be delivered for so long is dropped, and that is said."""


class Teller:
    """Delivers what waits in rules.

    Args:
        client: The collector that has the rules.
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
        hosts: frozenset[str],
    ) -> None:
        self._client = client
        self._worker = worker
        self._stop = stop
        self._hosts = hosts

    def write(self, document: Document, **changes: Any) -> Document:
        """Write what changed of a rule over the version that was read.

        Raises:
            ConflictError: Somebody else has written it since.
        """
        place = {key: document[key] for key in ("id", "project", "version")}
        return self._client.save_alert_rule(place | changes)

    def tell(self, document: Document) -> None:
        """Deliver what a rule still has to tell, if nobody else does.

        Raises:
            ConflictError: Another worker has taken it.
        """
        if not document["pending"]:
            return
        is_others = document["worker"] not in (None, self._worker)
        if is_others and document["lease_until_ns"] > time.time_ns():
            return
        document = self.write(document, **self._held())
        for waiting in document["pending"]:
            failure = self._failure(document, waiting)
            if failure is None:
                document = self._done(document, waiting, "delivered")
            elif time.time_ns() - waiting["since_ns"] >= GIVE_UP_S * SECOND_NS:
                document = self._done(document, waiting, f"not delivered: {failure}")
            else:
                self._note(document, waiting, failure)
                return

    def _failure(self, document: Document, waiting: Mapping[str, Any]) -> str | None:
        """Return why a message could not be delivered, None if it was."""
        failure = "the rule names no webhook"
        rule = Rule.of(document)
        for attempt in range(TRIES if rule.webhook_url else 0):
            if attempt and self._stop.wait(1.0):
                break
            try:
                body = _body(rule, waiting, self._dashboard())
                post(str(rule.webhook_url), body, hosts=self._hosts)
                return None
            except WebhookError as error:
                failure = str(error)
        return failure

    def _note(
        self, document: Document, waiting: Mapping[str, Any], failure: str
    ) -> None:
        """Let the rule tell people why a message waits, once."""
        if waiting.get("failure") == failure:
            return
        logger.warning("alert %s waits: %s", document["id"], failure)
        pending = [
            one | {"failure": failure} if _is_same(one, waiting) else one
            for one in document["pending"]
        ]
        self.write(document, pending=pending, **self._held())

    def _done(
        self, document: Document, waiting: Mapping[str, Any], outcome: str
    ) -> Document:
        """Write what became of a message, whoever wrote the rule meanwhile."""
        while True:
            left = [one for one in document["pending"] if not _is_same(one, waiting)]
            firings = _with_outcome(document["firings"], waiting, outcome)
            held = self._held() if left else {"worker": None, "lease_until_ns": 0}
            try:
                return self.write(document, pending=left, firings=firings, **held)
            except ConflictError:
                newest = self._reread(document)
                if newest is None:
                    raise
                document = newest

    def _dashboard(self) -> str:
        """Return where people find the dashboard; empty if nobody has said so."""
        api = self._client._api
        return dashboard_url_known(api.endpoint, api.api_key)

    def _held(self) -> dict[str, Any]:
        lease_until_ns = time.time_ns() + round(LEASE_S * SECOND_NS)
        return {"worker": self._worker, "lease_until_ns": lease_until_ns}

    def _reread(self, document: Document) -> Document | None:
        rules = self._client.alert_rules(project=document["project"])
        return next((one for one in rules if one["id"] == document["id"]), None)


def waiting_of(
    event: str, *, id: str, fired_ns: int, now_ns: int, reading: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what stands in a rule until it is told."""
    times = {"fired_ns": fired_ns, "since_ns": now_ns}
    return {"id": id, "event": event, "reading": dict(reading), **times}


def _body(rule: Rule, waiting: Mapping[str, Any], dashboard: str) -> dict[str, Any]:
    known = {field.name for field in fields(Reading)} & waiting["reading"].keys()
    reading = Reading(**{name: waiting["reading"][name] for name in known})
    return message(
        rule,
        waiting["event"],
        reading,
        id=waiting["id"],
        fired_ns=waiting["fired_ns"],
        now_ns=waiting["since_ns"],
        dashboard=dashboard,
    )


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["id"], one["event"]) == (other["id"], other["event"])


def _with_outcome(
    firings: list[Document], waiting: Mapping[str, Any], outcome: str
) -> list[Document]:
    """Return what a rule remembers, with what became of a message.

    A test is remembered beside the firings.
    """
    ended = {f"{waiting['event']}_outcome": outcome}
    if waiting["event"] == "test":
        times = {"fired_ns": waiting["since_ns"], "recovered_ns": waiting["since_ns"]}
        about = {"id": waiting["id"], "is_test": True, "reading": waiting["reading"]}
        return [about | times | ended, *firings]
    return [one | ended if one["id"] == waiting["id"] else one for one in firings]
