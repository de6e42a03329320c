"""Annotation queues: forms, items that are lent, answers that become scores."""

from typing import Any

import pytest
from otlp_requests import span, trace_request
from processes import CollectorProcess
from urllib3 import request

from collector.api.refusals import Refusal
from collector.storage.queues.forms import read_answers, read_form
from tracer.client import Client
from tracer.errors import (
    CollectorError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
)

FORM: list[dict[str, Any]] = [
    {"name": "correct", "kind": "yes_no", "title": {"en": "Correct?", "ko": "맞나요?"}},
    {"name": "tone", "kind": "scale"},
    {"name": "topic", "kind": "labels", "labels": ["배송", "환불"], "required": False},
    {"name": "better", "kind": "text", "corrects": True},
]


@pytest.fixture
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


def send(client: Client, project: str, n: int) -> list[str]:
    """Store calls; return their trace ids."""
    import time

    now_ns = time.time_ns()
    calls = [
        span(
            {"tracer.input": f'{{"q": "질문 {i}"}}', "tracer.output": '"답"'},
            name="answer",
            start_time_unix_nano=now_ns + i,
            end_time_unix_nano=now_ns + i + 1000,
        )
        for i in range(n)
    ]
    answer = request(
        "POST",
        f"{client.endpoint}/v1/traces",
        body=trace_request(*calls, project=project),
        headers={"Content-Type": "application/x-protobuf"},
    )
    assert answer.status == 200
    return [call.trace_id.hex() for call in calls]


def make(client: Client, project: str, n: int = 2, **more: Any) -> list[str]:
    """Make a queue ``q`` over `n` calls; return their trace ids."""
    traces = send(client, project, n)
    source = {"kind": "filter", "where": [["name", "=", "answer"]]}
    queue = {"id": "q", "project": project, "form": FORM, "source": source}
    client.save_queue(queue | more)
    assert client.fill_queue("q", project=project) == n
    return traces


GOOD = {"correct": True, "tone": 4, "topic": "환불", "better": "3일 안에 됩니다."}


def test_a_queue_is_filled_once_by_its_filter(client: Client, project: str) -> None:
    traces = make(client, project, 3)
    assert client.fill_queue("q", project=project) == 0
    items = client.queue_items("q", project=project)
    assert {item["trace_id"] for item in items} == set(traces)
    assert [item["number"] for item in items] == [1, 2, 3]
    [queue] = client.queues(project=project)
    assert (queue["n_items"], queue["n_done"], queue["name"]) == (3, 0, "q")


def test_answers_become_scores_of_a_person(client: Client, project: str) -> None:
    make(client, project, 1)
    item = client.lease_queue_item("q", author="영희", project=project)["item"]
    told = client.answer_queue_item(
        "q", item["id"], GOOD, author="영희", project=project, note="좋음"
    )
    assert told["item"]["state"] == "done"
    counts = {"n_items": 1, "n_done": 1, "n_answers": 1, "n_mine": 1}
    assert told["counts"] == counts
    scores = {one["name"]: one for one in client.trace(item["trace_id"]).scores}
    assert {one["source"] for one in scores.values()} == {"human"}
    assert {one["author"] for one in scores.values()} == {"영희"}
    assert (scores["correct"]["value"], scores["correct"]["type"]) == (1.0, "bool")
    assert (scores["tone"]["value"], scores["tone"]["explanation"]) == (4.0, "좋음")
    assert (scores["tone"]["scale_low"], scores["tone"]["scale_high"]) == (1.0, 5.0)
    assert scores["topic"]["label"] == "환불"
    assert scores["better"]["explanation"] == GOOD["better"]
    answers = client.queue_answers("q", project=project)
    assert {one["name"]: one["answer"] for one in answers} == GOOD


def test_two_people_do_not_get_the_same_item(client: Client, project: str) -> None:
    make(client, project, 2)
    first = client.lease_queue_item("q", author="a", project=project)["item"]
    second = client.lease_queue_item("q", author="b", project=project)["item"]
    again = client.lease_queue_item("q", author="a", project=project)["item"]
    assert first["id"] == again["id"] != second["id"]
    assert client.lease_queue_item("q", author="c", project=project)["item"] is None


def test_an_item_that_two_must_see_is_lent_to_two(client: Client, project: str) -> None:
    make(client, project, 1, annotators=2)
    leased = [
        client.lease_queue_item("q", author=author, project=project)["item"]
        for author in "abc"
    ]
    assert [item and item["number"] for item in leased] == [1, 1, None]
    for author, answer in zip("ab", (True, False), strict=True):
        told = client.answer_queue_item(
            "q",
            leased[0]["id"],
            {"correct": answer, "tone": 3},
            author=author,
            project=project,
        )
    assert told["item"]["state"] == "done"
    agreed = client.queue_agreement("q", project=project)
    assert agreed["correct"].disagreements == (leased[0]["id"],)
    assert (agreed["tone"].exact, agreed["tone"].n_items) == (1.0, 1)


