"""A backup restores, a move arrives, and a kill in the middle costs nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clickhouse_connect
import pytest
import urllib3
from processes import start_collector, start_module, stop, wait_until

from collector.errors import StorageError
from collector.storage.copying.backup import back_up
from collector.storage.copying.move import move
from collector.storage.copying.target import begin
from collector.storage.engine import Store
from collector.storage.location import parse_store_url

HTTP = urllib3.PoolManager()
HERE = Path(__file__).parents[1]

FILL = """
import sys
from otlp_requests import START_NS, log_request, put, record, span, trace_request
from collector.storage.collectors import make_table, speak
from collector.storage.engine import open_store
from collector.storage.intake.views import install_views
from collector.storage.migrate import known_migrations, migrate

url, days, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = open_store(url)
migrate(store, [step for step in known_migrations() if not last or step.number <= last])
if not last:
    make_table(store)
    speak(store, 1)  # as every collector does, and nobody need know of it elsewhere
    install_views(store)
    for day in range(days):
        at = START_NS + day * 86_400 * 10**9
        spans = [
            span(
                {"tracer.input": "환불 " * 50, "gen_ai.usage.input_tokens": 3},
                name=f"{day}-{number}",
                start_time_unix_nano=at,
                end_time_unix_nano=at + 1,
            )
            for number in range(20)
        ]
        put(store, trace_request(*spans, project="shop"))
    scored = record(
        {"gen_ai.evaluation.name": "s", "gen_ai.evaluation.score.value": 0.5},
        event_name="gen_ai.evaluation.result",
        trace_id=spans[0].trace_id,
    )
    put(store, log_request(scored, record({}), project="shop"), signal="logs")
else:
    with store.handle("write") as client:
        client.command(
            "INSERT INTO spans (project, ts, name) SELECT 'shop', "
            "toDateTime64('2026-11-01 10:00:00', 9), 'old' FROM numbers(9)"
        )
store.close()
"""

LOOK = """
import json, sys
from collector.storage.engine import open_store
store = open_store(sys.argv[1])
with store.handle("read") as client:
    print(json.dumps([list(row) for row in client.query(sys.argv[2]).result_rows]))
store.close()
"""


def python(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{HERE}:{HERE.parent}", "PATH": ""},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def look(url: str, statement: str) -> Any:
    """Ask a store in a process of its own: an embedded one allows one a process."""
    return json.loads(python(LOOK, url, statement))


def tracer(*arguments: str) -> tuple[int, str]:
    """Run a command and return its status and what it says."""
    process = start_module("tracer.cli", *arguments)
    try:
        output, errors = process.communicate(timeout=COMMAND_LIMIT_S)
    finally:
        process.kill()
    return process.returncode, output + errors


def kill_when(condition: Callable[[], object], *arguments: str) -> None:
    """Run a command and kill it as soon as a condition holds."""
    process = start_module("tracer.cli", *arguments)
    try:
        wait_until(lambda: process.poll() is not None or condition())
        assert process.poll() is None, "it ended before it could be killed"
        process.kill()
    finally:
        stop(process)


EVERYTHING = (
    "SELECT 'spans', count(), sum(cityHash64(name, input)), sum(input_tokens) "
    "FROM spans "
    "UNION ALL SELECT 'scores', count(), sum(cityHash64(name)), 0 FROM scores "
    "UNION ALL SELECT 'receipts', count(), sum(n_items), 0 FROM receipts ORDER BY 1"
)
DAYS = 25
COMMAND_LIMIT_S = 120


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an embedded store with a partition for each of many days."""
    url = f"chdb://{tmp_path_factory.mktemp('copied')}"
    python(FILL, url, str(DAYS), "0")
    return url


