"""What `Client` gives, and how it fails."""

import math
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy
import pytest
import urllib3
from otlp_requests import attributes, span, trace_request
from processes import CollectorProcess

import tracer
from tracer._client.api import Api, moment
from tracer._client.rows import Rows
from tracer.client import Client
from tracer.errors import (
    CollectorError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
)
from tracer.evaluation import Dataset

START_NS = 1_790_000_000_000_000_000


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


def send(client: Client, project: str, *spans: Any) -> None:
    answer = urllib3.request(
        "POST",
        f"{client.endpoint}/v1/traces",
        body=trace_request(*spans, project=project),
        headers={"Content-Type": "application/x-protobuf"},
    )
    assert answer.status == 200


def spans(n: int) -> list[Any]:
    return [span(name=f"s{i}", start_time_unix_nano=START_NS + i) for i in range(n)]


def test_rows_are_dicts_with_aware_times(client: Client, project: str) -> None:
    send(client, project, span({"tracer.metadata.n": 5, "tracer.tags": ["가"]}))
    (row,) = client.spans(project=project, since=0)
    assert row["start"] == datetime.fromtimestamp(START_NS / 1e9, UTC)
    assert (row["start_ns"], row["duration_ms"]) == (START_NS, 1000.0)
    assert isinstance(row["duration_ms"], float)
    assert (row["metadata"], row["tags"]) == ({"n": 5}, ["가"])


def test_further_pages_are_read_up_to_the_limit(client: Client, project: str) -> None:
    send(client, project, *spans(2100))
    some = client.spans(project=project, since=0, limit=1500)
    assert [row["name"] for row in some[::1499]] == ["s2099", "s600"]
    rest = client.spans(project=project, since=0, limit=None, cursor=some.next)
    assert (len(some), len(rest), rest.next) == (1500, 600, None)
    assert {row["span_id"] for row in some}.isdisjoint(row["span_id"] for row in rest)


def test_rows_become_frames_and_tables(client: Client, project: str) -> None:
    send(client, project, *spans(2))
    rows = client.traces(project=project, since=0)
    assert list(rows.to_pandas()["name"]) == ["s1", "s0"]
    assert rows.to_arrow()["name"].to_pylist() == ["s1", "s0"]
    assert len(Rows().to_pandas()) == 0


def test_a_trace_has_its_spans_parents_first(client: Client, project: str) -> None:
    root = span({"tracer.input": '{"q":"환불"}'}, name="root")
    child = span(name="child", trace_id=root.trace_id, parent_span_id=root.span_id)
    send(client, project, child, root)
    trace = client.trace(root.trace_id.hex())
    assert [one["name"] for one in trace.spans] == ["root", "child"]
    assert trace.spans[0]["input"] == {"q": "환불"}
    assert (trace.row["name"], trace.row["n_spans"]) == ("root", 2)


def test_the_steps_of_a_trace_come_without_content_and_one_span_with_it(
    client: Client, project: str
) -> None:
    root = span({"tracer.input": '{"q":"환불"}'}, name="root")
    send(client, project, root)
    trace_id, span_id = root.trace_id.hex(), root.span_id.hex()
    (step,) = client.trace(trace_id, content=False).spans
    assert (step["name"], step["duration_ms"], "input" in step) == ("root", 1e3, False)
    assert client.span(trace_id, span_id)["input"] == {"q": "환불"}
    with pytest.raises(NotFoundError):
        client.span(trace_id, "0" * 16)


def test_a_session_is_its_row_and_its_turns_the_first_one_first(
    client: Client, project: str
) -> None:
    turns = spans(3)
    for turn in turns:
        turn.attributes.extend(
            attributes({"session.id": "s/1", "tracer.input": '"가"'})
        )
    send(client, project, *turns)
    session = client.session("s/1", project=project, limit=2)
    rest = client.session("s/1", project=project, cursor=session.turns.next)

    assert (session.session_id, session.row["n_traces"]) == ("s/1", 3)
    assert [turn["name"] for turn in session.turns + rest.turns] == ["s0", "s1", "s2"]
    assert (session.turns[0]["input"], rest.turns.next) == ("가", None)
    with pytest.raises(NotFoundError, match="no session 'never'"):
        client.session("never", project=project)


def test_a_score_is_added_and_read_back(client: Client, project: str) -> None:
    one = span()
    send(client, project, one)
    id = one.trace_id.hex()
    client.add_score("good", True, project=project, trace_id=id, author="김")
    assert client.trace(id).scores[0]["author"] == "김"
    (row,) = client.traces(project=project, since=0, where=[("score.good", "=", True)])
    assert row["scores"]["good"]["n"] == 1
    client.add_score("good", project=project, trace_id=id, author="김", deleted=True)
    assert client.scores(project=project) == []


