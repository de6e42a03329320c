"""Servers, worker pools and notebooks as people run them lose nothing."""

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from otlp_sink import OtlpSink
from processes import wait_until

APP = """
import os, tracer

def configure():
    tracer.configure(project="shop", flush_after_s=30)

if not os.environ.get("AT_STARTUP"):
    configure()
    with tracer.span("loaded"):
        pass

def app(environ, start_response):
    with tracer.span("request"):
        pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]

async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        configure()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        with tracer.span("stopped"):
            pass
        await send({"type": "lifespan.shutdown.complete"})
        return
    with tracer.span("request"):
        pass
    body = str(os.getpid()).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""

ON_ITS_OWN_TERMS = """
import signal, sys, tracer, uvicorn
import app

def on_term(number, frame):
    with tracer.span("handler"):
        pass

signal.signal(signal.SIGTERM, on_term)
uvicorn.run(app.asgi, uds=sys.argv[1])
with tracer.span("after"):
    pass
"""

CELERY_LIKE = """
import os, sys, tracer
from billiard import Pool

tracer.configure(project="shop", flush_after_s=30)

def task(number):
    with tracer.span("task"):
        return os.getpid()

if __name__ == "__main__":
    pool = Pool(2, maxtasksperchild=10)
    with tracer.span("parent"):
        pool.map(task, range(50))
    pool.close() if sys.argv[1] == "close" else pool.terminate()
    pool.join()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these servers fork")


