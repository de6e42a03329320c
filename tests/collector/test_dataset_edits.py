"""Datasets by pages and by single edits: rows, splits, changes, names."""

from typing import Any

import pytest
from reading import read

from collector.api.refusals import Refusal
from collector.storage.datasets.changes import Changes, read_changes
from collector.storage.datasets.edits import (
    Edits,
    copy_version,
    edit_dataset,
    rename_dataset,
)
from collector.storage.datasets.pages import (
    PageOfRows,
    list_changed_versions,
    list_splits,
    read_page,
)
from collector.storage.datasets.versions import (
    NewVersion,
    list_datasets,
    list_versions,
    save_dataset,
)
from collector.storage.datasets.words import tell
from collector.storage.engine import Store
from collector.storage.reads.reader import Row

NAME = "faq/한글"


def asked(question: str, **more: Any) -> Row:
    return {"inputs": {"q": question}, **more}


def save(store: Store, project: str, rows: list[Row], **more: Any) -> str:
    new = NewVersion(project, NAME, rows, **more)
    return str(read(store, lambda r: save_dataset(store, r, new))["version"])


def edit(
    store: Store, project: str, edits: Edits, *, replaces: str | None = None
) -> str:
    new = NewVersion(project, NAME, (), note="edited", author="kim")
    saved = read(store, lambda r: edit_dataset(store, r, new, edits, replaces=replaces))
    return str(saved["version"])


def found(store: Store, project: str, **page: Any) -> tuple[list[Row], int]:
    version = page.pop("version", None)
    wanted = PageOfRows(**({"limit": 100} | page))
    _, rows, n = read(store, read_page, (project,), NAME, version=version, page=wanted)
    return rows, n


def questions(store: Store, project: str, **page: Any) -> list[str]:
    return [row["inputs"]["q"] for row in found(store, project, **page)[0]]


def changes(
    store: Store, project: str, before: str, after: str, *, limit: int = 100
) -> Changes:
    return read(
        store,
        read_changes,
        (project,),
        NAME,
        before=before,
        version=after,
        limit=limit,
        offset=0,
    )


@pytest.mark.every_store
def test_rows_come_page_by_page_in_their_order(store: Store, project: str) -> None:
    save(store, project, [asked(str(number)) for number in range(250)])
    rows, n_rows = found(store, project, limit=3, offset=100)
    assert [row["place"] for row in rows] == [100, 101, 102]
    assert [row["inputs"]["q"] for row in rows] == ["100", "101", "102"]
    assert n_rows == 250
    assert questions(store, project, limit=100, offset=248) == ["248", "249"]
    assert questions(store, project, limit=100, offset=900) == []


def test_what_is_saved_after_the_clock_was_put_back_is_the_newest(
    store: Store, project: str
) -> None:
    """It was stored, and lists went on showing the version before."""
    first = save(store, project, [asked("first")])
    with store.handle("write") as client:
        client.command(
            "INSERT INTO dataset_versions SELECT * REPLACE (at + INTERVAL 1 YEAR AS at)"
            " FROM dataset_versions WHERE project = {project:String}",
            parameters={"project": project},
        )
    second = save(store, project, [asked("second")])
    assert first != second
    assert questions(store, project) == ["second"]
    edit(store, project, Edits(second, changed={0: None}), replaces=second)
    assert questions(store, project) == []


@pytest.mark.every_store
def test_rows_are_found_by_what_they_say(store: Store, project: str) -> None:
    save(
        store,
        project,
        [
            asked("환불은 어떻게 받나요?"),
            asked('say "hello"\nagain', output="/path/x"),
            asked("other", expected="Refund", metadata={"plan": "pro"}),
        ],
    )
    assert questions(store, project, text="환불") == ["환불은 어떻게 받나요?"]
    assert questions(store, project, text='"HELLO"\nag') == ['say "hello"\nagain']
    assert questions(store, project, text="/path/") == ['say "hello"\nagain']
    assert questions(store, project, text="refund") == ["other"]
    assert questions(store, project, text="source") == []
    rows, n_matching = found(store, project, text="o", limit=1, offset=1)
    assert (rows[0]["place"], n_matching) == (2, 2)
    assert found(store, project, text="o", limit=1, offset=2) == ([], 2)


