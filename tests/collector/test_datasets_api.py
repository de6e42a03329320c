"""What the routes of datasets refuse, and what they say to it."""

import json
from typing import Any

import pytest
import urllib3
from processes import CollectorProcess

VERSION = "0" * 16


def ask(
    collector: CollectorProcess, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    answer = urllib3.request(
        method,
        f"{collector.url}/api/v1/datasets/{path}",
        body=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    return answer.status, answer.json()


@pytest.fixture
def base(collector: CollectorProcess, project: str) -> str:
    rows = [{"inputs": {"q": "환불?"}}, {"inputs": {"q": "배송?"}}]
    status, saved = ask(
        collector, "PUT", "faq", {"project": project, "rows": rows, "description": "A"}
    )
    assert (status, saved["description"]) == (200, "A")
    return str(saved["version"])


def test_an_id_of_zero_is_an_id(collector: CollectorProcess, project: str) -> None:
    rows = [{"id": number, "inputs": {"q": "환불?"}} for number in range(2)]
    assert ask(collector, "PUT", "faq", {"project": project, "rows": rows})[0] == 200
    _, found = ask(collector, "GET", f"faq?project={project}")
    assert [row["id"] for row in found["rows"]] == ["0", "1"]


@pytest.mark.parametrize("append", [1, "true", {"at": "end"}])
def test_what_may_be_meant_to_append_does_not_replace(
    collector: CollectorProcess, project: str, base: str, append: Any
) -> None:
    rows = [{"inputs": {"q": "new"}}]
    body = {"project": project, "rows": rows, "append": append}
    status, told = ask(collector, "PUT", "faq", body)
    assert (status, told["error"]["code"]) == (422, "bad_body")
    _, found = ask(collector, "GET", f"faq?project={project}")
    assert found["dataset"]["version"] == base


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ({"changed": {"one": None}}, "bad_row"),
        ({"changed": {"2": None}}, "bad_row"),
        ({"changed": {"0": {"expected": 1}}}, "bad_row"),
        ({"changed": [1]}, "bad_body"),
        ({"added": {"q": 1}}, "bad_body"),
        ({"added": [1]}, "bad_row"),
        ({"base": None}, "bad_body"),
    ],
)
def test_edits_that_are_none_are_refused(
    collector: CollectorProcess, project: str, base: str, edits: Any, code: str
) -> None:
    body = {"project": project, "base": base} | edits
    status, said = ask(collector, "PATCH", "faq", body)

    assert (status, said["error"]["code"]) == (422, code)
    assert said["error"]["hint"]


def test_edits_of_a_version_that_never_was_are_not_made(
    collector: CollectorProcess, project: str, base: str
) -> None:
    body = {"project": project, "base": VERSION, "replaces": base, "changed": {}}
    status, said = ask(collector, "PATCH", "faq", body)

    assert (status, said["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "words", [{"tags": "ko"}, {"tags": [1]}, {"schema": [1]}, {"description": None}]
)
def test_words_that_cannot_be_kept_are_refused(
    collector: CollectorProcess, project: str, base: str, words: Any
) -> None:
    body = {"project": project} | words
    status, said = ask(collector, "POST", "faq/describe", body)

    assert (status, said["error"]["code"]) == (422, "bad_body")


@pytest.mark.parametrize("of", ["faq", {"name": ""}, {"name": 3}])
def test_a_copy_names_what_it_is_of(
    collector: CollectorProcess, project: str, of: Any
) -> None:
    status, said = ask(collector, "PUT", "copy", {"project": project, "of": of})

    assert (status, said["error"]["code"]) == (422, "bad_body")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=10&offset=-1", 400),
        ("limit=10&offset=99999999", 400),
        ("limit=10&offset=9999999", 200),
        ("limit=10&text=%00%22%5C", 200),
    ],
)
def test_pages_are_asked_for_by_numbers(
    collector: CollectorProcess, project: str, base: str, query: str, status: int
) -> None:
    path = f"faq?project={project}&{query}"
    assert ask(collector, "GET", path)[0] == status


def test_a_comparison_names_both_versions(
    collector: CollectorProcess, project: str, base: str
) -> None:
    path = f"faq/versions/{base}/changes?project={project}"
    assert ask(collector, "GET", path)[0] == 400
    assert ask(collector, "GET", f"{path}&before={VERSION}")[0] == 404
    status, same = ask(collector, "GET", f"{path}&before={base}")
    assert (status, same["n_unchanged"], same["rows"]) == (200, 2, [])


@pytest.mark.parametrize("name", ["a/versions", "a/versions/b/changes"])
def test_a_name_that_would_hide_a_dataset_is_refused(
    collector: CollectorProcess, project: str, base: str, name: str
) -> None:
    body = {"project": project, "to": name}
    status, said = ask(collector, "POST", "faq/rename", body)

    assert (status, said["error"]["code"]) == (422, "bad_name")


def test_a_page_comes_as_arrow_too(
    collector: CollectorProcess, project: str, base: str
) -> None:
    url = f"{collector.url}/api/v1/datasets/faq?project={project}&limit=1&format=arrow"
    answer = urllib3.request("GET", url, timeout=60)
    assert answer.headers["content-type"] == "application/vnd.apache.arrow.stream"
