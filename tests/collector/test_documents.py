"""Datasets, views and jobs: versions, conflicts, leases."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from reading import read

from collector.api.refusals import Refusal
from collector.storage.datasets import versions as datasets
from collector.storage.datasets.versions import (
    NewVersion,
    checked_row,
    delete_dataset,
    list_datasets,
    list_versions,
    read_dataset,
    save_dataset,
)
from collector.storage.documents.jobs import cancel_job, lease_job, save_job
from collector.storage.documents.versions import (
    Change,
    Place,
    list_documents,
    read_document,
    write_document,
)
from collector.storage.engine import Store
from collector.storage.reads.reader import Row

ROWS = [{"inputs": {"q": "환불?"}, "expected": "예"}, {"inputs": {"q": "배송?"}}]


def save(
    store: Store,
    project: str,
    rows: list[Any],
    *,
    replaces: str | None = None,
    **more: Any,
) -> Row:
    new = NewVersion(project, "faq/한글", rows, **more)
    return read(
        store, lambda reader: save_dataset(store, reader, new, replaces=replaces)
    )


def rows_of(store: Store, project: str, version: str | None = None) -> list[Row]:
    _, rows = read(store, read_dataset, (project,), "faq/한글", version=version)
    return [orjson.loads(orjson.dumps(row)) for row in rows]


def test_a_dataset_comes_back_as_it_was_saved(store: Store, project: str) -> None:
    saved = save(store, project, ROWS, note="first", description="질문")
    assert (saved["name"], saved["n_rows"], saved["n_versions"]) == ("faq/한글", 2, 1)
    assert saved["description"] == "질문"
    rows = rows_of(store, project)
    assert [row["inputs"]["q"] for row in rows] == ["환불?", "배송?"]
    assert rows[0]["expected"] == "예"
    canonical = '{"q":"환불?"}'.encode()
    assert rows[0]["id"] == hashlib.sha256(canonical).hexdigest()[:16]


def test_the_same_rows_in_the_same_order_are_the_same_version(
    store: Store, project: str
) -> None:
    first = save(store, project, ROWS)
    swapped = save(store, project, ROWS[::-1])
    again = save(store, project, ROWS)
    assert first["version"] == again["version"] != swapped["version"]
    assert again["n_versions"] == 2


@pytest.mark.every_store
def test_a_dataset_of_many_rows_is_saved_and_grows(store: Store, project: str) -> None:
    """On a server, more than 6,900 rows could not be saved: 503, for ever."""
    rows = [{"inputs": {"q": number}} for number in range(9000)]
    assert save(store, project, rows[:8000])["n_rows"] == 8000
    assert save(store, project, rows, append=True)["n_rows"] == 9000
    assert rows_of(store, project)[-1]["inputs"] == {"q": 8999}


@pytest.mark.parametrize("append", [False, True])
def test_rows_that_a_read_would_leave_out_are_refused(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch, append: bool
) -> None:
    monkeypatch.setattr(datasets, "MAX_ROWS", 2)
    save(store, project, ROWS)
    rows = [{"inputs": {"q": number}} for number in range(1 if append else 3)]
    with pytest.raises(Refusal) as refusal:
        save(store, project, rows, append=append)
    assert (refusal.value.status, refusal.value.code) == (413, "too_large")
    assert "3 rows, 2 at most" in str(refusal.value)
    assert len(rows_of(store, project)) == 2


def test_a_row_is_stored_once_for_all_versions(store: Store, project: str) -> None:
    save(store, project, ROWS)
    save(store, project, ROWS[::-1])
    with store.handle("read") as client:
        asked = {"project": project}
        statement = "SELECT count() FROM dataset_rows WHERE project = {project:String}"
        assert client.query(statement, parameters=asked).result_rows == [(2,)]


def test_appended_rows_come_last_and_known_ones_not_again(
    store: Store, project: str
) -> None:
    save(store, project, ROWS)
    save(store, project, [ROWS[0], {"inputs": {"q": "3"}}], append=True)
    shown = [row["inputs"]["q"] for row in rows_of(store, project)]
    assert shown == ["환불?", "배송?", "3"]


def test_appending_keeps_rows_that_the_dataset_holds_twice(
    store: Store, project: str
) -> None:
    save(store, project, [ROWS[0], ROWS[0]])
    save(store, project, [ROWS[1], ROWS[1]], append=True)
    shown = [row["inputs"]["q"] for row in rows_of(store, project)]
    assert shown == ["환불?", "환불?", "배송?"]


def test_an_old_version_can_still_be_read(store: Store, project: str) -> None:
    old = save(store, project, ROWS[:1], note="old")
    save(store, project, ROWS)
    assert len(rows_of(store, project, old["version"])) == 1
    versions = read(store, list_versions, (project,), "faq/한글")
    assert [(one["n_rows"], one["note"]) for one in versions] == [(2, None), (1, "old")]


def test_a_dataset_of_two_projects_is_told_apart(store: Store, project: str) -> None:
    """The versions of both were counted, and one had the other's description."""
    other = f"{project}-other"
    both = (project, other)
    theirs = save(store, other, ROWS, description="theirs")
    name = save(store, project, ROWS[:1], description="ours")["name"]
    ours, _ = read(store, read_dataset, both, name)
    assert (ours["project"], ours["n_versions"]) == (project, 1)
    shown, rows = read(store, read_dataset, both, name, version=theirs["version"])
    assert (shown["project"], shown["description"]) == (other, "theirs")
    assert len(rows) == 2


