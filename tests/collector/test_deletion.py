"""What is deleted is gone from every list and sum, and no repeat brings it back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from otlp_requests import (
    forget_rows,
    log_request,
    put,
    record,
    rows,
    span,
    trace_request,
)
from processes import CollectorProcess, start_collector

from collector.storage.deleting import on_demand
from collector.storage.deleting.erasure import erase_deleted
from collector.storage.engine import Store, open_store
from collector.storage.nodes import on_shards

HTTP = urllib3.PoolManager()
USER = {"user.id": "kim", "gen_ai.usage.input_tokens": 5}
SCORE = {"gen_ai.evaluation.name": "s", "gen_ai.evaluation.score.value": 1}
AS_PROTOBUF = {"content-type": "application/x-protobuf"}


def ask(url: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    headers = {"content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    answer = HTTP.request(method, f"{url}/api/v1{path}", body=data, headers=headers)
    return answer.status, json.loads(answer.data)


def send(url: str, signal: str, body: bytes) -> None:
    answer = HTTP.request("POST", f"{url}/v1/{signal}", body=body, headers=AS_PROTOBUF)
    assert answer.status == 200


@pytest.fixture(
    params=[
        "chdb",
        pytest.param("clickhouse_url", marks=pytest.mark.server),
        pytest.param("cluster_url", marks=pytest.mark.server),
    ]
)
def running(
    request: pytest.FixtureRequest, collector: CollectorProcess, tmp_path: Any
) -> Iterator[CollectorProcess]:
    if request.param == "chdb":
        yield collector
        return
    url = request.getfixturevalue(request.param)
    store = open_store(url)
    forget_rows(store)
    store.close()
    with start_collector(tmp_path, store_url=url) as over_server:
        yield over_server


def test_a_deleted_trace_leaves_lists_and_sums_and_no_repeat_brings_it_back(
    running: CollectorProcess, project: str
) -> None:
    project = f"deletion-{project}"
    gone, kept = span(USER, name="gone"), span(USER, name="kept")
    spans = trace_request(gone, kept, project=project)
    score = record(SCORE, event_name="gen_ai.evaluation.result", trace_id=gone.trace_id)
    logs = log_request(score, record({}, trace_id=gone.trace_id), project=project)
    send(running.url, "traces", spans)
    send(running.url, "logs", logs)
    path = f"/traces/{gone.trace_id.hex()}?project={project}"
    expected = {"scores": 1, "events": 1, "spans": 1}
    kept = {"n_dataset_rows_kept": 0}
    status, counted = ask(running.url, "DELETE", f"{path}&dry_run=1")
    assert (status, counted) == (200, {"deleted": False, "rows": expected} | kept)
    assert ask(running.url, "GET", path)[0] == 200
    status, deleted = ask(running.url, "DELETE", path)
    assert (status, deleted) == (200, {"deleted": True, "rows": expected} | kept)
    send(running.url, "traces", spans)
    send(running.url, "logs", logs)
    window = f"project={project}&since=2026-01-01T00:00:00Z"
    _, listed = ask(running.url, "GET", f"/traces?{window}")
    assert [row["name"] for row in listed["rows"]] == ["kept"]
    _, stats = ask(running.url, "GET", f"/stats?{window}")
    assert sum(row["n_calls"] for row in stats["rows"]) == 1
    assert ask(running.url, "GET", path)[0] == 404
    assert ask(running.url, "DELETE", path)[0] == 404


@pytest.mark.every_store
def test_a_users_traces_go_whole_with_log_records_that_name_the_user(
    store: Store, project: str
) -> None:
    entry = span(USER, name="entry")
    below = span(name="below", trace_id=entry.trace_id, parent_span_id=entry.span_id)
    other = span({"user.id": "lee"}, name="other")
    put(store, trace_request(entry, other, project=project))
    put(store, trace_request(below, project=project))
    named = record({"user.id": "kim"}, event_name="named")
    put(store, log_request(named, record({}), project=project), signal="logs")
    with store.handle("write") as client:
        ids = on_demand.traces_of_user(client, "kim", project)
        assert ids == [entry.trace_id.hex()]
    for doomed in (
        on_demand.records_of_user("kim", project),
        *on_demand.in_pieces(ids, project, with_datasets=False),
    ):
        on_demand.delete(store, doomed)
    assert [row["name"] for row in rows(store, project)] == ["other"]
    assert [row["name"] for row in rows(store, project, "events")] == [""]


def test_the_bytes_of_deleted_rows_leave_the_disk(store: Store, project: str) -> None:
    """A delete only hides rows until their parts are written again."""
    doomed = span(USER, name="doomed")
    put(store, trace_request(doomed, span(name="kept"), project=project))
    hidden = (
        "SELECT countIf(has_lightweight_delete) FROM system.parts WHERE active "
        "AND database = currentDatabase()"
    )

    def n_hidden() -> int:
        return sum(on_shards(store, lambda client: int(client.command(hidden))))  # type: ignore[arg-type]

    ids = [doomed.trace_id.hex()]
    on_demand.delete(store, on_demand.of_traces(ids, project, with_datasets=False))
    assert n_hidden() != 0
    assert erase_deleted(store) >= 1
    assert n_hidden() == 0
    assert [row["name"] for row in rows(store, project)] == ["kept"]


def test_a_project_goes_with_all_it_has_and_its_neighbour_stays(
    collector: CollectorProcess, project: str
) -> None:
    mine, other = f"deleted/{project}", f"deleted-not-{project}"
    for each in (mine, other):
        send(collector.url, "traces", trace_request(span(), project=each))
        row = {"inputs": {"q": 1}}
        body = {"project": each, "rows": [row]}
        assert ask(collector.url, "PUT", "/datasets/d", body)[0] == 200
        view = {"project": each, "title": "t"}
        assert ask(collector.url, "PUT", "/views/v", view)[0] == 200
    status, deleted = ask(collector.url, "DELETE", f"/projects/{mine}")
    assert status == 200
    assert {table for table, n in deleted["rows"].items() if n} == {
        "spans",
        "documents",
        "dataset_rows",
        "dataset_versions",
    }
    _, projects = ask(collector.url, "GET", "/projects")
    names = {row["project"] for row in projects["rows"]}
    assert mine not in names
    assert other in names
    assert ask(collector.url, "GET", f"/datasets/d?project={other}")[0] == 200


def test_dataset_rows_made_of_a_trace_stay_unless_they_are_asked_for(
    collector: CollectorProcess, project: str
) -> None:
    project = f"sources-{project}"
    first, second = span(), span()
    send(collector.url, "traces", trace_request(first, second, project=project))
    made = [
        {"inputs": {"q": i}, "source": {"trace_id": each.trace_id.hex()}}
        for i, each in enumerate((first, second))
    ]
    body = {"project": project, "rows": made}
    assert ask(collector.url, "PUT", "/datasets/d", body)[0] == 200

    def left() -> list[int]:
        """How many rows there are, and are said to be, by each who says so."""
        at = f"?project={project}"
        _, read = ask(collector.url, "GET", f"/datasets/d{at}")
        _, listed = ask(collector.url, "GET", f"/datasets{at}")
        _, versions = ask(collector.url, "GET", f"/datasets/d/versions{at}")
        said = [listed["rows"][0], versions["rows"][0]]
        return [len(read["rows"]), *(one["n_rows"] for one in said)]

    _, gone = ask(collector.url, "DELETE", f"/traces/{first.trace_id.hex()}")
    assert gone["n_dataset_rows_kept"] == 1
    assert left() == [2] * 3
    path = f"/traces/{second.trace_id.hex()}?datasets=1"
    _, gone = ask(collector.url, "DELETE", path)
    assert (gone["rows"]["dataset_rows"], gone["n_dataset_rows_kept"]) == (1, 0)
    assert left() == [1] * 3
    _, listed = ask(collector.url, "GET", f"/datasets?project={project}")
    again = {"project": project, "base": listed["rows"][0]["version"]}
    again |= {"changed": {}, "added": [made[1]]}
    assert ask(collector.url, "PATCH", "/datasets/d", again)[0] == 200
    assert left() == [2] * 3


def test_the_ledger_does_not_miss_what_was_deleted(
    collector: CollectorProcess, project: str
) -> None:
    project = f"ledger-{project}"
    one = span()
    facts = {"service__instance__id": project, "tracer__batch": 1}
    body = trace_request(one, project=project, tracer__sent_before=0, **facts)
    send(collector.url, "traces", body)
    path = f"/ledger?project={project}"
    for _ in range(2):
        _, ledger = ask(collector.url, "GET", path)
        assert [row["verdict"] for row in ledger["rows"]] == ["complete"]
        ask(collector.url, "DELETE", f"/traces/{one.trace_id.hex()}")


def test_retention_of_a_project_is_set_shown_and_cleared(
    collector: CollectorProcess, project: str
) -> None:
    path = f"/retention/{project}"
    body = {"days": 30, "author": "ann"}
    status, saved = ask(collector.url, "PUT", path, body)
    assert (status, saved["days"], saved["evaluation_days"]) == (200, 30, 0)
    _, shown = ask(collector.url, "GET", f"/retention?project={project}")
    assert [row["days"] for row in shown["rows"]] == [30]
    assert shown["everywhere"]["days"] == 0
    assert ask(collector.url, "DELETE", path)[0] == 200
    assert ask(collector.url, "DELETE", path)[0] == 404


@pytest.mark.parametrize("body", [{}, {"days": -1}, {"days": True}, {"day": 3}])
def test_retention_that_is_no_number_of_days_is_refused_with_a_hint(
    collector: CollectorProcess, project: str, body: dict[str, Any]
) -> None:
    status, answer = ask(collector.url, "PUT", f"/retention/{project}", body)
    assert status == 422
    assert "days" in answer["error"]["hint"]


@pytest.mark.parametrize("path", ["/users/", "/projects/", "/retention/"])
def test_nothing_is_deleted_without_a_name(
    collector: CollectorProcess, project: str, path: str
) -> None:
    """A user without a name was everybody who has none."""
    project = f"nameless-{project}"
    send(collector.url, "traces", trace_request(span(), project=project))
    status, told = ask(collector.url, "DELETE", f"{path}?project={project}")
    assert (status, told["error"]["code"]) == (400, "bad_parameter")
    _, listed = ask(collector.url, "GET", f"/traces?project={project}&since=0")
    assert len(listed["rows"]) == 1


@pytest.mark.parametrize("flag", ["dry_run", "dry_run=", "dry_run=please"])
def test_a_delete_that_may_only_be_asked_to_count_deletes_nothing(
    collector: CollectorProcess, project: str, flag: str
) -> None:
    """Whatever was not 1, true or yes was taken for a no."""
    one = span()
    send(collector.url, "traces", trace_request(one, project=project))
    path = f"/traces/{one.trace_id.hex()}"
    status, told = ask(collector.url, "DELETE", f"{path}?{flag}")
    assert (status, told["error"]["hint"]) == (400, "give 1 or 0")
    assert ask(collector.url, "GET", path)[0] == 200
    assert ask(collector.url, "DELETE", f"{path}?dry_run=on")[1]["deleted"] is False
