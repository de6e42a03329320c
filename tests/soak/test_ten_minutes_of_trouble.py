"""Sent = stored, once each, while the collector is killed, failing, stopped or slow.

``TRACER_SOAK_S`` shortens the ten minutes.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from soak.trouble import TroubledCollector

from examples.openai_server.running import running
from tracer import Client
from tracer._client.ledger import on_disk
from tracer.doctor import doctor

SECONDS = float(os.environ.get("TRACER_SOAK_S", "600"))
SCRIPT_EVERY_S = 4.0
SWEEP_LIMIT_S = 600
PROJECT = "soak"
SWEEP = "import tracer; tracer.configure(); print(tracer.flush(60))"
PREFIXES = [f"{number:02x}" for number in range(256)]


@dataclass
class Traffic:
    """Programs that send, all at once."""

    folder: Path
    """Where they write down what ended."""

    env: dict[str, str]
    """Where they send."""

    programs: list[subprocess.Popen[str]] = field(default_factory=list)
    """Those that were started."""

    next_script_s: float = 0.0
    """When the next short one is due."""

    def start(self, kind: str, seconds: float, *more: str) -> None:
        command = [sys.executable, "-P", Path(__file__).with_name("traffic.py")]
        self.programs.append(
            subprocess.Popen(
                [*command, kind, str(seconds), self.folder, *more],
                env=self.env,
                stderr=subprocess.PIPE,  # read at the end only: it may well be full
                text=True,
            )
        )

    def go_on(self) -> None:
        """Start a short script now and then."""
        if time.monotonic() >= self.next_script_s:
            self.next_script_s = time.monotonic() + SCRIPT_EVERY_S
            self.start("script", 0)

    def wait(self) -> None:
        """Wait until all have ended well."""
        for program in self.programs:
            _, errors = program.communicate(timeout=120)
            assert program.returncode == 0, errors
            assert "Traceback" not in errors, errors

    def ended(self) -> Counter[str]:
        """Return every span and score that ended, by their ids."""
        lines: Counter[str] = Counter()
        for path in self.folder.glob("*.ended"):
            lines.update(filter(None, path.read_text("utf-8").splitlines()))
        return lines

    def check_reports(self) -> int:
        """Check that each report adds up to what its process ended; return how many."""
        reports = list(self.folder.glob("*.report"))
        for path in reports:
            said = json.loads(path.read_text("utf-8"))
            ended = self.folder.glob(f"{path.name.partition('-')[0]}-*.ended")
            lines = [line for one in ended for line in one.read_text().splitlines()]
            n_ended = len(list(filter(None, lines)))
            assert (said["dropped"], said["pending"]) == (0, 0), said
            assert said["sent"] + said["spooled"] == n_ended, said
        return len(reports)


@pytest.fixture
def troubled(tmp_path: Path) -> Iterator[TroubledCollector]:
    collector = TroubledCollector(tmp_path / "store")
    yield collector
    collector.close()


def stored(client: Client) -> Counter[str]:
    """Return every row of spans and scores, by their ids, in bites of the limit."""
    found: Counter[str] = Counter()
    for prefix in PREFIXES:
        for table in ("spans", "scores"):
            asked = f"SELECT trace_id, span_id FROM {table} WHERE startsWith(span_id, "
            rows = client.sql(f"{asked}{{p:String}})", {"p": prefix}, project=PROJECT)
            assert not rows.truncated
            what = table.removesuffix("s")
            found.update(f"{what} {row['trace_id']}{row['span_id']}" for row in rows)
    return found


def sweep(env: dict[str, str], spool: Path) -> None:
    """Let later processes send what the others left on disk.

    What one of them was just sending as it ended is free again after a minute or so.
    """
    until_s = time.monotonic() + SWEEP_LIMIT_S
    while any(one.n_items for one in on_disk(spool).values()):
        assert time.monotonic() < until_s, "what waits on disk does not go"
        command = [sys.executable, "-P", "-c", SWEEP]
        said = subprocess.run(command, env=env, check=True, capture_output=True)
        print("a later process:", said.stdout.decode().strip())
        time.sleep(2)


def test_ten_minutes_of_trouble_lose_nothing_and_store_nothing_twice(
    troubled: TroubledCollector, tmp_path: Path
) -> None:
    spool, folder = tmp_path / "spool", tmp_path / "ended"
    folder.mkdir()
    env = os.environ | {
        "TRACER_ENDPOINT": troubled.sent_to,
        "TRACER_PROJECT": PROJECT,
        "TRACER_SPOOL_DIR": str(spool),
        "TRACER_TIMEOUT_S": "3",
        "TRACER_STRICT": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONWARNINGS": "ignore::DeprecationWarning",  # fork beside threads
    }
    traffic = Traffic(folder, env)
    with running() as openai_url:
        for kind in ("threads", "forks", "pool", "streams"):
            traffic.start(kind, SECONDS, openai_url)
        troubled.trouble_until(time.monotonic() + SECONDS, traffic.go_on)
        traffic.wait()
    n_reports = traffic.check_reports()
    sweep(env, spool)
    ended, client = traffic.ended(), Client(troubled.url)
    rows = client.ledger(project=PROJECT, since="1d", limit=1000)
    there = stored(client)
    print("done to the collector:", Counter(troubled.told))
    print("answered by a fault:", troubled.proxy.n_failed)
    print("ended:", ended.total(), "stored:", there.total(), "reports:", n_reports)
    print("processes:", len(rows), "verdicts:", Counter(r["verdict"] for r in rows))
    assert max(ended.values()) == max(there.values()) == 1
    assert there == ended
    assert {row["verdict"] for row in rows} == {"complete"}
    if not rows.truncated:  # the ledger answers for the latest 1,000 processes
        assert sum(row["n_sent"] for row in rows) == ended.total()
    judged = CliRunner().invoke(doctor, ["--ledger", "--project", PROJECT], env=env)
    assert judged.exit_code == 0, judged.output
