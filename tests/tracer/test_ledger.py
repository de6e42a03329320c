"""`tracer doctor --ledger` proves that what was sent is stored, or says what is not."""

import os
import platform
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from processes import CollectorProcess, start_collector

from tracer import Client
from tracer._client.ledger import accounts
from tracer._config import Settings
from tracer._delivery import LogRecord, last_words
from tracer._delivery.encoder import Encoder, LogItem
from tracer._delivery.records import Batch
from tracer._delivery.spool import Spool
from tracer._delivery.spooled import directory_of
from tracer._delivery.tally import Tally
from tracer._delivery.transport import Transport, Verdict
from tracer.doctor import doctor

PROGRAM = """
import os, signal, sys, time, tracer

tracer.configure(project=sys.argv[1], service="bot", flush_after_s=60)

@tracer.trace
def answer(number):
    tracer.score("helpful", True, trace_id=tracer.current_span().trace_id)
    return number

for number in range(20):
    answer(number)
print(tracer.flush().sent)
if sys.argv[2] == "killed":
    answer(-1)
    os.kill(os.getpid(), signal.SIGKILL)
answer(-1)
"""


def run(collector: CollectorProcess, spool: Path, project: str, ending: str) -> int:
    env = os.environ | {
        "TRACER_ENDPOINT": collector.url,
        "TRACER_SPOOL_DIR": str(spool),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, project, ending],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "40\n", done.stderr
    return done.returncode


def examined(collector: CollectorProcess, spool: Path, project: str) -> Result:
    env = {"TRACER_ENDPOINT": collector.url, "TRACER_SPOOL_DIR": str(spool)}
    asked = ["--ledger", "--project", project, "--since", "1h"]
    return CliRunner().invoke(doctor, asked, env=env)


def row_of(collector: CollectorProcess, project: str) -> dict[str, Any]:
    (row,) = Client(collector.url).ledger(project=project)
    return row