def test_a_save_that_missed_a_version_is_refused(store: Store, project: str) -> None:
    first = save(store, project, ROWS[:1], replaces="")
    save(store, project, ROWS, replaces=first["version"])
    for stale in (first["version"], ""):
        with pytest.raises(Refusal) as refused:
            save(store, project, ROWS[1:], replaces=stale)
        assert (refused.value.status, refused.value.code) == (409, "conflict")


def test_a_deleted_dataset_leaves_the_list_and_can_begin_anew(
    store: Store, project: str
) -> None:
    old = save(store, project, ROWS)
    read(store, lambda reader: delete_dataset(store, reader, project, "faq/한글"))
    assert read(store, list_datasets, (project,)) == []
    with pytest.raises(Refusal, match="no dataset"):
        rows_of(store, project)
    assert len(rows_of(store, project, old["version"])) == 2
    save(store, project, ROWS[:1], replaces="")
    assert len(rows_of(store, project)) == 1


def test_a_dataset_without_rows_is_one(store: Store, project: str) -> None:
    assert save(store, project, [])["n_rows"] == 0
    assert rows_of(store, project) == []


@pytest.mark.parametrize(
    "row",
    [
        1,
        {},
        {"inputs": 3},
        {"inputs": {}, "oops": 1},
        {"inputs": {}, "metadata": "text"},
        {"inputs": {}, "source": [1]},
    ],
)
def test_what_is_no_row_is_refused_by_its_number(row: Any) -> None:
    with pytest.raises(Refusal, match="row 7"):
        checked_row(row, number=7)


def write(store: Store, place: Place, body: Row, replaces: int | None = None) -> Row:
    def go(reader: Any) -> Row:
        return write_document(
            store, reader, place, lambda _: Change(body), replaces=replaces
        )

    return read(store, go)


def test_a_view_has_a_new_version_for_every_write(store: Store, project: str) -> None:
    place = Place("view", project, "v")
    assert write(store, place, {"name": "가"})["version"] == 1
    assert write(store, place, {"name": "나"}, replaces=1)["version"] == 2
    (view,) = read(store, list_documents, "view", (project,))
    assert (view["name"], view["id"], view["project"]) == ("나", "v", project)


def test_of_many_writers_of_one_version_one_wins(store: Store, project: str) -> None:
    place = Place("view", project, "v")
    write(store, place, {"name": "start"})

    def attempt(number: int) -> bool:
        try:
            write(store, place, {"name": number}, replaces=1)
        except Refusal as refused:
            assert refused.status == 409
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_a_deleted_view_is_gone_and_its_id_free(store: Store, project: str) -> None:
    place = Place("view", project, "v")
    write(store, place, {"name": "a"})
    change = Change(deleted=True)
    read(store, lambda reader: write_document(store, reader, place, lambda _: change))
    with pytest.raises(Refusal, match="no view 'v'"):
        read(store, read_document, "view", (project,), "v")
    assert write(store, place, {"name": "b"}, replaces=0)["name"] == "b"