@contextmanager
def server(
    sink: OtlpSink, folder: Path, *command: str, **env: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a server of the app that listens on a socket in the file system."""
    (folder / "app.py").write_text(APP)
    at = folder / "socket"
    own = {"TRACER_ENDPOINT": sink.url, "TRACER_SPOOL_DIR": str(folder / "spool")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=os.environ | own | env,
            stderr=log,
        )
        try:
            wait_until(lambda: listens(at))
            yield process, at
        finally:
            process.kill()
            process.wait()


def listens(at: Path) -> bool:
    """Tell whether a connection is taken; a server may bind long before."""
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(at)) == 0


def ask(at: Path) -> str:
    """Send one request; return the process that answered."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(at))
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 200 " in head, answer
    return body.decode()


def test_gunicorn_with_preload_loses_nothing_over_reload_and_stop(
    sink: OtlpSink, tmp_path: Path
) -> None:
    command = [
        "-m",
        "gunicorn",
        "--preload",
        "-w",
        "2",
        "-b",
        f"unix:{tmp_path}/socket",
    ]
    with server(sink, tmp_path, *command, "app:app") as (process, at):
        before = {ask(at) for _ in range(20)}
        process.send_signal(signal.SIGHUP)  # new workers, the old ones end in peace
        after: set[str] = set()
        n_asked = 20
        while not after - before:
            after.add(ask(at))
            n_asked += 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    counted = Counter(sink.accepted_names)
    assert counted == {"loaded": 1, "request": n_asked}
    instances = {r.resource["service.instance.id"] for r in sink.accepted}
    assert len(instances) >= 2


def test_uvicorn_delivers_as_it_is_stopped(sink: OtlpSink, tmp_path: Path) -> None:
    command = ["-m", "uvicorn", "--uds", f"{tmp_path}/socket", "app:asgi"]
    with server(sink, tmp_path, *command) as (process, at):
        for _ in range(5):
            ask(at)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    counted = Counter(sink.accepted_names)
    assert counted == {"loaded": 1, "request": 5, "stopped": 1}


def test_uvicorn_delivers_what_its_workers_recorded(
    sink: OtlpSink, tmp_path: Path
) -> None:
    """It loads the app after it took the signals, and died of them by the default."""
    command = ["-m", "uvicorn", "--workers", "2", "--uds", f"{tmp_path}/socket"]
    with server(sink, tmp_path, *command, "app:asgi") as (process, at):
        for _ in range(5):
            ask(at)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    counted = Counter(sink.accepted_names)
    assert counted["request"] == 5
    assert counted["loaded"] == counted["stopped"] >= 1


def test_uvicorn_delivers_for_an_app_that_is_configured_as_it_starts(
    sink: OtlpSink, tmp_path: Path
) -> None:
    command = ["-m", "uvicorn", "--uds", f"{tmp_path}/socket", "app:asgi"]
    with server(sink, tmp_path, *command, AT_STARTUP="yes") as (process, at):
        ask(at)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == -signal.SIGTERM  # as ever
    assert Counter(sink.accepted_names) == {"request": 1, "stopped": 1}


@pytest.mark.parametrize(
    ("option", "number"),
    [("--preload", signal.SIGTERM), ("--log-level=info", signal.SIGINT)],
)
def test_gunicorn_delivers_what_workers_of_uvicorn_recorded(
    sink: OtlpSink, tmp_path: Path, option: str, number: signal.Signals
) -> None:
    """Its workers put the default handlers back, of Ctrl-C too."""
    command = ["-m", "gunicorn", option, "-k", "uvicorn.workers.UvicornWorker"]
    command += ["-b", f"unix:{tmp_path}/socket", "app:asgi"]
    with server(sink, tmp_path, *command) as (process, at):
        worker = {ask(at) for _ in range(5)}.pop()
        if number == signal.SIGINT:  # a terminal sends it to all
            os.kill(int(worker), number)
        process.send_signal(number)
        assert process.wait(60) == 0
    counted = Counter(sink.accepted_names)
    assert counted == {"loaded": 1, "request": 5, "stopped": 1}


def test_a_program_that_goes_on_after_uvicorn_is_delivered_to_its_end(
    sink: OtlpSink, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(ON_ITS_OWN_TERMS)
    with server(sink, tmp_path, str(program), f"{tmp_path}/socket") as (process, at):
        ask(at)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    names = ["loaded", "request", "stopped", "handler", "after"]
    assert sink.accepted_names == names


@pytest.mark.parametrize("ending", ["close", "terminate"])
def test_workers_as_celery_forks_them_lose_nothing(
    sink: OtlpSink, tmp_path: Path, ending: str
) -> None:
    program = tmp_path / "program.py"
    program.write_text(CELERY_LIKE)
    env = os.environ | {"TRACER_ENDPOINT": sink.url, "TRACER_STRICT": "0"}
    quiet = "-Wignore::DeprecationWarning"  # fork beside threads, from 3.12 on
    done = subprocess.run(
        [sys.executable, quiet, program, ending],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert Counter(sink.accepted_names) == {"task": 50, "parent": 1}


@pytest.mark.parametrize("ending", ["shutdown", "restart"])
def test_a_notebook_delivers_cell_by_cell_and_as_its_kernel_ends(
    sink: OtlpSink, tmp_path: Path, ending: str
) -> None:
    kernel = KernelManager(shutdown_wait_time=60)  # 5 s are short on a loaded machine
    env = os.environ | {"TRACER_ENDPOINT": sink.url, "IPYTHONDIR": str(tmp_path)}
    kernel.start_kernel(env=env, cwd=str(tmp_path))
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def cell(source: str) -> None:
        answer = client.execute_interactive(source, timeout=60, output_hook=print)
        assert answer["content"]["status"] == "ok", answer["content"]

    cell("import tracer; tracer.configure(project='shop', flush_after_s=0.01)")
    cell("with tracer.span('first cell'): pass")
    sink.wait_for(lambda sink: sink.accepted_names == ["first cell"])
    cell("tracer.configure(flush_after_s=60)")
    cell("@tracer.trace\nasync def answer(): return 1")
    cell("await answer()")
    client.stop_channels()
    if ending == "restart":
        kernel.restart_kernel(now=False)
    kernel.shutdown_kernel(now=False)
    assert sink.accepted_names == ["first cell", "answer"]
