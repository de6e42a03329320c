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
def start_listener(
    library_path: Path, data_dir: Path, *options: str, host: str = "127.0.0.1"
) -> Iterator[str]:
    """Run a listener until the block ends; give its URL.

    Options follow those of its own, so that a port among them holds.
    """
    ports = (f"--http_port={free_port()}", f"--tcp_port={free_port()}")
    options = (f"--listen_host={host}", *ports, *options)
    http_port = [o for o in options if o.startswith("--http_port=")][-1].split("=")[1]
    data_dir.mkdir(parents=True, exist_ok=True)
    arguments = [str(library_path), str(data_dir), *_last_of_each(options)]
    process = subprocess.Popen([sys.executable, __file__, *arguments])
    url = f"http://{host}:{http_port}"
    try:
        wait_until(lambda: _answers(url, process))
        yield url
    finally:
        process.kill()
        process.wait()


CLUSTER = """<clickhouse><remote_servers><two>
<shard><replica><host>127.0.0.2</host><port>{port}</port></replica></shard>
<shard><replica><host>127.0.0.3</host><port>{port}</port></replica></shard>
</two></remote_servers></clickhouse>"""


@contextlib.contextmanager
def start_two_shards(library_path: Path, data_dir: Path) -> Iterator[str]:
    """Run two listeners as the cluster `two`; give the first one's URL.

    They stand at two addresses of this machine and, as a cluster's servers do, at one
    port. They have no keeper, so that nothing is replicated. 127.0.0.1 is neither: each
    would take it for itself.
    """
    http_port, tcp_port = free_port(), free_port()
    data_dir.mkdir(parents=True, exist_ok=True)
    config = data_dir / "cluster.xml"
    config.write_text(CLUSTER.format(port=tcp_port), "utf-8")
    options = [f"--http_port={http_port}", f"--tcp_port={tcp_port}"]
    options.append(f"--config-file={config}")
    with contextlib.ExitStack() as both:
        urls = [
            both.enter_context(
                start_listener(library_path, data_dir / host, *options, host=host)
            )
            for host in ("127.0.0.2", "127.0.0.3")
        ]
        yield urls[0]


def _last_of_each(options: tuple[str, ...]) -> list[str]:
    return list({option.partition("=")[0]: option for option in options}.values())


def free_port() -> int:
    """Return a port that is free at every address of this machine."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"the listener ended with status {process.returncode}")
    with contextlib.suppress(OSError):
        return bool(urllib.request.urlopen(f"{url}/ping", timeout=5).status == 200)
    return False


def serve(library_path: str, data: str, *options: str) -> None:
    """Run the program; its query reads a pipe that nobody writes to, so it stays."""
    pipe = Path(data) / "stop.fifo"
    if not pipe.exists():
        os.mkfifo(pipe)
    arguments = [
        "clickhouse",
        f"--path={data}",
        *options,
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
