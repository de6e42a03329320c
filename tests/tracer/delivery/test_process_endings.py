"""However a program ends, what it recorded through the public face has arrived."""

import signal
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_sink import OtlpSink, Received, parsed

PROLOGUE = """
import asyncio, atexit, gc, multiprocessing, os, signal, sys, threading, time
from concurrent.futures import ProcessPoolExecutor
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
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals and fork are POSIX"
)


def start(
    sink: OtlpSink, tmp_path: Path, script: str, *, options: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """Start a program that is traced."""
    program = tmp_path / "program.py"
    program.write_text(PROLOGUE + textwrap.dedent(script))
    quiet = "-Wignore::DeprecationWarning"  # fork beside threads, from 3.12 on
    return subprocess.Popen(
        [sys.executable, quiet, *options, program, sink.url, tmp_path / "spool"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
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


READY = 'named("one"); print("ready", flush=True); time.sleep(60)'


def test_ctrl_c_delivers_and_the_program_ends_as_before(
    sink: OtlpSink, tmp_path: Path
) -> None:
    code, errors = interrupted(sink, tmp_path, READY, signal.SIGINT)
    assert code == -signal.SIGINT
    assert "KeyboardInterrupt" in errors
    assert sink.accepted_names == ["one"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_nobody_handles_delivers_first(
    sink: OtlpSink, tmp_path: Path, number: signal.Signals
) -> None:
    assert interrupted(sink, tmp_path, READY, number) == (-number, "")
    assert sink.accepted_names == ["one"]


def test_a_signal_that_is_ignored_stays_ignored(sink: OtlpSink, tmp_path: Path) -> None:
    script = """
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        tracer.configure(timeout_s=9)
        named("one"); print("ready", flush=True); sys.stdin.read()
        """
    process = start(sink, tmp_path, script)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert sink.accepted_names == ["one"]


def test_a_signal_during_a_shutdown_of_the_apps_own_lets_it_finish(
    sink: OtlpSink, tmp_path: Path
) -> None:
    """The handler saw it under way, did nothing, and killed it."""
    sink.gate.clear()
    script = (
        'named("one"); print("ready", flush=True); tracer.shutdown(); time.sleep(60)'
    )
    process = start(sink, tmp_path, script)
    sink.wait_for(lambda sink: len(sink.received) == 1)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    sink.gate.set()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (-signal.SIGTERM, "")
    assert sink.accepted_names == ["one"]


def test_a_signal_during_a_flush_delivers_the_rest(
    sink: OtlpSink, tmp_path: Path
) -> None:
    sink.gate.clear()
    script = """
        named("one")
        threading.Thread(target=lambda: (time.sleep(0.1), named("two"))).start()
        tracer.flush(60)
        """
    process = start(sink, tmp_path, script)
    sink.wait_for(lambda sink: len(sink.received) == 1)
    process.send_signal(signal.SIGTERM)
    sink.gate.set()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM
    assert set(sink.accepted_names) >= {"one"}


def test_os_exit_after_a_flush_has_lost_nothing(sink: OtlpSink, tmp_path: Path) -> None:
    assert run(sink, tmp_path, 'named("one"); tracer.flush(); os._exit(3)') == (3, "")
    assert sink.accepted_names == ["one"]


def test_a_pool_of_processes_loses_nothing(sink: OtlpSink, tmp_path: Path) -> None:
    script = """
        if __name__ == "__main__":
            for method in ("fork", "spawn", "forkserver"):
                context = multiprocessing.get_context(method)
                with ProcessPoolExecutor(2, mp_context=context) as pool:
                    list(pool.map(named, [method] * 10))
            named("parent")
        """
    assert run(sink, tmp_path, script) == (0, "")
    counted = Counter(sink.accepted_names)
    assert counted == {"fork": 10, "spawn": 10, "forkserver": 10, "parent": 1}


def test_a_pool_of_multiprocessing_that_is_terminated_loses_nothing(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(named, ["work"] * 10, chunksize=1)
        """  # leaving the block terminates the workers
    assert run(sink, tmp_path, script) == (0, "")
    assert Counter(sink.accepted_names) == {"work": 10}


