"""What becomes of each batch: sent, kept on disk, or set aside."""

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from tracer._delivery.otlp.requests import count_items, split_request
from tracer._delivery.outage import Outage
from tracer._delivery.records import LANES, Batch, Lane
from tracer._delivery.sent import Sent, judge
from tracer._delivery.spool import Claim, Spool
from tracer._delivery.suspects import Suspects
from tracer._delivery.tally import Tally
from tracer._delivery.transport import Answer, Transport, Verdict
from tracer._guard import guarded, warn_once
from tracer._speaker import OwnThread

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
        self._suspects = Suspects()
        self.lets_others_pass = False

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def try_now(self) -> None:
        """Let whoever is away be tried at once."""
        self._outage.try_now()
        self._no_logs.try_now()

    @property
    def n_tried(self) -> int:
        """Batches on disk that were tried, or taken away by others, so far."""
        return 0 if self._spool is None else self._spool.n_claimed

    def deliver(
        self, batch: Batch, *, at_most_s: float | None = None
    ) -> Callable[[], list[Batch]]:
        """Send a batch; what is returned counts it, or keeps it on disk.

        What the receiver has no place for is not waited for in memory: the spans
        behind it would wait too.
        """
        if self._waits(batch.lane):
            return partial(self._conclude, Sent(left=[batch]))
        return partial(self._conclude, self._send(batch, at_most_s))

    def _conclude(self, sent: Sent) -> list[Batch]:
        self._judge([sent])
        self._count(sent)
        left = self.keep(sent.left)
        if sent.answers:
            self.lets_others_pass = _has_fault(sent)
        if left and left[0].lane == "logs" and self._no_logs.is_on:
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

    def n_kept(self) -> int:
        """Look how many batches wait on disk."""
        return 0 if self._spool is None else self._spool.n_waiting()

    def resend(self, *, at_most_s: float | None = None) -> bool:
        """Send the oldest batches on disk; False if none could be sent now.

        A few at once: most of the time of a request is waiting for the collector's
        disk, which it syncs once for all that come together.
        """
        claims = self._claims()
        if not claims:
            return False
        sent: dict[Path, Sent] = {}

        def send(claim: Claim) -> None:
            with guarded("send what waits on disk"):
                sent[claim.path] = self._send(claim.batch, at_most_s)

        threads = [OwnThread(partial(send, one)) for one in claims]
        started = []
        for thread in threads[1:]:
            with suppress(RuntimeError):  # the interpreter is about to end
                thread.start()
                started.append(thread)
        send(claims[0])
        for claim, thread in zip(claims[1:], threads[1:], strict=True):
            if thread in started:
                thread.join()
            else:
                send(claim)
        self._judge(list(sent.values()))
        # each in turn, whatever becomes of the others
        return any([self._conclude_claim(one, sent.get(one.path)) for one in claims])

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

    def _conclude_claim(self, claim: Claim, sent: Sent | None) -> bool:
        """Count a batch from disk and remove it, or let all of it wait on."""
        assert self._spool is not None
        if sent is None:  # a failure of ours
            self._spool.release(claim)
            return False
        is_whole = sent.left == [claim.batch]
        if is_whole or not self._spool.replace(claim, sent.left):
            self._spool.release(claim, last=_has_fault(sent))
            return self._outage.wait_s == 0  # the other signal may still be taken
        self._count(sent)
        return not sent.left

    def _send(self, batch: Batch, at_most_s: float | None) -> Sent:
        """Send a batch; return what the answers were.

        A refused batch is halved again and again until only what is bad is set aside;
        its parts keep its number in the ledger. Where nearly everything is bad the
        number of requests is bounded, and the rest is set aside together.
        """
        parts, sent = [batch], Sent()
        while parts:
            part = parts.pop()
            if self._waits(part.lane) or _is_over(sent):
                sent.left.append(part)
                continue
            answer = self._transport.send(part, at_most_s=at_most_s)
            sent.answers.append((part.lane, answer))
            if answer.verdict is Verdict.ACCEPTED:
                self._suspects.note_taken(part)
                sent.taken.append((part, answer))
            elif self._is_refused(part, answer):
                may_halve = len(sent.answers) < _MOST_REQUESTS_TO_ISOLATE
                halves = _halves(part) if may_halve else []
                if not halves:
                    sent.aside.append((part, answer.reason))
                self._suspects.watch(halves)
                parts += reversed(halves)
            else:
                sent.left.append(part)
        return sent

    def _is_refused(self, part: Batch, answer: Answer) -> bool:
        if answer.verdict is Verdict.FAULT:
            return self._suspects.is_to_blame(part)
        return answer.verdict is Verdict.REFUSED

    def _judge(self, sent: list[Sent]) -> None:
        judge(sent, self._outage, no_logs=self._no_logs, tally=self._tally)

    def _waits(self, lane: Lane) -> bool:
        is_unwanted = lane == "logs" and self._no_logs.wait_s > 0
        return is_unwanted or self._outage.wait_s > 0

    def _count(self, sent: Sent) -> None:
        for batch, answer in sent.taken:
            self._count_accepted(batch, answer)
        for batch, reason in sent.aside:
            self._set_aside(batch, reason)

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


def _is_over(sent: Sent) -> bool:
    """Return whether the rest of a batch is better not sent now."""
    given_up = (Verdict.AWAY, Verdict.NOT_HERE)
    return any(answer.verdict in given_up for _, answer in sent.answers)


def _has_fault(sent: Sent) -> bool:
    return any(answer.verdict is Verdict.FAULT for _, answer in sent.answers)


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
