"""What becomes of each batch: sent, kept on disk, or set aside."""

import gzip
import zlib
from contextlib import suppress
from dataclasses import replace
from threading import Thread

from tracer._delivery.otlp.requests import count_items, split_request
from tracer._delivery.outage import Outage
from tracer._delivery.records import LANES, Batch, Lane
from tracer._delivery.spool import Claim, Spool
from tracer._delivery.tally import Tally
from tracer._delivery.transport import Answer, Transport, Verdict
from tracer._guard import guarded, warn_once

_MOST_REQUESTS_TO_ISOLATE = 64
_MOST_AT_ONCE = 4


class Sender:
    """Sends batches, or keeps them.

    Args:
        transport: The way to the collector.
        spool: Where batches wait while it is away; None = they wait in memory.
        outage: Whether it is away.
        no_logs: Whether it is there and has no place for scores and events.
        tally: Where every item is counted.
    """

    def __init__(
        self,
        transport: Transport,
        spool: Spool | None,
        outage: Outage,
        *,
        no_logs: Outage,
        tally: Tally,
    ) -> None:
        self._transport = transport
        self._spool = spool
        self._outage = outage
        self._no_logs = no_logs
        self._tally = tally

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def try_now(self) -> None:
        """Let whoever is away be tried at once."""
        self._outage.try_now()
        self._no_logs.try_now()

    def deliver(self, batch: Batch, *, at_most_s: float | None = None) -> list[Batch]:
        """Send a batch or keep it on disk; return what could be neither, in order.

        What the receiver has no place for is not waited for in memory: the spans
        behind it would wait too.
        """
        waits = self._waits(batch.lane)
        left = [batch] if waits else self._send(batch, at_most_s=at_most_s)
        left = self.keep(left)
        if left and batch.lane == "logs" and self._no_logs.is_on:
            reason = self._tally.troubles.get("logs", "the collector takes no scores")
            self._tally.note_dropped(sum(part.n_items for part in left), reason)
            return []
        return left

    @property
    def can_keep(self) -> bool:
        """Whether there is a disk to keep batches on."""
        return self._spool is not None

    def keep(self, batches: list[Batch]) -> list[Batch]:
        """Keep batches on disk; return those for which there is no room."""
        if self._spool is None:
            return batches
        return [batch for batch in batches if not self._spool.put(batch)]

    def has_kept(self) -> bool:
        """Look whether a batch waits on disk."""
        return self._spool is not None and self._spool.has_any()

    def resend(self, *, at_most_s: float | None = None) -> bool:
        """Send the oldest batches on disk; False if none could be sent now.

        A few at once: most of the time of a request is waiting for the collector's
        disk, which it syncs once for all that come together.
        """
        claims = self._claims()
        if not claims:
            return False
        sent: list[bool] = []

        def resend(claim: Claim) -> None:
            with guarded("send what waits on disk"):
                sent.append(self._resend(claim, at_most_s))

        threads = [Thread(target=resend, args=(one,), daemon=True) for one in claims]
        started = []
        for thread in threads[1:]:
            with suppress(RuntimeError):  # the interpreter is about to end
                thread.start()
                started.append(thread)
        resend(claims[0])
        for claim, thread in zip(claims[1:], threads[1:], strict=True):
            if thread in started:
                thread.join()
            else:
                resend(claim)
        return any(sent)

    def _claims(self) -> list[Claim]:
        found: list[Claim] = []
        lanes = [lane for lane in LANES if not self._waits(lane)]
        while self._spool is not None and len(found) < _MOST_AT_ONCE:
            if found and not self._spool.knows_any(lanes):
                break
            if (claim := self._spool.claim_oldest(lanes)) is None:
                break
            found.append(claim)
        return found

    def _resend(self, claim: Claim, at_most_s: float | None) -> bool:
        assert self._spool is not None
        left = self._send(claim.batch, at_most_s=at_most_s)
        if left == [claim.batch] or self.keep(left):
            self._spool.release(claim)
            return self._outage.wait_s == 0  # the other signal may still be taken
        self._spool.remove(claim)
        return not left

    def _send(self, batch: Batch, *, at_most_s: float | None) -> list[Batch]:
        """Send a batch; return what the collector was not there to take.

        A refused batch is halved again and again until only what is bad is set aside;
        its parts keep its number in the ledger. Where nearly everything is bad the
        number of requests is bounded, and the rest is set aside together.
        """
        parts, left, n_requests = [batch], [], 0
        while parts:
            part = parts.pop()
            if self._waits(part.lane):
                left.append(part)
                continue
            answer = self._ask(part, at_most_s)
            n_requests += 1
            if answer.verdict in (Verdict.AWAY, Verdict.NOT_HERE):
                left.append(part)
            elif answer.verdict is Verdict.REFUSED:
                may_halve = n_requests < _MOST_REQUESTS_TO_ISOLATE
                halves = _halves(part) if may_halve else []
                if not halves:
                    self._set_aside(part, answer.reason)
                parts += reversed(halves)
        return left

    def _waits(self, lane: Lane) -> bool:
        is_unwanted = lane == "logs" and self._no_logs.wait_s > 0
        return is_unwanted or self._outage.wait_s > 0

    def _ask(self, batch: Batch, at_most_s: float | None) -> Answer:
        answer = self._transport.send(batch, at_most_s=at_most_s)
        if answer.verdict is Verdict.AWAY:
            self._note_trouble(None, self._outage, answer)
            return answer
        self._tally.troubles.pop(None, None)
        self._outage.note_success()
        if answer.verdict is Verdict.NOT_HERE:
            self._note_trouble("logs", self._no_logs, answer)
            return answer
        if batch.lane == "logs":
            self._tally.troubles.pop("logs", None)
            self._no_logs.note_success()
        if answer.verdict is Verdict.ACCEPTED:
            self._count_accepted(batch, answer)
        return answer

    def _note_trouble(self, what: Lane | None, outage: Outage, answer: Answer) -> None:
        told = f"the collector {answer.trouble}: {answer.reason}"
        self._tally.troubles[what] = told
        outage.note_failure(
            answer.reason, trouble=answer.trouble, retry_after_s=answer.retry_after_s
        )

    def _count_accepted(self, batch: Batch, answer: Answer) -> None:
        n_rejected = min(answer.n_rejected, batch.n_items)
        n_taken = batch.n_items - n_rejected
        self._tally.note_sent(n_taken, instance_id=batch.instance_id)
        if n_rejected:
            reason = f"rejected by the collector: {answer.reason}"
            self._tally.note_dropped(n_rejected, reason)
        if answer.reason:
            warn_once("partial success", f"the collector says: {answer.reason}")

    def _set_aside(self, batch: Batch, reason: str) -> None:
        told = f"refused by the collector ({reason})"
        if self._spool is not None and self._spool.put(batch, aside=True):
            told += f", set aside in {self._spool.directory}"
        self._tally.note_dropped(batch.n_items, told)
        warn_once("refused batch", f"{batch.n_items} items dropped: {told}")


def _halves(batch: Batch) -> list[Batch]:
    """Split a batch in two by its items; none if it is one item, or not readable."""
    if batch.n_items < 2:
        return []
    try:
        requests = split_request(gzip.decompress(batch.body))
    except (ValueError, OSError, EOFError, zlib.error):  # a file cut short by a crash
        return []
    return [
        replace(
            batch,
            body=gzip.compress(request, 1, mtime=0),
            n_items=count_items(request),
        )
        for request in requests
    ]