def test_threads_that_outlive_the_main_one_are_waited_for(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        def work():
            threading.main_thread().join()
            named("late")

        threading.Thread(target=work).start()
        named("main")
        """
    assert run(sink, tmp_path, script) == (0, "")
    assert sorted(sink.accepted_names) == ["late", "main"]


def test_a_daemon_thread_in_the_middle_of_a_call_holds_nothing_up(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        entered = threading.Event()

        @tracer.trace
        def forever():
            named("inner")
            entered.set()
            time.sleep(60)

        threading.Thread(target=forever, daemon=True).start()
        entered.wait()
        """
    assert run(sink, tmp_path, script) == (0, "")
    assert sink.accepted_names == ["inner"]  # what has not ended is no span yet


def test_tasks_that_asyncio_run_cancels_end_their_spans(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        @tracer.trace
        async def endless():
            await asyncio.Event().wait()

        @tracer.trace
        async def streamed():
            yield 1
            await asyncio.Event().wait()

        async def read():
            async for _ in streamed():
                pass

        async def main():
            tasks = [asyncio.create_task(endless()), asyncio.create_task(read())]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            named("main")
            return tasks

        asyncio.run(main())
        """
    assert run(sink, tmp_path, script) == (0, "")
    assert sorted(sink.accepted_names) == ["endless", "main", "streamed"]


def test_spans_that_end_in_exit_handlers_and_finalisers_are_delivered(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        class Late:
            def __del__(self):
                named("collected")

        class Bound:
            def __del__(self):
                named("bound")

        ring = Late()
        ring.itself = ring
        bound = Bound()
        atexit.register(gc.collect)
        atexit.register(lambda: globals().pop("ring") and None)
        atexit.register(named, "atexit")
        atexit.register(lambda: globals().pop("bound"))
        """
    assert run(sink, tmp_path, script) == (0, "")
    assert sorted(sink.accepted_names) == ["atexit", "bound", "collected"]


def test_what_ends_after_the_last_exit_handler_harms_nothing(
    sink: OtlpSink, tmp_path: Path
) -> None:
    """Objects of the module die after our handler: too late to send, never an error."""
    script = """
        class Late:
            def __del__(self, named=named):
                named("too late")

        late = Late()
        named("in time")
        """
    assert run(sink, tmp_path, script) == (0, "")
    assert sink.accepted_names == ["in time"]


def test_a_span_that_is_open_at_the_end_of_a_program_that_fails_is_delivered(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        with tracer.span("outer"):
            named("inner")
            raise SystemExit(4)
        """
    assert run(sink, tmp_path, script) == (4, "")
    assert sorted(sink.accepted_names) == ["inner", "outer"]


def test_a_fork_in_the_middle_of_a_span_ends_it_once(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        with tracer.span("shared"):
            pid = os.fork()
            named("child" if pid == 0 else "parent")
        if pid:
            os.waitpid(pid, 0)
        """
    assert run(sink, tmp_path, script) == (0, "")
    counted = Counter(sink.accepted_names)
    assert (counted["child"], counted["parent"], counted["shared"]) == (1, 1, 1)


def test_forks_while_many_threads_record_serve_all(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        def work():
            for _ in range(200):
                named("parent")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        children = []
        for _ in range(10):
            pid = os.fork()
            if pid == 0:
                named("child")
                report = tracer.flush(20)
                os._exit(0 if report.sent == 1 and not report.dropped else 1)
            children.append(pid)
        assert all(os.waitpid(pid, 0)[1] == 0 for pid in children)
        for thread in threads:
            thread.join()
        """
    code, errors = run(sink, tmp_path, script)
    assert (code, errors) == (0, "")
    assert Counter(sink.accepted_names) == {"parent": 800, "child": 10}


def test_each_process_of_a_server_that_forks_makes_its_own_exporter(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        from opentelemetry.exporter.otlp.proto.http import trace_exporter

        class Exporter(trace_exporter.OTLPSpanExporter):
            def __init__(self):
                print(os.getpid(), flush=True)
                super().__init__(sys.argv[1] + "/v1/traces")

        tracer.configure(exporter=Exporter)
        named("parent")
        tracer.flush()
        for _ in range(2):
            if os.fork() == 0:
                named("child")
                sys.exit(0)
        while True:
            try:
                os.wait()
            except ChildProcessError:
                break
        """
    process = start(sink, tmp_path, script)
    told, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert len(set(told.split())) == len(told.split()) == 3
    names = [span.name for one in sink.accepted for span in spans_of(one)]
    assert sorted(names) == ["child", "child", "parent"]


def spans_of(received: Received) -> list[Span]:
    """Return the spans of a request that the stock exporter sent, without gzip."""
    request = parsed(ExportTraceServiceRequest, received.body)
    scopes = [scope for r in request.resource_spans for scope in r.scope_spans]
    return [span for scope in scopes for span in scope.spans]


def test_an_exporter_that_hangs_does_not_keep_the_program_from_ending(
    sink: OtlpSink, tmp_path: Path
) -> None:
    script = """
        class Hanging:
            def export(self, spans):
                threading.Event().wait()

            shutdown = export

        tracer.configure(exporter=Hanging(), timeout_s=0.2)
        named("one")
        """
    assert run(sink, tmp_path, script) == (0, "")