def test_rows_are_found_by_their_split(store: Store, project: str) -> None:
    splits = ["train", "test", "train", None]
    rows = [
        asked(str(number), metadata={"split": split} if split else {})
        for number, split in enumerate(splits)
    ]
    version = save(store, project, rows)
    assert questions(store, project, split="train") == ["0", "2"]
    assert questions(store, project, split="train", text="2") == ["2"]
    counted = read(store, list_splits, (project,), NAME, version)
    assert counted == [
        {"split": "train", "n_rows": 2},
        {"split": "test", "n_rows": 1},
    ]


def test_single_rows_are_changed_taken_out_and_added(
    store: Store, project: str
) -> None:
    base = save(store, project, [asked("a"), asked("b"), asked("c")])
    made = edit(
        store, project, Edits(base, {0: asked("A"), 1: None}, added=[asked("d")])
    )
    assert questions(store, project) == ["A", "c", "d"]
    versions = read(store, list_versions, (project,), NAME)
    assert [one["version"] for one in versions] == [made, base]
    assert (versions[0]["note"], versions[0]["author"]) == ("edited", "kim")


def test_edits_that_change_nothing_make_no_version(store: Store, project: str) -> None:
    base = save(store, project, [asked("a")])
    assert edit(store, project, Edits(base, {0: asked("a")})) == base
    assert len(read(store, list_versions, (project,), NAME)) == 1


def test_edits_of_a_version_that_is_not_the_newest_are_refused(
    store: Store, project: str
) -> None:
    base = save(store, project, [asked("a"), asked("b")])
    save(store, project, [asked("a"), asked("b"), asked("c")])
    with pytest.raises(Refusal) as refused:
        edit(store, project, Edits(base, {0: asked("A")}))
    assert refused.value.status == 409
    assert questions(store, project) == ["a", "b", "c"]


def test_edits_can_be_made_where_their_rows_stand_in_a_newer_version(
    store: Store, project: str
) -> None:
    base = save(store, project, [asked("a"), asked("b"), asked("c")])
    newest = save(store, project, [asked("new"), asked("c"), asked("a")])
    mine = Edits(base, {0: asked("A"), 1: asked("B"), 2: None})
    edit(store, project, mine, replaces=newest)
    assert questions(store, project) == ["new", "A", "B"]


def test_of_two_equal_rows_the_one_that_was_meant_is_edited(
    store: Store, project: str
) -> None:
    base = save(store, project, [asked("a"), asked("a"), asked("b")])
    edit(store, project, Edits(base, {1: asked("A")}))
    assert questions(store, project) == ["a", "A", "b"]


@pytest.mark.parametrize("place", [2, 99])
def test_a_place_beyond_the_rows_is_refused(
    store: Store, project: str, place: int
) -> None:
    base = save(store, project, [asked("a"), asked("b")])
    with pytest.raises(Refusal, match=f"place {place} is none of the version's 2"):
        edit(store, project, Edits(base, {place: None}))


@pytest.mark.every_store
def test_changes_tell_added_removed_and_changed_rows_apart(
    store: Store, project: str
) -> None:
    before = save(
        store, project, [asked("a"), asked("b", expected="1"), asked("c"), asked("d")]
    )
    after = save(
        store,
        project,
        [asked("a"), asked("b", expected="2"), asked("C"), asked("d"), asked("e")],
    )
    told = changes(store, project, before, after)
    shown = [(row["change"], row["parts"]) for row in told.rows]
    assert shown == [
        ("changed", ["expected"]),
        ("changed", ["inputs"]),
        ("added", ["inputs", "metadata"]),
    ]
    assert told.rows[1]["before"]["inputs"] == {"q": "c"}
    assert told.rows[1]["after"]["inputs"] == {"q": "C"}
    assert told.counts == {
        "n_added": 1,
        "n_removed": 0,
        "n_changed": 2,
        "n_unchanged": 2,
    }
    back = changes(store, project, after, before, limit=2)
    assert (back.counts["n_removed"], back.is_last) == (1, False)