def test_stats_values_and_trend_are_rows(client: Client, project: str) -> None:
    send(client, project, *spans(3))
    (total,) = client.stats(project=project, since=0)
    assert total["n_calls"] == 3
    (value,) = client.values("kind", project=project, since=0)
    assert (value["value"], value["n"]) == ("span", 3)
    assert value["first_ns"] < value["last_ns"]
    client.add_score("good", 1, project=project, trace_id="ab" * 16)
    (day,) = client.score_trend("good", project=project)
    assert (day["n"], day["sum"]) == (1, 1.0)


@pytest.mark.parametrize("value", [numpy.float32(0.5), numpy.int64(2), numpy.True_])
def test_numbers_of_numpy_are_scores_and_conditions(
    client: Client, project: str, value: Any
) -> None:
    send(client, project, *spans(1))
    [trace] = client.traces(project=project, since=START_NS)
    told = {"project": project, "trace_id": trace["trace_id"]}
    assert client.add_score("n", value, **told)["value"] == value
    where = [("score.n", ">=", value)]
    assert len(client.traces(project=project, since=START_NS, where=where)) == 1


def test_two_runs_are_compared_score_by_score(client: Client, project: str) -> None:
    from tracer import EvaluationLogger, configure, flush, shutdown

    configure(endpoint=client.endpoint, project=project)
    ids = []
    try:
        for good in (False, True):
            with EvaluationLogger(name="faq") as log:
                for i in range(4):
                    with log.log_prediction({"q": i}, expected=1) as prediction:
                        prediction.log_score("correct", good or i == 0)
            ids.append(log.id)
        flush()
    finally:
        shutdown()
    (compared,) = client.compare(*ids)
    assert (compared.name, compared.difference) == ("correct", 0.75)
    run = client.evaluation(ids[0])
    assert (run.status, run.summary["correct"].n) == ("done", 4)
    assert [row["scores"]["correct"]["value"] for row in run.predictions()] == [
        1.0,
        0.0,
        0.0,
        0.0,
    ]
    assert len(run.scores()) == 4


def test_a_dataset_is_saved_and_read_back(client: Client, project: str) -> None:
    saved = client.save_dataset("faq", [{"q": "환불?", "expected": 1}], project=project)
    found = client.dataset("faq", project=project)
    assert (found.name, found.version) == ("faq", saved["version"])
    assert found.rows[0]["inputs"] == {"q": "환불?"}
    with pytest.raises(ConflictError):
        client.save_dataset("faq", [], project=project, replaces="older")
    client.delete_dataset("faq", project=project)
    with pytest.raises(NotFoundError, match="no dataset 'faq'"):
        client.dataset("faq", project=project)


def test_a_dataset_that_is_saved_has_the_version_that_it_has_here(
    client: Client, project: str
) -> None:
    inputs = {"n": numpy.int64(3), "x": math.nan, "half": "\ud83d", "set": {1}}
    here = Dataset([{"inputs": inputs, "expected": numpy.float32(0.5)}], name="odd")
    saved = client.save_dataset("odd", here.rows, project=project)
    assert saved["version"] == here.version
    (row,) = client.dataset("odd", project=project).rows
    assert (row["inputs"]["n"], row["expected"]) == (3, 0.5)
    changed = {0: {"inputs": {"n": numpy.int64(4)}}}
    client.edit_dataset("odd", project=project, base=here.version, changed=changed)
    (row,) = client.dataset("odd", project=project).rows
    assert row["inputs"] == {"n": 4}


def test_sql_answers_rows_and_says_why_it_does_not(
    client: Client, project: str
) -> None:
    send(client, project, *spans(3))
    sql = "SELECT name, start FROM spans WHERE name != {out:String} ORDER BY start"
    rows = client.sql(sql, {"out": "s1"}, project=project)
    assert [row["name"] for row in rows] == ["s0", "s2"]
    assert rows[0]["start"] == datetime.fromtimestamp(START_NS / 1e9, UTC)
    assert (rows.truncated, list(rows.to_pandas().columns)) == (False, [*rows[0]])
    with pytest.raises(CollectorError) as refused:
        client.sql("SELECT * FROM file('x')")
    assert (refused.value.status, refused.value.code) == (400, "bad_sql")
    assert client.sql("SELECT arrayJoin(range(20000)) AS n").truncated


def test_a_refusal_carries_code_and_hint(client: Client) -> None:
    with pytest.raises(CollectorError) as refused:
        client.spans(where=[("modle", "=", "x")])
    assert (refused.value.status, refused.value.code) == (400, "bad_filter")
    assert "did you mean model" in refused.value.hint


def test_an_absent_collector_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CollectorError, match="tracer up") as refused:
        Client(f"http://127.0.0.1:{port}").projects()
    assert (refused.value.status, refused.value.code) == (None, "unreachable")
    said = f"no collector answers at http://127.0.0.1:{port}: Connection refused"
    assert str(refused.value).startswith(said)
    told = traceback.format_exception(refused.value)
    assert "urllib3" not in "".join(told)  # its text is all of it


