"""Forks, exits and signals lose nothing and send nothing twice."""

import signal
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from otlp_sink import OtlpSink

PROLOGUE = """
import multiprocessing, os, signal, sys, time
from pathlib import Path
from tracer._config import Settings
from tracer._delivery import Delivery, LogRecord

endpoint, spool = sys.argv[1:]
delivery = Delivery(
    Settings(endpoint=endpoint, spool_dir=Path(spool), flush_after_s=30, timeout_s=20),
    {"tracer.project": "shop"},
)

def offer(name):
    delivery.offer_log(LogRecord(event_name=name, time_ns=1, attributes={}))

def wait_for_children():
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals and fork are POSIX"
)


def run(
    sink: OtlpSink, tmp_path: Path, script: str
) -> subprocess.CompletedProcess[str]:
    """Run a program that delivers to the sink; returns when it has ended."""
    program = tmp_path / "program.py"
    program.write_text(PROLOGUE + textwrap.dedent(script))
    return subprocess.run(
        [
            sys.executable,
            "-Wignore::DeprecationWarning",  # fork beside threads, from 3.12 on
            program,
            sink.url,
            tmp_path / "spool",
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )


def instances(sink: OtlpSink) -> Counter[str]:
    return Counter(r.resource["service.instance.id"] for r in sink.accepted)


def test_a_short_script_delivers_as_it_ends(sink: OtlpSink, tmp_path: Path) -> None:
    done = run(sink, tmp_path, 'offer("one")')
    assert (done.returncode, done.stderr) == (0, "")
    assert sink.accepted_names == ["one"]


def test_a_script_that_raises_delivers_too(sink: OtlpSink, tmp_path: Path) -> None:
    done = run(sink, tmp_path, 'offer("one"); raise RuntimeError("its own")')
    assert done.returncode == 1
    assert "RuntimeError: its own" in done.stderr
    assert sink.accepted_names == ["one"]


def test_what_is_offered_while_the_interpreter_ends_is_delivered(
    sink: OtlpSink, tmp_path: Path
) -> None:
    done = run(sink, tmp_path, 'import atexit; atexit.register(offer, "late")')
    assert (done.returncode, done.stderr) == (0, "")
    assert sink.accepted_names == ["late"]


def test_sigterm_delivers_and_still_ends_the_process_by_that_signal(
    sink: OtlpSink, tmp_path: Path
) -> None:
    done = run(
        sink,
        tmp_path,
        """
        offer("one")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
        """,
    )
    assert done.returncode == -signal.SIGTERM
    assert sink.accepted_names == ["one"]


def test_a_handler_of_the_app_for_sigterm_stays(sink: OtlpSink, tmp_path: Path) -> None:
    program = """
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
        Delivery(Settings(endpoint=endpoint), {})
        offer("one")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
        """
    assert run(sink, tmp_path, program).returncode == 7
    assert sink.accepted_names == ["one"]


def test_a_dead_collector_at_the_end_costs_one_warning_and_keeps_all(
    sink: OtlpSink, tmp_path: Path
) -> None:
    sink.stop()
    done = run(sink, tmp_path, 'offer("one"); offer("two")')
    sink.start()
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "is away" in done.stderr
    assert len(list((tmp_path / "spool").rglob("*.otlp"))) == 1
    run(sink, tmp_path, 'offer("next"); delivery.flush(10)')
    assert sorted(sink.accepted_names) == ["next", "one", "two"]


def test_a_forked_child_delivers_its_own_and_not_its_parents(
    sink: OtlpSink, tmp_path: Path
) -> None:
    done = run(
        sink,
        tmp_path,
        """
        offer("parent before")
        if os.fork() == 0:
            offer("child")
            sys.exit(0)
        wait_for_children()
        offer("parent after")
        """,
    )
    assert done.returncode == 0
    assert sorted(sink.accepted_names) == ["child", "parent after", "parent before"]
    assert len(instances(sink)) == 2


def test_a_fork_while_the_parents_thread_is_at_work_serves_both(
    sink: OtlpSink, tmp_path: Path
) -> None:
    done = run(
        sink,
        tmp_path,
        """
        offer("parent 1")
        delivery.flush(10)
        for number in range(3):
            offer("parent 2")
            if os.fork() == 0:
                offer(f"child {number}")
                assert delivery.flush(30).sent == 1
                os._exit(0)
        wait_for_children()
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(sink.accepted_names) == [
        *(f"child {number}" for number in range(3)),
        *["parent 1", *["parent 2"] * 3],
    ]
    assert len(instances(sink)) == 4


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_workers_of_multiprocessing_deliver_before_they_exit(
    sink: OtlpSink, tmp_path: Path, method: str
) -> None:
    done = run(
        sink,
        tmp_path,
        f"""
        if __name__ == "__main__":
            context = multiprocessing.get_context("{method}")
            offer("parent")
            workers = [context.Process(target=offer, args=(f"{{n}}",)) for n in "ab"]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
                assert worker.exitcode == 0
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(sink.accepted_names) == ["a", "b", "parent"]


def test_a_worker_that_is_terminated_delivers_first(
    sink: OtlpSink, tmp_path: Path
) -> None:
    done = run(
        sink,
        tmp_path,
        """
        def work(ready):
            offer("worker")
            ready.set()
            for _ in range(1200):  # one long sleep may begin just as the signal comes
                time.sleep(0.05)

        ready = multiprocessing.get_context("fork").Event()
        worker = multiprocessing.get_context("fork").Process(target=work, args=(ready,))
        worker.start()
        ready.wait(30)
        worker.terminate()
        worker.join()
        assert worker.exitcode == -signal.SIGTERM
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sink.accepted_names == ["worker"]


def test_the_thread_that_delivers_traces_nothing_of_its_own(
    sink: OtlpSink, tmp_path: Path
) -> None:
    done = run(
        sink,
        tmp_path,
        """
        import urllib3
        from opentelemetry import context
        ask = urllib3.PoolManager.request
        def watched(self, *args, **kwargs):
            assert context.get_value("suppress_instrumentation") is True
            return ask(self, *args, **kwargs)
        urllib3.PoolManager.request = watched
        offer("one")
        assert delivery.flush(30).sent == 1
        """,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_first_offer_deep_in_a_runaway_recursion_stops_nothing(
    sink: OtlpSink, tmp_path: Path
) -> None:
    # the thread could not be started there, and never was again
    ended = run(
        sink,
        tmp_path,
        """
        import contextlib

        def runaway():
            try:
                runaway()
            finally:
                with contextlib.suppress(RecursionError):
                    offer("deep")

        with contextlib.suppress(RecursionError):
            runaway()
        offer("after")
        print(delivery.flush(20).pending)
        """,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "0"), ended.stderr
