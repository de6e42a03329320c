"""One evaluation run as the collector sees it: what it is, and how it goes."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tracer import semconv
from tracer._capture.attributes import metadata_attributes
from tracer._setup import delivery
from tracer._values.text import clean_text

if TYPE_CHECKING:
    from tracer._delivery import LogRecord


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run is; it does not change after the start."""

    name: str
    """Name of the evaluation, the same for every run of it."""

    display_name: str
    """Name of this run, for people."""

    model: str = ""
    """Name of what is evaluated, verbatim."""

    dataset: str = ""
    """Name of the dataset."""

    dataset_version: str = ""
    """Version of the dataset."""

    scorers: Sequence[str] = ()
    """Names of the scores that are expected."""

    n_planned: int | None = None
    """Predictions that it means to make; None if nobody knows."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Facts about the run."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Id of the run."""

    def send_started(self) -> None:
        """Tell the collector that the run begins."""
        self._send(self.started(time_ns=time.time_ns()))

    def send_alive(self) -> None:
        """Tell the collector that the run goes on."""
        event = semconv.EVENT_EVALUATION_ALIVE
        self._send(self._record(event, {}, time.time_ns()))

    def send_finished(
        self, status: str, *, error: str = "", summary: Mapping[str, Any] | None = None
    ) -> None:
        """Tell the collector that the run is over; arguments as for `finished`."""
        now_ns = time.time_ns()
        self._send(self.finished(status, error=error, summary=summary, time_ns=now_ns))

    def started(self, *, time_ns: int) -> "LogRecord":
        """Return the record that says that the run began at that time."""
        said: dict[str, Any] = {
            semconv.EVALUATION_NAME: self.name,
            semconv.EVALUATION_DISPLAY_NAME: self.display_name,
            semconv.EVALUATION_MODEL: self.model,
            semconv.EVALUATION_DATASET: self.dataset,
            semconv.EVALUATION_DATASET_VERSION: self.dataset_version,
            semconv.EVALUATION_SCORERS: tuple(map(clean_text, self.scorers)),
            semconv.EVALUATION_N_PLANNED: self.n_planned,
        }
        nothing: tuple[Any, ...] = ("", (), None)
        said = {key: value for key, value in said.items() if value not in nothing}
        said |= metadata_attributes(self.metadata)
        return self._record(semconv.EVENT_EVALUATION_STARTED, said, time_ns)

    def finished(
        self,
        status: str,
        *,
        error: str = "",
        summary: Mapping[str, Any] | None = None,
        time_ns: int,
    ) -> "LogRecord":
        """Return the record that says that the run was over at that time.

        Args:
            status: One of `semconv.EVALUATION_STATUSES`.
            error: What went wrong; empty if nothing.
            summary: What the person concluded; kept as metadata ``summary``.
            time_ns: When; nanoseconds since 1970.
        """
        said: dict[str, Any] = {semconv.EVALUATION_STATUS: status}
        if error:
            said[semconv.EVALUATION_ERROR] = error
        if summary:
            # all of it: the newest metadata of a run stand for the whole
            said |= metadata_attributes({**self.metadata, "summary": summary})
        return self._record(semconv.EVENT_EVALUATION_FINISHED, said, time_ns)

    def send_view(self, said: Mapping[str, Any]) -> None:
        """Give the collector a view of the run; see `view_attributes`."""
        event = semconv.EVENT_EVALUATION_VIEW
        self._send(self._record(event, said, time.time_ns()))

    def _record(self, event: str, said: Mapping[str, Any], time_ns: int) -> "LogRecord":
        from tracer._delivery import LogRecord

        attributes = {
            key: clean_text(value) if isinstance(value, str) else value
            for key, value in {semconv.EVALUATION_ID: self.id, **said}.items()
        }
        return LogRecord(event_name=event, time_ns=time_ns, attributes=attributes)

    def _send(self, record: "LogRecord") -> None:
        target = delivery()
        if target is not None:
            target.offer_log(record)