def test_what_is_skipped_goes_to_others(client: Client, project: str) -> None:
    make(client, project, 1)
    item = client.lease_queue_item("q", author="a", project=project)["item"]
    client.skip_queue_item("q", item["id"], author="a", project=project)
    assert client.lease_queue_item("q", author="a", project=project)["item"] is None
    other = client.lease_queue_item("q", author="b", project=project)["item"]
    assert other["id"] == item["id"]


def test_what_is_undone_is_open_again_with_its_answers(
    client: Client, project: str
) -> None:
    make(client, project, 1)
    item = client.lease_queue_item("q", author="a", project=project)["item"]
    client.answer_queue_item("q", item["id"], GOOD, author="a", project=project)
    told = client.undo_queue_item("q", item["id"], author="a", project=project)
    assert told["answers"] == GOOD
    assert (told["item"]["state"], told["counts"]["n_mine"]) == ("open", 0)
    assert client.trace(item["trace_id"]).scores == []
    assert client.lease_queue_item("q", author="b", project=project)["item"] is None
    client.answer_queue_item("q", item["id"], GOOD, author="a", project=project)
    assert len(client.trace(item["trace_id"]).scores) == 4


def test_a_paused_queue_lends_nothing(client: Client, project: str) -> None:
    make(client, project, 1)
    client.save_queue({"id": "q", "project": project, "state": "paused"})
    assert client.lease_queue_item("q", author="a", project=project)["item"] is None


def test_done_items_become_rows_that_expect_the_correction(
    client: Client, project: str
) -> None:
    make(client, project, 2)
    for answers in (GOOD, {"correct": True, "tone": 5}):
        item = client.lease_queue_item("q", author="a", project=project)["item"]
        client.answer_queue_item("q", item["id"], answers, author="a", project=project)
    saved = client.save_queue_dataset("q", "reviewed", project=project, author="a")
    rows = client.dataset("reviewed", project=project).rows
    assert (saved["n_rows"], saved["author"]) == (2, "a")
    assert [row["expected"] for row in rows] == [GOOD["better"], "답"]
    assert rows[0]["metadata"]["review"]["tone"] == {"a": 4}
    assert len(rows[0]["source"]["trace_id"]) == 32


def test_single_items_go_into_a_dataset_once_with_a_label_as_what_is_expected(
    client: Client, project: str
) -> None:
    make(client, project, 3)
    items = []
    for topic in ("환불", "배송"):
        item = client.lease_queue_item("q", author="a", project=project)["item"]
        said = GOOD | {"topic": topic}
        client.answer_queue_item("q", item["id"], said, author="a", project=project)
        items.append(item["id"])

    def put(*ids: str) -> list[Any]:
        client.save_queue_dataset(
            "q", "chosen", project=project, items=ids, expected="topic"
        )
        return list(client.dataset("chosen", project=project).rows)

    [row] = put(items[1])
    assert (row["expected"], row["metadata"]["item"]) == ("배송", items[1])
    assert [row["expected"] for row in put(*items)] == ["배송", "환불"]
    client.undo_queue_item("q", items[1], author="a", project=project)
    said = GOOD | {"topic": "환불"}
    client.answer_queue_item("q", items[1], said, author="a", project=project)
    assert [row["expected"] for row in put(items[1])] == ["환불", "환불"]
    with pytest.raises(ConfigurationError, match="no question"):
        client.save_queue_dataset("q", "chosen", project=project, expected="mood")
    with pytest.raises(ConfigurationError, match="answered"):
        client.save_queue_dataset("q", "chosen", project=project, items=["none"])


class Counting(Client):
    """A client that notes what it reads one by one."""

    n_reads = 0

    def span(self, *ids: Any, **given: Any) -> Any:
        self.n_reads += 1
        return super().span(*ids, **given)

    def dataset_rows(self, *names: Any, **given: Any) -> Any:
        self.n_reads += 1
        return super().dataset_rows(*names, **given)


def test_many_items_go_into_a_dataset_in_few_reads(
    client: Client, project: str
) -> None:
    counting = Counting(client.endpoint)
    sent = make(client, project, 3)
    ids = [client.trace(id, project=project).spans[0]["span_id"] for id in sent]
    found = [{"trace_id": t, "span_id": s} for t, s in zip(sent, ids, strict=True)]
    client.save_queue({"id": "own", "project": project, "form": FORM})
    client.add_queue_items("own", found, project=project)
    items = []
    for _ in range(3):
        item = client.lease_queue_item("own", author="a", project=project)["item"]
        client.answer_queue_item("own", item["id"], GOOD, author="a", project=project)
        items.append(item["id"])
    for _ in range(2):
        counting.save_queue_dataset("own", "many", project=project, items=items)
    rows = client.dataset("many", project=project).rows
    assert sorted(row["metadata"]["item"] for row in rows) == sorted(items)
    assert counting.n_reads == 2  # of the dataset, each time