def test_a_program_that_ended_in_order_is_complete(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    assert run(collector, tmp_path, project, "well") == 0
    row = row_of(collector, project)
    assert (row["n_sent"], row["n_stored"], row["verdict"]) == (42, 42, "complete")
    assert row["service"] == "bot"
    result = examined(collector, tmp_path, project)
    assert result.exit_code == 0
    line, total = result.output.splitlines()
    assert line.startswith(f"ok  {row['instance_id'][:12]}  bot in {project}  ")
    assert line.endswith("42 sent = 42 stored")
    assert total == "1 process since 1h, 0 of them short"


def test_a_nameless_program_goes_by_its_project() -> None:
    now = datetime.now(UTC)
    row = {"instance_id": "f" * 32, "service": "unknown_service:python"}
    row |= {"project": "shop", "first": now, "last": now, "verdict": "complete"}
    row |= {"n_sent": 1, "n_stored": 1, "n_rejected": 0, "n_missing_batches": 0}
    (account,) = accounts([row], None, ours=None)
    assert account.text.startswith("ffffffffffff  shop  ")


def test_rows_that_lack_are_told_though_others_make_up_for_them() -> None:
    now = datetime.now(UTC)
    row = {"instance_id": "f" * 32, "service": "bot", "project": "shop"}
    row |= {"first": now, "last": now, "verdict": "partial", "n_rejected": 0}
    row |= {"n_sent": 20, "n_stored": 20, "n_missing_batches": 0}
    (account,) = accounts([row | {"n_lacking": 5, "n_repeated": 5}], None, ours=None)
    assert str(account).startswith("!!")
    assert "5 of the batches that came are not there; 5 are stored twice" in str(
        account
    )


def test_a_project_that_nobody_sent_to_is_no_success(
    collector: CollectorProcess, tmp_path: Path
) -> None:
    result = examined(collector, tmp_path, "typo")
    assert result.exit_code == 1
    assert result.output == "no process has sent anything to project 'typo' since 1h\n"


def test_what_is_no_time_is_refused_with_what_is() -> None:
    result = CliRunner().invoke(doctor, ["--ledger", "--since", "5x"])
    assert result.exit_code == 2
    assert "give an age like 30m, 24h, 7d or 2w" in result.output


def test_a_program_that_was_killed_has_no_last_word(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    """What it had in memory nobody can know; what it sent is there."""
    assert run(collector, tmp_path, project, "killed") == -signal.SIGKILL
    result = examined(collector, tmp_path, project)
    assert result.exit_code == 0
    line, total = result.output.splitlines()
    assert line.startswith("--  ")
    assert line.endswith("40 sent = 40 stored  (ended without a last word)")
    assert total == "1 process since 1h, 0 of them short, 1 ended without a last word"


def test_a_program_that_was_killed_before_it_sent_anything_is_told(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    """Nothing of it is in the ledger; what it had recorded went with it in silence."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    place = directory_of(tmp_path, collector.url, project).name
    said = {"instance_id": "f" * 32, "project": project, "spool": place}
    own = {"pid": gone.pid, "host": platform.node(), "begun_ns": time.time_ns()}
    last_words.write(tmp_path, said | own, name=last_words.BEGUN)
    last_words.begin(tmp_path, said | {"instance_id": "e" * 32})  # this one runs
    result = examined(collector, tmp_path, project)
    assert result.exit_code == 0
    line, total = result.output.splitlines()
    assert line.startswith(f"--  ffffffffffff  {project}  ")
    assert line.endswith("nothing stored  (ended without a last word)")
    assert total == "1 process since 1h, 0 of them short, 1 ended without a last word"
    other = examined(collector, tmp_path, f"{project}-other")
    assert "no process has sent anything" in other.output


def batches_of(project: str, *sizes: int) -> list[Batch]:
    """Make numbered batches as a process would."""
    encoder = Encoder({"tracer.project": project}, instance_id=project)
    record = LogRecord(event_name="tick", time_ns=1, attributes={})
    items = [[LogItem(record, 1)] * size for size in sizes]
    return [batch for one in items for batch in encoder.batches(one)]


def send(collector: CollectorProcess, *batches: Batch) -> None:
    transport = Transport(Settings(endpoint=collector.url))
    for batch in batches:
        assert transport.send(batch).verdict is Verdict.ACCEPTED
    transport.close()


def test_a_batch_that_was_withheld_is_found_and_found_again_once_it_came(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    first, withheld, third = batches_of(project, 2, 3, 4)
    send(collector, first, third)
    assert row_of(collector, project)["missing_batches"] == [2]
    lost = examined(collector, tmp_path, project)
    assert lost.exit_code == 1
    assert "9 sent ≠ 6 stored" in lost.output
    assert "batches 2 are missing" in lost.output
    spool = Spool(
        tmp_path,
        endpoint=collector.url,
        project=project,
        max_bytes=1 << 20,
        tally=Tally("another"),
        claim_s=60,
    )
    assert spool.put(withheld)
    waits = examined(collector, tmp_path, project)
    assert waits.exit_code == 1
    assert "3 items wait on this disk" in waits.output
    send(collector, withheld, withheld)  # a repeat is stored once
    row = row_of(collector, project)
    assert (row["n_sent"], row["n_stored"], row["verdict"]) == (9, 9, "complete")


def test_a_collector_that_was_killed_in_between_is_complete_in_the_end(
    project: str, tmp_path: Path
) -> None:
    first, second = batches_of(project, 2, 3)
    with start_collector(tmp_path / "store") as collector:
        send(collector, first)
        collector.process.kill()
    with start_collector(tmp_path / "store") as collector:
        assert row_of(collector, project)["n_stored"] == 2
        send(collector, first, second)  # the sender never saw the first answer
        row = row_of(collector, project)
    assert (row["n_sent"], row["n_stored"], row["verdict"]) == (5, 5, "complete")


def test_a_last_batch_that_never_came_is_known_by_the_last_word(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    first, _lost = batches_of(project, 2, 3)
    send(collector, first)
    assert row_of(collector, project)["verdict"] == "complete"  # it cannot know
    last_words.write(
        tmp_path,
        {
            "instance_id": project,
            "n_batches": 2,
            "n_items": 5,
            "n_dropped": 1,
            "errors": ["1 dropped: the queue was full"],
        },
    )
    result = examined(collector, tmp_path, project)
    assert result.exit_code == 1
    assert "5 sent ≠ 2 stored" in result.output
    assert "batches 2 to 2 did not come" in result.output
    assert "1 dropped: the queue was full" in result.output


def test_what_only_this_disk_knows_of_is_told(
    collector: CollectorProcess, project: str, tmp_path: Path
) -> None:
    (only,) = batches_of(project, 7)
    spool = Spool(
        tmp_path,
        endpoint=collector.url,
        project=project,
        max_bytes=1 << 20,
        tally=Tally(project),
        claim_s=60,
    )
    spool.put(only)
    result = examined(collector, tmp_path, project)
    assert result.exit_code == 1
    assert f"!!  {project[:12]}  nothing stored since then; 7 items" in result.output
    other = examined(collector, tmp_path, f"{project}-other")
    assert other.exit_code == 0
    assert "wait on this disk, for this collector or another" in other.output


def test_a_collector_that_is_away_is_said(tmp_path: Path) -> None:
    env = {"TRACER_ENDPOINT": "http://127.0.0.1:1", "TRACER_SPOOL_DIR": str(tmp_path)}
    result = CliRunner().invoke(doctor, ["--ledger"], env=env)
    assert result.exit_code == 1
    assert "no collector answers" in result.output


def test_last_words_are_bounded_and_survive_a_bad_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_words, "MOST_BYTES", 100)
    for number in range(20):
        last_words.write(tmp_path, {"instance_id": str(number)})
    with (tmp_path / last_words.NAME).open("ab") as file:
        file.write(b'{"instance_id": "cut')
    kept = last_words.read(tmp_path)
    assert "19" in kept
    assert len(kept) < 20
    assert len(list(tmp_path.iterdir())) == 2
