"""What a client does to stored datasets: pages, edits, changes, copies, names."""

from typing import Any

import pytest

from tracer import Client
from tracer.errors import ConflictError, NotFoundError

ROWS: list[dict[str, Any]] = [
    {"question": "환불?", "expected": "예", "metadata": {"split": "train"}},
    {"question": "배송?", "expected": "이틀", "metadata": {"split": "test"}},
]


def test_rows_are_read_by_pages_by_text_and_by_split(
    live: Client, project: str
) -> None:
    saved = live.save_dataset("faq", ROWS, project=project)
    page = live.dataset_rows("faq", project=project, limit=1, offset=1)
    assert (page.n_matching, page.rows[0]["place"]) == (2, 1)
    assert page.rows[0]["inputs"] == {"question": "배송?"}
    assert page.row["version"] == saved["version"]
    found = live.dataset_rows("faq", project=project, text="이틀")
    assert [row["place"] for row in found.rows] == [1]
    trained = live.dataset_rows("faq", project=project, split="train")
    assert (trained.n_matching, trained.rows[0]["expected"]) == (1, "예")
    splits = live.dataset_splits("faq", saved["version"], project=project)
    assert {row["split"]: row["n_rows"] for row in splits} == {"train": 1, "test": 1}


def test_an_edit_is_a_version_whose_changes_can_be_read(
    live: Client, project: str
) -> None:
    base = live.save_dataset("faq", ROWS, project=project)["version"]
    made = live.edit_dataset(
        "faq",
        project=project,
        base=base,
        changed={0: {**ROWS[0], "expected": "네"}},
        added=[{"question": "주소?"}],
        note="politer",
        author="kim",
    )
    newest = live.dataset_versions("faq", project=project, counted=True)[0]
    assert (newest["note"], newest["n_new"], newest["n_gone"]) == ("politer", 2, 1)
    told = live.dataset_changes("faq", base, made["version"], project=project)
    assert (told.n_added, told.n_changed, told.n_unchanged) == (1, 1, 1)
    assert told.rows[0]["parts"] == ["expected"]
    with pytest.raises(ConflictError, match=made["version"]):
        live.edit_dataset("faq", project=project, base=base, changed={0: None})


def test_a_dataset_is_described_copied_restored_and_renamed(
    live: Client, project: str
) -> None:
    old = live.save_dataset("faq", ROWS, project=project, description="질문")
    live.save_dataset("faq", ROWS[:1], project=project)
    schema = {"required": ["inputs"]}
    said = live.describe_dataset("faq", project=project, tags=["ko"], schema=schema)
    assert (said["description"], said["tags"]) == ("질문", ["ko"])
    assert said["schema"] == schema
    live.copy_dataset("faq", "copy", project=project)
    live.copy_dataset("faq", "faq", project=project, version=old["version"])
    live.rename_dataset("faq", "questions", project=project)
    listed = {row["name"]: row["n_rows"] for row in live.datasets(project=project)}
    assert listed == {"copy": 1, "questions": 2}
    gone = live.describe_dataset("copy", project=project, schema=False)
    assert (gone["schema"], gone["tags"]) == (None, ["ko"])
    with pytest.raises(NotFoundError):
        live.describe_dataset("faq", project=project, tags=[])


def test_rows_that_share_an_id_are_refused_before_anything_is_sent(
    project: str,
) -> None:
    nowhere = Client("http://127.0.0.1:9")
    twice = [{"id": "a", "q": 1}, {"id": "a", "q": 2}]
    says = "row 1 has the id 'a': of an earlier row with other inputs"
    with pytest.raises(ValueError, match=says):
        nowhere.save_dataset("faq", twice, project=project)
    with pytest.raises(ValueError, match=says):
        nowhere.edit_dataset("faq", project=project, base="v", added=twice)
