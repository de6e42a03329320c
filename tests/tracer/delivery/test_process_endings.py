"""However a program ends, what it recorded through the public face has arrived."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_sink import OtlpSink, Received, Reply, parsed
from processes import wait_until
from programs import run, start

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals and fork are POSIX"
)


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


def test_a_worker_whose_errors_nobody_reads_keeps_what_it_cannot_send(
    sink: OtlpSink, tmp_path: Path
) -> None:
    sink.reply = lambda received: Reply(500 if "/logs" in received.path else 200)
    script = """
        def work(name):
            with tracer.span(name):
                tracer.score("helpful", True)

        os.set_blocking(2, False)
        with suppress(BlockingIOError):
            while True:
                os.write(2, b"." * 1024)
        os.set_blocking(2, True)
        with multiprocessing.get_context("fork").Pool(1) as pool:
            pool.map(work, ["work"])
            pool.close()
            pool.join()
        """
    process = start(sink, tmp_path, script)
    wait_until(lambda: bool(list(tmp_path.glob("spool/*/*.logs.1.otlp"))))
    _, errors = process.communicate(timeout=60)  # reads them at last
    assert process.returncode == 0
    assert "fails (HTTP 500)" in errors
    assert sink.accepted_names == ["work"]


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
                os.write(1, f"{os.getpid()} ".encode())  # `print` writes it in pieces
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
