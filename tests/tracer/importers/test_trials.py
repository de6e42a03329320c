"""Every trial of an example has a number of its own, whatever an export says."""

import json
from pathlib import Path
from typing import Any

from tracer.importers import Found, inspect_ai, phoenix

AT = "2026-10-01T09:00:00Z"


def read_phoenix(folder: Path, *records: dict[str, Any]) -> Found:
    file = folder / "runs.json"
    about = {"example_id": "e", "input": {"q": 1}, "start_time": AT, "output": "a"}
    file.write_text(json.dumps([about | record for record in records]), "utf-8")
    return phoenix.read([file])


def trials_of(found: Found) -> list[int]:
    [run] = found.runs
    assert len({one.root.span_id for one in run.predictions}) == len(run.predictions)
    return [one.trial for one in run.predictions]


def test_repetitions_of_one_number_are_told_apart_and_a_gap_stays(
    tmp_path: Path,
) -> None:
    """The scores of one stood for both."""
    runs = [{"repetition_number": number} for number in (1, 1, 4, 2, None, -3)]
    assert trials_of(read_phoenix(tmp_path, *runs)) == [0, 1, 3, 2, 4, 5]


def test_a_run_that_files_hold_twice_is_one(tmp_path: Path) -> None:
    runs = [{"trace_id": "1" * 32, "repetition_number": n} for n in (1, 1)]
    assert trials_of(read_phoenix(tmp_path, *runs)) == [0]


def test_epochs_of_one_number_are_told_apart_and_a_sample_is_read_once(
    tmp_path: Path,
) -> None:
    samples = [
        {"id": "s", "input": "?", "epoch": epoch, "uuid": uuid}
        for epoch, uuid in ((1, "a"), (1, "b"), (3, "c"), (3, "c"), (None, None))
    ]
    log = {"eval": {"task": "t", "model": "m", "created": AT}, "samples": samples}
    file = tmp_path / "log.json"
    file.write_text(json.dumps(log), "utf-8")
    assert trials_of(inspect_ai.read([file])) == [0, 1, 2, 3]