def test_a_row_that_stood_twice_is_removed_once(store: Store, project: str) -> None:
    before = save(store, project, [asked("a"), asked("a"), asked("b")])
    after = save(store, project, [asked("a"), asked("b"), asked("b")])
    told = changes(store, project, before, after)
    assert [row["change"] for row in told.rows] == ["added", "removed"]
    assert told.rows[1]["before"]["inputs"] == {"q": "a"}
    assert told.counts["n_unchanged"] == 2


def test_where_a_row_is_from_is_no_change_of_it(store: Store, project: str) -> None:
    before = save(store, project, [asked("a", source={"trace_id": "1"})])
    after = save(store, project, [asked("a", source={"trace_id": "2"})])
    told = changes(store, project, before, after)
    assert (before != after, told.rows, told.counts["n_unchanged"]) == (True, [], 1)


def test_versions_tell_how_many_rows_are_new_and_gone(
    store: Store, project: str
) -> None:
    save(store, project, [asked("a"), asked("b")])
    save(store, project, [asked("a"), asked("c"), asked("d")])
    counted = read(store, list_changed_versions, (project,), NAME)
    assert [(row["n_new"], row["n_gone"]) for row in counted] == [(2, 1), (2, 0)]


def test_an_older_version_is_restored_as_the_newest(store: Store, project: str) -> None:
    old = save(store, project, [asked("a")])
    new = save(store, project, [asked("b")])
    made = NewVersion(project, NAME, note="restored")
    restored = read(
        store,
        lambda r: copy_version(store, r, made, of=NAME, version=old, replaces=new),
    )
    assert restored["version"] == old
    assert questions(store, project) == ["a"]
    versions = read(store, list_versions, (project,), NAME)
    assert [one["version"] for one in versions] == [old, new, old]


def test_a_copy_has_the_rows_and_what_is_said_of_them(
    store: Store, project: str
) -> None:
    save(store, project, [asked("a")])
    words = {"tags": ["ko"], "schema": {"type": "object"}, "description": "질문"}
    read(store, lambda r: tell(store, r, project, NAME, words=words))
    made = NewVersion(project, "copy")
    copied = read(store, lambda r: copy_version(store, r, made, of=NAME, replaces=""))
    assert (copied["n_rows"], copied["tags"], copied["has_schema"]) == (1, ["ko"], True)
    assert copied["description"] == "질문"
    with pytest.raises(Refusal, match="is at version"):
        read(store, lambda r: copy_version(store, r, made, of=NAME, replaces=""))
    with pytest.raises(Refusal, match="no dataset 'none'"):
        read(store, lambda r: copy_version(store, r, made, of="none"))


@pytest.mark.every_store
def test_a_renamed_dataset_keeps_its_versions(store: Store, project: str) -> None:
    first = save(store, project, [asked("a")], note="first")
    newest = save(store, project, [asked("b")])
    words = {"tags": ["ko"]}
    read(store, lambda r: tell(store, r, project, NAME, words=words))
    old = NewVersion(project, NAME, author="kim")
    renamed = read(store, lambda r: rename_dataset(store, r, old, to="new"))
    assert (renamed["version"], renamed["tags"]) == (newest, ["ko"])
    names = [row["name"] for row in read(store, list_datasets, (project,))]
    assert names == ["new"]
    versions = read(store, list_versions, (project,), "new")
    assert [one["version"] for one in versions] == [newest, newest, first]
    save(store, project, [asked("c")])
    assert list(read(store, list_datasets, (project,), name=NAME)[0]["tags"]) == []
    with pytest.raises(Refusal) as refused:
        read(store, lambda r: rename_dataset(store, r, old, to="new"))
    assert refused.value.status == 409


def test_a_name_that_was_deleted_can_be_taken(store: Store, project: str) -> None:
    save(store, project, [asked("a")])
    old = NewVersion(project, NAME)
    read(store, lambda r: rename_dataset(store, r, old, to="b"))
    back = NewVersion(project, "b")
    renamed = read(store, lambda r: rename_dataset(store, r, back, to=NAME))
    assert (renamed["name"], renamed["n_rows"]) == (NAME, 1)
