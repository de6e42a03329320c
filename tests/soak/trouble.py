"""A collector that is killed, stopped, slowed and hidden behind faults in turn."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from processes import first_line, start_module, stop, wait_until
from soak.proxy import Proxy

CALM_S = 6.0
AWAY_S = 4.0
STOPPED_S = 8.0
SLOW_S = 8.0
FAILING_S = 6.0


class TroubledCollector:
    """A real collector over an embedded store, and what is done to it.

    Programs send by way of a proxy (`sent_to`); it is asked itself at `url`.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.told: list[str] = []
        self.proxy = Proxy(self._port)
        self.sent_to = self.proxy.url
        self.process = self._started()

    def trouble_until(self, end_s: float, meanwhile: Callable[[], None]) -> None:
        """Go round the troubles until a time of the monotonic clock."""
        troubles = [self.kill, self.fail, self.halt, self.slow]
        while time.monotonic() < end_s:
            for trouble in troubles:
                _pass(CALM_S, meanwhile)
                if time.monotonic() < end_s:
                    trouble(meanwhile)
                    self.told.append(trouble.__name__)

    def kill(self, meanwhile: Callable[[], None]) -> None:
        """Kill it, with whatever it was storing, and start it again after a while."""
        self.process.kill()
        stop(self.process)
        _pass(AWAY_S, meanwhile)
        self.process = self._started()

    def fail(self, meanwhile: Callable[[], None]) -> None:
        """Let what stands before it answer 500, also to what it has stored."""
        self.proxy.is_failing = True
        _pass(FAILING_S, meanwhile)
        self.proxy.is_failing = False

    def halt(self, meanwhile: Callable[[], None]) -> None:
        """Stop it: connections open, requests hang, no answer comes."""
        self.process.send_signal(signal.SIGSTOP)
        _pass(STOPPED_S, meanwhile)
        self.process.send_signal(signal.SIGCONT)

    def slow(self, meanwhile: Callable[[], None]) -> None:
        """Give it a twentieth of the time."""
        until_s = time.monotonic() + SLOW_S
        while time.monotonic() < until_s:
            self.process.send_signal(signal.SIGSTOP)
            _pass(0.38, meanwhile)
            self.process.send_signal(signal.SIGCONT)
            time.sleep(0.02)

    def close(self) -> None:
        """End it in good order."""
        self.process.send_signal(signal.SIGCONT)
        stop(self.process)
        self.proxy.close()

    def _started(self) -> subprocess.Popen[str]:
        process = start_module(
            "collector",
            *("--store", f"chdb://{self._data_dir}", "--port", str(self._port)),
            *("--no-prices", "--lifeline", "--grpc-port", "off"),
        )
        first_line(process)
        # its streams must not fill up, nor end it by closing
        os.set_blocking(process.stderr.fileno(), False)  # type: ignore[union-attr]
        wait_until(self._is_ready)
        return process

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def _pass(seconds: float, meanwhile: Callable[[], None]) -> None:
    until_s = time.monotonic() + seconds
    while (left_s := until_s - time.monotonic()) > 0:
        meanwhile()
        time.sleep(min(0.2, left_s))