def put_job(
    store: Store, project: str, id: str, replaces: int | None = None, **given: Any
) -> Row:
    place = Place("job", project, id)
    return read(
        store, lambda reader: save_job(store, reader, place, given, replaces=replaces)
    )


def lease(store: Store, project: str, worker: str, **asked: Any) -> Row | None:
    return read(
        store,
        lambda reader: lease_job(store, reader, (project,), worker=worker, **asked),
    )


def test_a_job_is_leased_once_oldest_first(store: Store, project: str) -> None:
    put_job(store, project, "old", kind="k", params={"a": 1})
    put_job(store, project, "new", kind="k")
    first, second = (lease(store, project, "w") for _ in range(2))
    assert first is not None and second is not None
    assert (first["id"], first["state"], first["worker"]) == ("old", "running", "w")
    assert first["params"] == {"a": 1}
    assert second["id"] == "new"
    assert lease(store, project, "w") is None


def test_a_job_whose_worker_fell_silent_is_given_to_another(
    store: Store, project: str
) -> None:
    put_job(store, project, "j", kind="k")
    lease(store, project, "silent", lease_s=0)
    taken = lease(store, project, "eager")
    assert taken is not None
    assert taken["worker"] == "eager"


def test_a_worker_takes_only_the_kinds_that_it_knows(
    store: Store, project: str
) -> None:
    put_job(store, project, "j", kind="k")
    assert lease(store, project, "w", kinds=["other"]) is None
    assert lease(store, project, "w", kinds=["k"]) is not None


def test_jobs_of_another_kind_do_not_hide_a_later_one(
    store: Store, project: str
) -> None:
    body = orjson.dumps({"kind": "other", "state": "queued"}).decode()
    others = [["job", project, f"other-{n}", 1, "", False, body] for n in range(1005)]
    columns = ["kind", "project", "id", "version", "author", "deleted", "body"]
    with store.handle("write") as client:
        client.insert("documents", others, columns)
    put_job(store, project, "mine", kind="k")
    leased = lease(store, project, "w", kinds=["k"])
    assert leased is not None and leased["id"] == "mine"


def test_a_report_keeps_the_lease_and_a_stale_one_is_refused(
    store: Store, project: str
) -> None:
    put_job(store, project, "j", kind="k")
    leased = lease(store, project, "w")
    assert leased is not None
    progress = {"done": 1, "total": 2}
    told = put_job(
        store, project, "j", leased["version"], state="running", progress=progress
    )
    assert (told["progress"], told["worker"]) == (progress, "w")
    assert told["lease_until_ns"] >= leased["lease_until_ns"]
    with pytest.raises(Refusal, match="version 3"):
        put_job(store, project, "j", leased["version"], state="done")


def cancel(store: Store, project: str, id: str) -> Row:
    return read(store, lambda reader: cancel_job(store, reader, (project,), id))


def test_a_waiting_job_is_cancelled_at_once_a_running_one_is_asked(
    store: Store, project: str
) -> None:
    put_job(store, project, "waits", kind="k")
    assert cancel(store, project, "waits")["state"] == "cancelled"
    put_job(store, project, "runs", kind="k")
    lease(store, project, "w")
    asked = cancel(store, project, "runs")
    assert (asked["state"], asked["cancel_requested"]) == ("running", True)


def test_a_state_that_is_none_is_refused(store: Store, project: str) -> None:
    with pytest.raises(Refusal, match="'sleeping'"):
        put_job(store, project, "j", state="sleeping")


@pytest.mark.parametrize(
    "given", [{"kind": 3}, {"kind": None}, {"params": [1]}, {"progress": "half"}]
)
def test_a_value_that_fits_no_job_is_refused(
    store: Store, project: str, given: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match="does not fit a job"):
        put_job(store, project, "j", **given)