def test_rows_of_a_dataset_are_reviewed_too(client: Client, project: str) -> None:
    rows = [{"inputs": {"q": "?"}, "output": "!"}]
    client.save_dataset("set", rows, project=project)
    source = {"kind": "dataset", "name": "set"}
    client.save_queue({"id": "q", "project": project, "form": FORM, "source": source})
    assert client.fill_queue("q", project=project) == 1
    item = client.lease_queue_item("q", author="a", project=project)["item"]
    assert item["row"]["inputs"] == {"q": "?"}
    client.answer_queue_item("q", item["id"], GOOD, author="a", project=project)
    assert len(client.queue_answers("q", project=project)) == 4
    assert client.evaluations(project=project) == []


def test_queues_are_edited_like_every_document(client: Client, project: str) -> None:
    make(client, project, 1)
    client.save_queue({"id": "q", "project": project, "version": 1, "name": "이름"})
    with pytest.raises(ConflictError):
        client.save_queue({"id": "q", "project": project, "version": 1, "name": "x"})
    client.delete_queue("q", project=project)
    with pytest.raises(NotFoundError):
        client.queue("q", project=project)


def test_a_queue_of_a_name_that_was_deleted_begins_empty(
    client: Client, project: str
) -> None:
    """It had the items of the one before, answered as they were."""
    traces = make(client, project, 2)
    item = client.lease_queue_item("q", author="ann", project=project)
    assert item is not None
    client.delete_queue("q", project=project)
    client.save_queue({"id": "q", "project": project, "form": FORM})
    assert client.queue("q", project=project)["n_items"] == 0
    again = [{"trace_id": trace_id} for trace_id in traces]
    assert client.add_queue_items("q", again, project=project) == 2
    states = [one["leases"] for one in client.queue_items("q", project=project)]
    assert states == [{}, {}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": []},
        {"form": "yes"},
        {"form": [{"name": "x", "kind": "stars"}]},
        {"form": [{"name": "", "kind": "text"}]},
        {"form": [{"name": "x", "kind": "scale", "min": 1, "max": 100}]},
        {"form": [{"name": "x", "kind": "labels", "labels": ["one"]}]},
        {"form": [{"name": "x", "kind": "labels", "labels": ["a", "a"]}]},
        {"form": [{"name": "x", "kind": "yes_no", "corrects": True}]},
        {"form": [{"name": "x", "kind": "text"}, {"name": "x", "kind": "text"}]},
        {"form": [{"name": "x", "kind": "text", "color": "red"}]},
        {"annotators": 0},
        {"annotators": True},
        {"state": "asleep"},
        {"source": {"kind": "web"}},
        {"lease_s": 1},
        {"name": 5},
        {"dataset": 5},
    ],
)
def test_what_is_no_queue_is_refused(
    client: Client, project: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(CollectorError) as refused:
        client.save_queue({"id": "q", "project": project, "form": FORM} | wrong)
    assert (refused.value.status, refused.value.code) == (422, "bad_queue")


def test_a_question_in_one_language_is_asked_in_both() -> None:
    [field] = read_form([{"name": "x", "kind": "yes_no", "title": {"ko": "맞나요?"}}])
    assert field["title"] == {"en": "맞나요?", "ko": "맞나요?"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"correct": "yes", "tone": 1},
        {"correct": True, "tone": 6},
        {"correct": True, "tone": True},
        {"correct": True, "tone": 1, "topic": "다른"},
        {"correct": True},
        {"correct": True, "tone": 1, "colour": "red"},
        {"correct": True, "tone": 1, "better": 5},
        "yes",
    ],
)
def test_an_answer_that_does_not_fit_is_refused(wrong: Any) -> None:
    with pytest.raises(Refusal) as refused:
        read_answers(read_form(FORM), wrong)
    assert refused.value.code == "bad_answer"


def test_an_item_that_names_nothing_is_refused(client: Client, project: str) -> None:
    client.save_queue({"id": "q", "project": project, "form": FORM})
    for item in ({}, {"trace_id": "zz"}, {"dataset": "d"}, {"row": {"id": "1"}}):
        with pytest.raises(CollectorError, match="no item of a queue"):
            client.add_queue_items("q", [item], project=project)
    with pytest.raises(NotFoundError):
        client.answer_queue_item("q", "q/none", GOOD, author="a", project=project)


def test_an_item_is_lent_by_its_own_queue_alone(client: Client, project: str) -> None:
    """Another queue of the project lent it, for as long as that one's leases last."""
    make(client, project, 1)
    [item] = client.queue_items("q", project=project)
    client.save_queue({"id": "other", "project": project, "form": FORM})
    lent = client.lease_queue_item(
        "other", author="kim", project=project, item=item["id"]
    )
    assert lent["item"] is None


@pytest.mark.parametrize(
    "target", [{"trial": "2"}, {"trial": -1}, {"evaluation_id": {"a": 1}}]
)
def test_an_item_that_no_answer_could_be_about_is_refused(
    client: Client, project: str, target: dict[str, Any]
) -> None:
    """It was taken, and its answers were refused."""
    client.save_queue({"id": "q", "project": project, "form": FORM})
    item = {"trace_id": "a" * 32, "evaluation_id": "run", "example_id": "e", **target}
    with pytest.raises(CollectorError, match="prediction"):
        client.add_queue_items("q", [item], project=project)
