"""Where the lines of the audit log go."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector import audit
from collector.errors import SettingsError


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    log = audit.log
    before = log.handlers[:], log.level, log.propagate
    yield
    for handler in log.handlers:
        handler.close()
    log.handlers[:], log.propagate = before[0], before[2]
    log.setLevel(before[1])


def test_a_file_gets_the_lines_and_standard_error_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "logs" / "audit.jsonl"
    audit.be_seen(str(file))
    audit.audit("call", method="DELETE", person="영희")
    file.rename(tmp_path / "yesterday.jsonl")
    audit.audit("call", method="PUT", person=None)
    moved, newest = (tmp_path / "yesterday.jsonl").read_text("utf-8"), file.read_text()
    assert json.loads(moved)["person"] == "영희"
    assert json.loads(newest)["method"] == "PUT"
    assert capfd.readouterr() == ("", "")


def test_without_a_file_standard_error_has_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    audit.be_seen()
    audit.audit("key_created", key="k")
    assert json.loads(capfd.readouterr().err)["audit"] == "key_created"


def test_a_file_that_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"TRACER_AUDIT_FILE .*; name another file"):
        audit.be_seen(str(tmp_path))
