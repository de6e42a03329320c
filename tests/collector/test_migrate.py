"""How a store's tables come to this version, whatever happened before."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from collector.errors import StorageError
from collector.storage.engine import Store
from collector.storage.migrate import Migration, known_migrations, migrate


def test_steps_are_numbered_without_gaps_and_may_run_twice() -> None:
    steps = known_migrations()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    for step in steps:
        assert re.search(r"\b(IF NOT EXISTS|MODIFY SETTING)\b", step.statement), (
            step.name
        )
        statement = re.sub(r"--.*", "", step.statement)
        assert ";" not in statement, step.name


def test_a_store_that_is_up_to_date_stays_as_it_is(store: Store) -> None:
    assert migrate(store) == migrate(store) == len(known_migrations())


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    with pytest.raises(StorageError, match="newer"):
        migrate(store, known_migrations()[:-1])


def test_a_step_that_was_changed_is_refused(store: Store) -> None:
    steps = known_migrations()
    changed = Migration(1, steps[0].name, steps[0].statement + " -- changed")
    with pytest.raises(StorageError, match="differs"):
        migrate(store, [changed, *steps[1:]])


FAIL_THEN_GO_ON = """
import sys
from collector.errors import StorageError
from collector.storage.engine import open_store
from collector.storage.migrate import Migration, migrate

store = open_store(sys.argv[1])
table = "CREATE TABLE IF NOT EXISTS {} (x UInt8) ENGINE = MergeTree ORDER BY x"
first = Migration(1, "first", table.format("first"))
broken = Migration(2, "second", "CREATE TABLE IF NOT EXISTS second (x Nonsense)")
mended = Migration(2, "second", table.format("second"))
try:
    migrate(store, [first, broken])
except StorageError as error:
    print(error)
print(migrate(store, [first, mended]))
store.close()
"""


def test_a_step_that_fails_stays_to_be_done(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAIL_THEN_GO_ON, f"chdb://{tmp_path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    refusal, version = done.stdout.strip().splitlines()
    assert "migration 2 (second) failed" in refusal
    assert version == "2"


NOT_ON_RECORD = """
import sys
from collector.errors import StorageError
from collector.storage.engine import open_store
from collector.storage.migrate import migrate

store = open_store(sys.argv[1])
with store.handle("write") as client:
    client.command(
        "CREATE TABLE migrations (number UInt32, name String, checksum String, "
        "CONSTRAINT none CHECK number = 0) ENGINE = MergeTree ORDER BY number"
    )
try:
    migrate(store)
except StorageError as error:
    print(error)
store.close()
"""


def test_steps_that_cannot_be_put_on_record_are_refused_in_words(
    tmp_path: Path,
) -> None:
    """Where the disk was full just then, the collector ended with a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", NOT_ON_RECORD, f"chdb://{tmp_path}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("the store failed: ")
