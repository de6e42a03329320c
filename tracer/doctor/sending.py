"""What programs on this machine would send, and what waits on its disk."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tracer._config import Settings
from tracer._delivery.spooled import OURS, batch_of, is_to_be_sent
from tracer._environment import proxies_told
from tracer.doctor.findings import Finding, note, ok, problem

LEAST_FREE_BYTES = 64 << 20
"""With less room on its disk a spool, or a store, soon takes nothing."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check_switches(settings: Settings) -> Iterator[Finding]:
    """Tell which settings of the environment keep something from being recorded."""
    if not settings.enabled:
        yield problem(
            "sending",
            "tracing is switched off by the environment",
            "unset TRACER_ENABLED and OTEL_SDK_DISABLED to record and send",
        )
    if settings.sample_rate < 1:
        yield note(
            "sending",
            f"{settings.sample_rate:.4g} of all traces are recorded",
            "unset TRACER_SAMPLE_RATE to record every call",
        )
    if not settings.capture_content:
        yield note(
            "sending",
            "inputs, outputs and messages are not recorded",
            "TRACER_CAPTURE_CONTENT=true records them",
        )


def check_proxies(settings: Settings) -> Iterator[Finding]:
    """Tell that proxies of the environment are passed by."""
    host = urlsplit(settings.endpoint).hostname
    if (told := proxies_told()) and host not in LOOPBACK:
        yield note(
            "proxy",
            f"{' and '.join(told)} is set, and not used: {host} is asked directly",
            "name an address that this machine reaches without a proxy",
        )


def check_spool(settings: Settings) -> Iterator[Finding]:
    """Tell what waits on disk, whether it can be sent, and whether there is room."""
    root = settings.spool_dir
    if root is None:
        text = "nothing is kept on disk while the collector is away"
        yield note("spool", text, "TRACER_SPOOL_DIR names a directory that may be used")
        return
    standing = nearest(root)
    if not os.access(standing, os.W_OK | os.X_OK):
        yield problem(
            "spool",
            f"{root} cannot be written: what the collector does not take is lost",
            "let this user write there, or set TRACER_SPOOL_DIR to another directory",
        )
        return
    if shutil.disk_usage(standing).free < LEAST_FREE_BYTES:
        yield problem(
            "spool",
            f"the disk of {root} is full",
            "free some of it, or set TRACER_SPOOL_DIR to another disk",
        )
    yield from waiting(root)


def nearest(path: Path) -> Path:
    """Return the path, or the directory above it that is there."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def waiting(root: Path) -> Iterator[Finding]:
    """Count what lies in the spools, by what will become of it."""
    n_waiting = n_refused = 0
    for path in root.glob("*/*"):
        if not OURS.fullmatch(path.name):
            continue
        n_items = batch_of(path.name, b"").n_items
        if is_to_be_sent(path.name):
            n_waiting += n_items
        elif path.suffix == ".refused":
            n_refused += n_items
    if n_waiting:
        yield note(
            "spool",
            f"items that wait to be sent: {n_waiting:,}, in {root}",
            "the next program that sends to the same endpoint and project takes them "
            "along; `tracer doctor --ledger` tells whose they are",
        )
    if n_refused:
        yield note(
            "spool",
            f"items that a collector refused, set aside: {n_refused:,}, in {root}",
            "files that end in .refused: the log of the program said why; delete them "
            "when you have looked",
        )
    if not n_waiting and not n_refused:
        yield ok("spool", f"nothing waits in {root}")