@contextmanager
def server(
    *answers: bytes | None, closed: threading.Semaphore | None = None
) -> Iterator[str]:
    """Answer one request a connection, then close it; None never answers.

    Args:
        answers: Bytes of each answer.
        closed: Released for every connection that was closed.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            held = []
            for answer in answers:
                try:
                    connection, _ = listening.accept()
                except OSError:  # the test is over: it asked less often
                    break
                connection.recv(65536)
                if answer is None:
                    held.append(connection)
                    continue
                connection.sendall(answer)
                connection.close()
                if closed is not None:
                    closed.release()
            done.wait()
            for connection in held:
                connection.close()

        done = threading.Event()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def http(body: bytes, content_type: bytes = b"application/json") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return head % (content_type, len(body)) + body


EMPTY = http(b'{"rows":[],"next":null}')


def test_a_connection_that_went_stale_is_replaced_once() -> None:
    closed = threading.Semaphore(0)
    with server(EMPTY, b"", EMPTY, closed=closed) as url:
        client = Client(url)
        assert client.projects() == []
        assert closed.acquire(timeout=10)
        assert client.projects() == []


def test_a_write_is_not_repeated_where_its_answer_broke_off() -> None:
    closed = threading.Semaphore(0)
    with server(EMPTY, b"", EMPTY, closed=closed) as url:
        client = Client(url)
        assert client.projects() == []
        assert closed.acquire(timeout=10)
        with pytest.raises(CollectorError, match="PUT") as broken:
            client.save_dataset("d", [{"q": 1}], project="p")
        assert client.projects() == []
    assert (broken.value.code, type(broken.value)) == ("in_doubt", CollectorError)


def test_a_collector_that_never_answers_is_not_waited_for() -> None:
    with server(None) as url, pytest.raises(CollectorError) as refused:
        Client(url, timeout_s=0.2).projects()
    assert refused.value.code == "timeout"


def test_another_server_is_not_taken_for_a_collector() -> None:
    with server(http(b"<html>", b"text/html")) as url:
        with pytest.raises(CollectorError) as refused:
            Client(url).projects()
    assert refused.value.code == "not_a_collector"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30m", 1800), ("24h", 86_400), ("7d", 604_800), ("2w", 1_209_600)],
)
def test_an_age_is_a_time_ago(value: str, seconds: int) -> None:
    found = moment(value)
    assert isinstance(found, str)
    ago = datetime.now(UTC) - datetime.fromisoformat(found)
    assert abs(ago - timedelta(seconds=seconds)) < timedelta(minutes=1)


def test_times_are_sent_as_iso_text_or_nanoseconds() -> None:
    aware = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert moment(aware) == "2026-11-22T09:00:00+00:00"
    assert moment(START_NS) == START_NS
    assert moment("2026-11-22") == "2026-11-22"
    assert moment(None) is None
    with pytest.raises(ValueError, match="'7d'"):
        moment(1.5)
    for age in ("9999999d", "99999999999999h"):
        with pytest.raises(ValueError, match="before the year 1"):
            moment(age)


@pytest.mark.parametrize("name", [".", ".."])
def test_what_is_called_like_a_step_of_paths_is_read_and_deleted(
    live: Client, project: str, name: str
) -> None:
    with tracer.using(session_id=name), tracer.span("asked"):
        pass
    tracer.flush()
    assert live.session(name, project=project).row["session_id"] == name
    version = live.save_dataset(name, [{"q": 1}], project=project)["version"]
    assert live.dataset_versions(name, project=project)[0]["version"] == version
    assert live.dataset_splits(name, version, project=project) == []
    live.delete_dataset(name, project=project)
    assert live.datasets(project=project) == []


def test_half_a_character_in_a_name_is_replaced(client: Client, project: str) -> None:
    client.save_dataset("질문 \ud83d", [{"q": 1}], project=project)
    assert client.dataset("질문 \ufffd", project=project).name == "질문 \ufffd"


def test_a_client_reads_where_the_program_sends() -> None:
    from tracer import configure, shutdown

    configure(endpoint="http://127.0.0.1:9")
    try:
        assert Client().endpoint == "http://127.0.0.1:9"
        assert Client("http://127.0.0.1:8").endpoint == "http://127.0.0.1:8"
    finally:
        shutdown()


def test_without_configuration_the_environment_says_where(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACER_ENDPOINT", "http://127.0.0.1:7/")
    assert Client().endpoint == "http://127.0.0.1:7"


def test_a_key_goes_without_the_line_break_of_its_file() -> None:
    assert Api("http://h", "k1\n", timeout_s=1)._headers["Authorization"] == "Bearer k1"
    assert "Authorization" not in Api("http://h", " \n", timeout_s=1)._headers
    with pytest.raises(ConfigurationError, match="line break"):
        Api("http://h", "k1\nX-Other: 1", timeout_s=1)
