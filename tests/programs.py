"""Traced programs that run in a process of their own, and how they end."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from otlp_sink import OtlpSink

PROLOGUE = """
import asyncio, atexit, gc, multiprocessing, os, signal, sys, threading, time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
import tracer

tracer.configure(
    project="shop", endpoint=sys.argv[1], spool_dir=sys.argv[2], flush_after_s=30,
    timeout_s=10,
)

@tracer.trace
def answer(name):
    tracer.current_span().metadata["name"] = name
    return name

def named(name):
    with tracer.span(name):
        pass
    return name

def wait():
    # not one long sleep: Python does not end one that begins just as a signal comes
    for _ in range(1200):
        time.sleep(0.05)
"""


def start(
    sink: OtlpSink, tmp_path: Path, script: str, *, options: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """Start a program that is traced."""
    program = tmp_path / "program.py"
    program.write_text(PROLOGUE + textwrap.dedent(script))
    quiet = "-Wignore::DeprecationWarning"  # fork beside threads, from 3.12 on
    # how it ends is the question: nothing but tracer may have a say in that
    env = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    return subprocess.Popen(
        [sys.executable, quiet, *options, program, sink.url, tmp_path / "spool"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )


def run(sink: OtlpSink, tmp_path: Path, script: str) -> tuple[int, str]:
    """Run a program; return how it ended and what it said on its errors' stream."""
    process = start(sink, tmp_path, script)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors


def interrupted(
    sink: OtlpSink, tmp_path: Path, script: str, *signals: signal.Signals
) -> tuple[int, str]:
    """Run a program until it prints something, and send it signals then."""
    process = start(sink, tmp_path, script)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    for number in signals:
        process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    return process.returncode, errors
