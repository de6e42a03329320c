"""Whatever signal ends a program, what it recorded has arrived."""

import signal
import sys
from pathlib import Path

import pytest
from otlp_sink import OtlpSink
from programs import interrupted, start

from tracer._delivery import endings

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals and fork are POSIX"
)

READY = 'named("one"); print("ready", flush=True); wait()'


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
    script = 'named("one"); print("ready", flush=True); tracer.shutdown(); wait()'
    process = start(sink, tmp_path, script)
    sink.wait_for(lambda sink: len(sink.received) == 1)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    sink.gate.set()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (-signal.SIGTERM, "")
    assert sink.accepted_names == ["one"]


def test_ctrl_c_while_a_signal_is_delivered_leaves_the_program_deaf_to_none(
    sink: OtlpSink, tmp_path: Path
) -> None:
    """It went on and took no SIGTERM any more, for good."""
    sink.gate.clear()
    script = """
        try:
            named("one")
            print("ready", flush=True)
            wait()
        except KeyboardInterrupt:
            print("goes on", flush=True)
            wait()
        """
    process = start(sink, tmp_path, script)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    sink.wait_for(lambda sink: len(sink.received) == 1)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "goes on\n"
    process.send_signal(signal.SIGTERM)
    sink.gate.set()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (-signal.SIGTERM, "")
    assert sink.accepted_names == ["one"]


def test_an_ending_that_fails_keeps_no_other_from_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Noted:
        is_ending_here = False

        def __init__(self, *, fails: bool = False) -> None:
            self.has_ended = False
            self._fails = fails

        def start_afresh(self) -> None:
            pass

        def end(self) -> None:
            if self._fails:
                raise ValueError
            self.has_ended = True

    monkeypatch.delenv("TRACER_STRICT", raising=False)
    ends = [Noted(), Noted(fails=True)]
    monkeypatch.setattr(endings, "_first", {})
    monkeypatch.setattr(endings, "_watched", dict(enumerate(ends)))
    endings._end_all()
    assert [one.has_ended for one in ends] == [True, False]


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
