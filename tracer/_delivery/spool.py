"""Batches on disk while the collector is away, shared by every process of the user.

A file is claimed by renaming it after the claimer, so one process alone sends it; a
claim that its owner did not survive is taken over later.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tracer._delivery.records import LANES, Batch, Lane
from tracer._delivery.spooled import (
    ASIDE,
    CLAIMED,
    READY,
    File,
    batch_of,
    directory_of,
    found_in,
    is_to_be_sent,
    write,
)
from tracer._delivery.tally import Tally
from tracer._guard import warn_once

_SURVEY_AT_LEAST_EVERY = 32
_SHARE_TO_SURVEY = 64  # so much of the room may each process be beyond it
_MANY_FILES = 1000
_REST_FOR_LOOK = 20  # a look at a large directory is not repeated at once


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch from disk that nobody else sends now."""

    batch: Batch
    """What was found."""
    path: Path
    """The claimed file."""


class Spool:
    """The directory of one collector and project, bounded in bytes, oldest out first.

    Args:
        root: The directory of all spools; below it, this one has its own.
        endpoint: The collector that the batches are for.
        project: The project that they belong to.
        max_bytes: Disk that the directory may take.
        tally: Where it counts what it keeps and what it must give up.
        claim_s: Age at which a claim's owner is taken for dead.
    """

    def __init__(
        self,
        root: Path,
        *,
        endpoint: str,
        project: str | None,
        max_bytes: int,
        tally: Tally,
        claim_s: float,
    ) -> None:
        self.directory = directory_of(root, endpoint, project)
        self._max_bytes = max_bytes
        self._tally = tally
        self._claim_s = claim_s
        self._lock = threading.RLock()
        """Two threads of a process may use it at once."""
        self._bytes = 0
        self._puts_to_survey = 0
        self._bytes_to_survey = 0
        self._rest_until_s = 0.0
        self._found: dict[Lane, deque[str]] = {"traces": deque(), "logs": deque()}
        self.n_claimed = 0
        """Batches that were claimed, or that somebody else was faster to claim."""

    def put(self, batch: Batch, *, aside: bool = False) -> bool:
        """Write a batch so that it is there whole or not at all; False if it cannot.

        Args:
            batch: What to keep.
            aside: Keep it for people to look at; it is not sent again.
        """
        if len(batch.body) > self._max_bytes:
            return False
        with self._lock:
            return self._put(batch, aside=aside)

    def _put(self, batch: Batch, *, aside: bool) -> bool:
        try:
            name = write(self.directory, batch, ASIDE if aside else READY)
        except OSError as error:
            warn_once("spool", f"cannot keep spans in {self.directory}: {error}")
            return False
        if not aside:
            self._tally.note_spooled(batch)
            self._found[batch.lane].append(name)
        self._note_written(len(batch.body))
        return True

    def _note_written(self, n_bytes: int) -> None:
        self._bytes += n_bytes
        self._bytes_to_survey -= n_bytes
        self._puts_to_survey -= 1
        is_due = self._puts_to_survey < 0 or self._bytes_to_survey < 0
        if self._bytes > self._max_bytes or is_due:
            self._survey()

    def has_any(self, lanes: Sequence[Lane] = LANES) -> bool:
        """Look whether a batch waits to be sent, ours or another process's."""
        with self._lock:
            is_known = self.knows_any(lanes) or not lanes
            if not is_known and time.monotonic() >= self._rest_until_s:
                self._survey()
            return self.knows_any(lanes)

    def n_waiting(self) -> int:
        """Look how many batches wait to be sent, ours or other processes'."""
        with self._lock:
            self.has_any()
            return sum(len(names) for names in self._found.values())

    def knows_any(self, lanes: Sequence[Lane] = LANES) -> bool:
        """Return whether a batch waited at the last look and was not taken since."""
        return any(self._found[lane] for lane in lanes)

    def claim_oldest(self, lanes: Sequence[Lane] = LANES) -> Claim | None:
        """Take the oldest batch that nobody else is sending, if there is one.

        Args:
            lanes: Signals that may be sent now; the others stay where they are.
        """
        with self._lock:
            return self._claim_oldest(lanes)

    def _claim_oldest(self, lanes: Sequence[Lane]) -> Claim | None:
        while self.has_any(lanes):
            waiting = [self._found[lane] for lane in lanes if self._found[lane]]
            name = min(waiting, key=lambda names: names[0]).popleft()
            self.n_claimed += 1
            claimed = self.directory / name
            claimed = claimed.with_suffix(f"{CLAIMED}{self._tally.instance_id}")
            with suppress(OSError):  # another process was first
                os.rename(self.directory / name, claimed)
                os.utime(claimed)
                return Claim(batch_of(name, claimed.read_bytes()), claimed)
        return None

    def release(self, claim: Claim, *, last: bool = False) -> None:
        """Put a claimed batch back, to be sent another time.

        Args:
            claim: The batch.
            last: Try all others before it.
        """
        ready = claim.path.with_suffix(READY)
        try:
            os.rename(claim.path, ready)
            with self._lock:
                names = self._found[claim.batch.lane]
                (names.append if last else names.appendleft)(ready.name)
        except OSError as error:
            warn_once("spool", f"cannot put back {claim.path}: {error}")

    def replace(self, claim: Claim, parts: Sequence[Batch]) -> bool:
        """Keep parts of a claimed batch in its place: all of them, or it stays.

        Without parts it is forgotten: its items are counted elsewhere now.
        """
        names: list[tuple[Batch, str]] = []
        try:
            for part in parts:
                names.append((part, write(self.directory, part, READY)))
        except OSError as error:
            warn_once("spool", f"cannot keep spans in {self.directory}: {error}")
            for _, name in names:
                with suppress(OSError):
                    (self.directory / name).unlink()
            return False
        self.remove(claim)
        with self._lock:
            for part, name in names:
                self._tally.note_spooled(part)
                self._found[part.lane].append(name)
                self._note_written(len(part.body))
        return True

    def remove(self, claim: Claim) -> None:
        """Forget a claimed batch: its items are counted elsewhere now."""
        self._tally.note_unspooled(claim.batch)
        with self._lock:
            self._bytes -= len(claim.batch.body)
        try:
            claim.path.unlink(missing_ok=True)
        except OSError as error:  # sent again later, and known to the collector
            warn_once("spool", f"cannot remove {claim.path}: {error}")

    def _survey(self) -> None:
        """Learn what is there, take over dead claims, push the oldest out if too much.

        The cost of a look grows with the directory, so looks grow rarer with it.
        """
        begun_s = time.monotonic()
        now_s = time.time()
        files = found_in(self.directory)
        self._bytes = sum(file.size_bytes for file in files)
        idle = [
            file
            for file in files
            if file.name.endswith((READY, ASIDE))
            or abs(now_s - file.changed_s) > self._claim_s  # clocks are set back too
        ]
        most_bytes = self._max_bytes
        if self._bytes > most_bytes and len(files) > _MANY_FILES:
            # else each put would look at all of them
            most_bytes -= most_bytes // _SHARE_TO_SURVEY
        kept: list[File] = []
        while idle and self._bytes > most_bytes:
            oldest = idle.pop(0)
            if self._push_out(oldest.name):
                self._bytes -= oldest.size_bytes
            else:
                kept.append(oldest)
        idle = kept + idle
        names = [file.name for file in idle if is_to_be_sent(file.name)]
        for lane, found in self._found.items():
            found.clear()
            found.extend(name for name in names if f".{lane}." in name)
        self._puts_to_survey = max(_SURVEY_AT_LEAST_EVERY, len(files) // 8)
        self._bytes_to_survey = self._max_bytes // _SHARE_TO_SURVEY
        if len(files) > _MANY_FILES:
            took_s = time.monotonic() - begun_s
            self._rest_until_s = begun_s + _REST_FOR_LOOK * took_s

    def _push_out(self, name: str) -> bool:
        """Give a batch up for room; False where it could not be removed.

        Only who removes the file counts it: another process may just be sending it, or
        pushing it out too.
        """
        try:
            (self.directory / name).unlink()
        except FileNotFoundError:
            return True
        except OSError as error:
            warn_once("spool", f"cannot make room in {self.directory}: {error}")
            return False
        if is_to_be_sent(name):
            batch = batch_of(name, b"")
            self._tally.note_unspooled(batch)
            reason = "the spool was full (max_spool_bytes)"
            self._tally.note_dropped(batch.n_items, reason)
            warn_once("spool full", f"spans dropped, oldest first: {reason}")
        return True
