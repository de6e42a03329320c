"""The object that takes spans and log records from the application."""

import threading
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan

from tracer._config import Settings
from tracer._delivery import endings, last_words
from tracer._delivery.encoder import Encoder, Item, LogItem
from tracer._delivery.finale import waitable
from tracer._delivery.hands import Hands
from tracer._delivery.outage import Outage
from tracer._delivery.queue import BoundedQueue
from tracer._delivery.records import (
    AttributeValue,
    DeliveryReport,
    Lane,
    LogRecord,
    Pace,
)
from tracer._delivery.sizes import log_bytes, span_bytes
from tracer._delivery.spool import Spool
from tracer._delivery.spooled import directory_of
from tracer._delivery.tally import Tally
from tracer._delivery.worker import Worker
from tracer._guard import guarded
from tracer._speaker import speaker

if TYPE_CHECKING:
    from tracer._delivery.sender import Sender

_MIB = 1 << 20
_LAST_SAYING_S = 0.5  # for log handlers at the end; one that hangs is left behind

_offering = guarded("hand a log record to delivery")


class Delivery:
    """Takes spans and log records at once, and sends them when it can.

    Nothing here blocks, and nothing raises into the application. Everything has a
    bound: memory by ``max_queue_bytes``, disk by ``max_spool_bytes``, time by
    ``timeout_s``. A forked child goes on with an empty queue and an identity of its
    own; what the parent had is sent by the parent, once. When the process ends, what
    is left is sent, or kept on disk for the next process.

    Args:
        settings: Where to send, and the bounds.
        resource: Attributes of every request; they win over those that a span's own
            resource has.
        pace: How large batches grow and how long to wait; for tests.
    """

    def __init__(
        self,
        settings: Settings,
        resource: Mapping[str, AttributeValue],
        *,
        pace: Pace | None = None,
    ) -> None:
        self._settings = settings
        self._resource = dict(resource)
        self._pace = pace or Pace()
        self.start_afresh()
        endings.watch(self)

    def start_afresh(self) -> None:
        """Begin with nothing, as a new instance: when made, and in a forked child."""
        settings, pace = self._settings, self._pace
        self._kind_of_lock = threading.Lock
        self.instance_id = uuid.uuid4().hex
        self._tally = Tally(self.instance_id)
        self._shutting_down = threading.Lock()
        self._is_shut = threading.Event()
        self._shut_by = 0
        self._has_begun = False
        self._outage = self._new_outage()
        self._queue: BoundedQueue[Item] = BoundedQueue(
            settings.max_queue_bytes,
            full_batch_items=pace.batch_items,
            full_batch_bytes=min(pace.batch_bytes, settings.max_queue_bytes // 4 + 1),
            on_crowded=lambda: self._worker.relieve(),
        )
        self._packer, outlet = self._open()
        self._worker: Worker[Any] = Worker(
            self._queue,
            Hands(self._queue, self._packer, outlet, self._tally),
            outlet,
            self._outage,
            flush_after_s=settings.flush_after_s,
            look_s=pace.look_s,
            # workers come and go quickly, and their parent looks too
            look_back_s=0 if endings.is_worker() else pace.look_back_s,
            on_begin=self._leave_first_words,
        )

    def offer_span(self, span: ReadableSpan, content: Mapping[str, bytes]) -> None:
        """Take a finished span, and content to be sent as attributes of it.

        Our processor calls this from within its guard.
        """
        self._queue.offer((span, content), span_bytes(span, content))
        if self._worker.thread is None:
            self._start()

    def offer_log(self, record: LogRecord) -> None:
        """Take a log record: a score, or an event of an evaluation."""
        with _offering:
            self._queue.offer(LogItem(record, time.time_ns()), log_bytes(record))
            if self._worker.thread is None:
                self._start()

    def flush(self, timeout_s: float) -> DeliveryReport:
        """Send what waits, on disk too; return within the time, whatever happens."""
        until_s = time.monotonic() + timeout_s
        with guarded("flush"):
            self._worker.flush(timeout_s)
            speaker.wait(waitable(until_s - time.monotonic()))
        return self.report()

    def shutdown(self, timeout_s: float) -> DeliveryReport:
        """Send what waits within the time, keep the rest on disk, take nothing more.

        A quarter of the time, at most 2 s, is left to the disk; one that stalls is
        waited for at least a second, however short the time was.
        """
        self._queue.is_closed = True
        if self._shutting_down.acquire(blocking=False):  # released by nobody: once
            self._shut_by = threading.get_ident()
            try:
                with guarded("shut delivery down"):
                    if self._worker.stop(timeout_s):
                        self._leave_last_words()
                    speaker.wait(_LAST_SAYING_S)
            except BaseException:  # Ctrl-C: who ends the process goes on from here
                self._shutting_down.release()
                raise
            finally:
                self._shut_by = 0
                self._is_shut.set()
            endings.die_if_asked()
        elif self._shut_by != threading.get_ident():
            self._is_shut.wait(min(max(timeout_s, 0), threading.TIMEOUT_MAX))
        return self.report()

    def _leave_first_words(self) -> None:
        """Say beside the spool that this process delivers."""
        folder = self._settings.spool_dir
        if folder is None or not isinstance(self._packer, Encoder):
            return
        self._has_begun = True
        project = self._settings.project
        place = directory_of(folder, address_of(self._settings), project).name
        said = {"instance_id": self.instance_id, "project": project, "spool": place}
        last_words.begin(folder, said)

    def _leave_last_words(self) -> None:
        """Say beside the spool what was counted, for `tracer doctor --ledger`."""
        folder, report = self._settings.spool_dir, self.report()
        if folder is None or not isinstance(self._packer, Encoder):
            return
        if not self._packer.n_batches and not report.dropped and not self._has_begun:
            return
        said = {
            "instance_id": self.instance_id,
            "project": self._settings.project,
            "ended_ns": time.time_ns(),
            "n_batches": self._packer.n_batches,
            "n_items": self._packer.n_items,
            "n_sent": report.sent,
            "n_spooled": report.spooled,
            "n_dropped": report.dropped,
            "errors": report.errors,
        }
        last_words.write(folder, said)

    @property
    def is_ending_here(self) -> bool:
        """Whether this very thread is shutting down, and was interrupted in it."""
        return self._shut_by == threading.get_ident()

    def report(self) -> DeliveryReport:
        """Return where everything is that this process has offered."""
        return self._tally.report(
            waiting=len(self._queue), refused=self._queue.refused()
        )

    def end(self) -> None:
        """Shut down as the process ends, in the time that the settings allow."""
        self.shutdown(self._settings.timeout_s)

    def _start(self) -> None:
        if self._kind_of_lock is not threading.Lock:
            self._take_other_locks()
        self._worker.start()
        endings.watch_process()

    def _take_other_locks(self) -> None:
        """Begin anew with the locks that gevent has put in place since.

        A real one, waited for by a greenlet of ours, holds up all others.
        """
        before = self._queue
        self.start_afresh()
        before.move_to(self._queue)

    def _open(self) -> tuple[Any, Any]:
        """Return what packs batches, and what takes them."""
        settings = self._settings
        if settings.exporter is None:
            encoder = Encoder(self._resource, instance_id=self.instance_id)
            return encoder, self._open_sender()
        from tracer._delivery.exporters import ExportOutlet
        from tracer._delivery.exports import ExportPacker

        given: dict[Lane, Any] = {"traces": settings.exporter}
        if settings.log_exporter is not None:
            given["logs"] = settings.log_exporter
        if before := getattr(self, "_exports", None):  # the parent's, before a fork
            before.is_closed = True
        self._exports = ExportOutlet(given, outage=self._outage, tally=self._tally)
        return ExportPacker(self._resource, has_logs="logs" in given), self._exports

    def _open_sender(self) -> "Sender":
        # not above: urllib3 takes 60 ms, which `import tracer` need not pay; and not in
        # our thread: a fork during an import leaves the child a broken module
        from tracer._delivery.sender import Sender
        from tracer._delivery.transport import Transport

        return Sender(
            Transport(self._settings),
            self._open_spool(),
            self._outage,
            no_logs=self._new_outage(),
            tally=self._tally,
        )

    def _new_outage(self) -> Outage:
        settings = self._settings
        who = f"collector at {settings.traces_endpoint or settings.endpoint}"
        if (given := settings.exporter) is not None:
            who = f"exporter {getattr(given, '__name__', type(given).__name__)}"
        return Outage(who, self._pace, keeps=self._keeps())

    def _open_spool(self) -> Spool | None:
        settings = self._settings
        if settings.spool_dir is None or settings.max_spool_bytes <= 0:
            return None
        return Spool(
            settings.spool_dir,
            endpoint=address_of(settings),
            project=settings.project,
            max_bytes=settings.max_spool_bytes,
            tally=self._tally,
            claim_s=60 + 2 * settings.timeout_s,
        )

    def _keeps(self) -> str:
        settings = self._settings
        is_kept = settings.spool_dir is not None and settings.max_spool_bytes > 0
        if settings.exporter is not None or not is_kept:
            size, where = settings.max_queue_bytes, "in memory"
        else:
            size, where = settings.max_spool_bytes, f"in {settings.spool_dir}"
        return f"up to {size / _MIB:.0f} MiB wait {where} until it takes them"


def address_of(settings: Settings) -> str:
    """Return what names the receiver: batches never go to another one."""
    own = settings.traces_endpoint, settings.logs_endpoint
    told = [settings.endpoint, *(address or "" for address in own)]
    return "\0".join(told).rstrip("\0")