@pytest.fixture(scope="module")
def saved(source: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it that was killed in the middle and went on."""
    directory = tmp_path_factory.mktemp("backups") / "it's 백업"
    journal = directory / "chunks.jsonl"
    arguments = ("backup", str(directory), "--store", source)
    kill_when(journal.exists, *arguments)
    status, said = tracer(*arguments)
    assert status == 0, said
    return directory


def test_a_backup_that_was_killed_goes_on_and_restores_after_another_kill(
    source: str, saved: Path, tmp_path: Path
) -> None:
    target = tmp_path / "new"
    arguments = ("restore", str(saved), "--store", f"chdb://{target}")
    # walked, as folders of the engine come and go meanwhile
    wanted = "unfinished_copy.sql"
    kill_when(
        lambda: [
            name for *_, names in os.walk(target) for name in names if name == wanted
        ],
        *arguments,
    )
    status, said = tracer("collector", "--store", f"chdb://{target}", "--port", "0")
    assert (status, "not finished" in said) == (2, True), said
    status, said = tracer(*arguments)
    assert status == 0, said
    assert look(f"chdb://{target}", EVERYTHING) == look(source, EVERYTHING)
    status, said = tracer(*arguments)
    assert (status, "is not empty" in said) == (1, True)


def test_a_directory_that_cannot_be_written_is_told_in_one_line(store: Store) -> None:
    """It was a traceback of forty lines."""
    with pytest.raises(StorageError) as told:
        back_up(store, Path("/proc/x"), progress=lambda *_: None)
    said = "the backup cannot be written to '/proc/x' (No such file or directory); name"
    assert str(told.value).startswith(said)


def test_a_finished_backup_is_not_written_over(source: str, saved: Path) -> None:
    status, said = tracer("backup", str(saved), "--store", source)
    assert (status, "finished backup" in said) == (1, True)


def test_a_damaged_file_is_noticed(saved: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(saved), str(copy)], check=True)
    path = next(copy.glob("spans-*.zst"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    status, said = tracer("restore", str(copy), "--store", f"chdb://{tmp_path / 'n'}")
    assert (status, "is damaged" in said) == (1, True), said


def test_a_backup_of_a_newer_schema_is_refused(saved: Path, tmp_path: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text())
    newer = tmp_path / "newer"
    newer.mkdir()
    manifest["schema_version"] = 9999
    (newer / "manifest.json").write_text(json.dumps(manifest))
    status, said = tracer("restore", str(newer), "--store", f"chdb://{tmp_path / 'n'}")
    assert (status, "upgrade" in said) == (1, True), said


def test_a_backup_of_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """A store from before `cost_source`, and before the tables that came after it."""
    old, new = f"chdb://{tmp_path / 'old'}", f"chdb://{tmp_path / 'new'}"
    python(FILL, old, "0", "16")
    assert tracer("backup", str(tmp_path / "b"), "--store", old)[0] == 0
    status, said = tracer("restore", str(tmp_path / "b"), "--store", new)
    assert status == 0, said
    assert look(new, "SELECT count(), any(cost_source) FROM spans") == [[9, ""]]


@pytest.mark.server
def test_a_move_to_a_server_goes_on_after_a_kill_and_comes_back(
    source: str, clickhouse_url: str, tmp_path: Path
) -> None:
    before = look(source, EVERYTHING)
    base, _, _ = clickhouse_url.rpartition("/")
    target = f"{base}/moved"
    client = clickhouse_connect.get_client(dsn=f"{base}/default")

    def has_begun() -> bool:
        parts = "SELECT sum(rows) FROM system.parts WHERE database = 'moved' "
        return bool(int(client.command(f"{parts} AND table = 'spans'") or 0))

    arguments = ("move", "--to", target, "--from", source)
    kill_when(has_begun, *arguments)
    status, said = tracer(*arguments)
    assert status == 0, said
    assert look(target, EVERYTHING) == before == look(source, EVERYTHING)
    back = f"chdb://{tmp_path / 'back'}"
    status, said = tracer("move", "--from", target, "--to", back)
    assert status == 0, said
    assert look(back, EVERYTHING) == before
    client.command("DROP DATABASE moved")
    client.close()


def test_a_running_collector_makes_a_backup_of_whole_requests(
    tmp_path: Path,
) -> None:
    """Traffic goes on meanwhile; of a request all rows are in it or none."""
    store = tmp_path / "store"
    python(FILL, f"chdb://{store}", "3", "0")
    with start_collector(store) as running:
        arguments = ("backup", "b", "--collector", running.url)
        process = start_module("tracer.cli", *arguments)
        n_sent = 0
        while process.poll() is None:
            body = json.dumps(otlp_json(n_sent)).encode()
            headers = {"content-type": "application/json"}
            url = f"{running.url}/v1/traces"
            answer = HTTP.request("POST", url, body=body, headers=headers)
            assert answer.status == 200
            n_sent += 1
        output, errors = process.communicate()
        assert process.returncode == 0, errors
    made = Path(output.strip().removeprefix("backed up to "))
    new = f"chdb://{tmp_path / 'new'}"
    assert tracer("restore", str(made), "--store", new)[0] == 0
    lacking = "SELECT countIf(digest NOT IN (SELECT digest FROM receipts)) FROM spans"
    assert look(new, lacking) == [[0]]
    counts = "SELECT (SELECT count() FROM spans) + 2, sum(n_items) FROM receipts"
    ((rows, items),) = look(new, counts)
    assert 62 <= rows == items <= 62 + 2 * n_sent


SAVED_MEANWHILE = """
import sys
from pathlib import Path
from collector.storage.copying.backup import back_up
from collector.storage.datasets.versions import NewVersion, save_dataset
from collector.storage.engine import open_store
from collector.storage.migrate import migrate
from collector.storage.reads.reader import Reader

store = open_store(sys.argv[1])
migrate(store)


def save(done, total, what):
    if what.startswith("dataset"):
        rows = [{"inputs": {"after": what}}]
        with store.handle("read") as client:
            reader = Reader(client, Reader.new_mark())
            save_dataset(store, reader, NewVersion("shop", "faq", rows, append=True))


save(0, 0, "dataset: first")
back_up(store, Path(sys.argv[2]), progress=save)
store.close()
"""


def test_a_dataset_that_is_saved_during_a_backup_lacks_no_row_in_it(
    tmp_path: Path,
) -> None:
    """Its newest version was in the backup, and the rows of it were not."""
    made, new = tmp_path / "made", f"chdb://{tmp_path / 'new'}"
    python(SAVED_MEANWHILE, f"chdb://{tmp_path / 'store'}", str(made))
    assert tracer("restore", str(made), "--store", new)[0] == 0
    lacking = (
        "SELECT countIf(row_id NOT IN (SELECT row_id FROM dataset_rows)), count() > 0 "
        "FROM (SELECT arrayJoin(row_ids) AS row_id FROM dataset_versions)"
    )
    assert look(new, lacking) == [[0, 1]]


CUT_OFF = """
import sys
from pathlib import Path
from collector.storage.copying.backup import back_up
from collector.storage.engine import open_store
from collector.storage.deleting.removals import drop_partition

store = open_store(sys.argv[1])


def stop(done, total, what):
    if what.startswith("spans"):
        raise KeyboardInterrupt


try:
    back_up(store, Path(sys.argv[2]), progress=stop)
except KeyboardInterrupt:
    pass
with store.handle("write") as client:
    first = client.query("SELECT min(_partition_id) FROM spans").result_rows[0][0]
drop_partition(store, "spans", first, why="age")
back_up(store, Path(sys.argv[2]), progress=lambda *_: None)
store.close()
"""


def test_what_was_dropped_before_a_backup_went_on_does_not_come_back(
    tmp_path: Path,
) -> None:
    """A day that was saved, then dropped, was restored all the same."""
    url, made, new = (f"chdb://{tmp_path / name}" for name in ("a", "made", "new"))
    made = made.removeprefix("chdb://")
    python(FILL, url, "3", "0")
    python(CUT_OFF, url, made)
    assert tracer("restore", made, "--store", new)[0] == 0
    assert sorted(look(new, EVERYTHING)) == sorted(look(url, EVERYTHING))


def otlp_json(number: int) -> dict[str, Any]:
    spans = [
        {
            "traceId": f"{number + 1:032x}",
            "spanId": f"{number * 2 + part + 1:016x}",
            "name": "more",
            "startTimeUnixNano": "1790000000000000000",
        }
        for part in range(2)
    ]
    return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}


def test_a_cluster_is_neither_saved_nor_filled_but_said_how_its_servers_do_it(
    tmp_path: Path,
) -> None:
    """Distributed tables hold no rows: a backup of one would have been empty."""
    url = parse_store_url("http://db:8123/tracer?cluster=main")
    cluster = Store(url, None)
    alone = Store(parse_store_url(f"chdb://{tmp_path}"), None)

    def told(*_: object) -> None:
        raise AssertionError("something was done")

    for work in (
        lambda: back_up(cluster, tmp_path / "backup", progress=told),
        lambda: move(cluster, alone, progress=told),
        lambda: begin(cluster, "backup 1"),
    ):
        with pytest.raises(StorageError, match="BACKUP DATABASE tracer ON CLUSTER"):
            work()
