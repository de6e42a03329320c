"""Exports of OpenAI's hosted Evals: objects that the real client's types accept."""

import json
import re
import socket
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import uvicorn
from openai.types import EvalListResponse
from openai.types.evals import RunListResponse
from openai.types.evals.runs import OutputItemListResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from examples.openai_server.stored import page as stored_page
from tracer import semconv
from tracer.importers import Found, openai_evals

GRADER = "Match-11111111-2222-3333-4444-555555555555"
EVAL: dict[str, Any] = {
    "object": "eval",
    "id": "eval_1",
    "name": "수도",
    "created_at": 1_760_000_000,
    "data_source_config": {"type": "custom", "schema": {}},
    "metadata": {},
    "testing_criteria": [
        {
            "type": "string_check",
            "name": "Match",
            "input": "{{sample.output_text}}",
            "operation": "eq",
            "reference": "{{ item.label }}",
        }
    ],
}
RUN: dict[str, Any] = {
    "object": "eval.run",
    "id": "evalrun_1",
    "eval_id": "eval_1",
    "name": "short prompt",
    "model": "gpt-4o-mini",
    "created_at": 1_760_000_100,
    "status": "completed",
    "report_url": "https://platform.openai.com/evaluations/eval_1",
    "metadata": {"branch": "main"},
    "data_source": {"type": "jsonl", "source": {"type": "file_id", "id": "file_1"}},
    "per_model_usage": [],
    "per_testing_criteria_results": [],
    "result_counts": {"total": 2, "errored": 0, "failed": 1, "passed": 1},
    "error": {"code": "", "message": ""},
}


def item(number: int, **fields: Any) -> dict[str, Any]:
    """Return an output item; the second is wrong."""
    said = {"role": "assistant", "content": "서울" if number == 0 else "부산"}
    return {
        "object": "eval.run.output_item",
        "id": f"outputitem_{number}",
        "eval_id": "eval_1",
        "run_id": "evalrun_1",
        "created_at": 1_760_000_101 + number,
        "status": "pass" if number == 0 else "fail",
        "datasource_item_id": number,
        "datasource_item": {"question": f"수도 {number}?", "label": "서울"},
        "results": [
            {
                "name": GRADER,
                "type": "string_check",
                "passed": number == 0,
                "score": float(number == 0),
            },
            {"name": "tone", "type": "score_model", "passed": True, "score": 0.75},
        ],
        "sample": {
            "model": "gpt-4o-mini-2024-07-18",
            "input": [{"role": "user", "content": f"수도 {number}?"}],
            "output": [said],
            "finish_reason": "stop",
            "temperature": 1.0,
            "top_p": 1.0,
            "seed": 42,
            "max_completion_tokens": 100,
            "error": {"code": "", "message": ""},
            "usage": {
                "prompt_tokens": 12,
                "completion_tokens": 3,
                "total_tokens": 15,
                "cached_tokens": 8,
            },
        },
        **fields,
    }


def written(path: Path, *objects: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), "utf-8")
    return path


def found_in(path: Path, *objects: dict[str, Any], **asked: Any) -> Found:
    return openai_evals.read([written(path, *objects)], **asked)


def test_the_objects_of_these_tests_are_those_of_the_real_client() -> None:
    assert EvalListResponse.model_validate(EVAL).id == "eval_1"
    assert RunListResponse.model_validate(RUN).status == "completed"
    read = OutputItemListResponse.model_validate(item(0))
    assert read.sample.usage.total_tokens == 15


def test_a_run_comes_with_its_id_examples_outputs_and_scores(tmp_path: Path) -> None:
    found = found_in(tmp_path / "x.jsonl", EVAL, RUN, item(1), item(0))
    assert found.unread == []
    (run,) = found.runs
    assert (run.id, run.name, run.display_name) == ("evalrun_1", "수도", "short prompt")
    assert (run.model, run.status) == ("gpt-4o-mini", "done")
    assert run.metadata["branch"] == "main"
    first, second = run.predictions
    (dataset,) = found.datasets
    assert [one.example_id for one in run.predictions] == [one.id for one in dataset]
    assert dataset.name == run.dataset == "수도"
    assert dataset[0].inputs == {"question": "수도 0?"}
    assert dataset[0].expected == "서울"  # the grader says which column
    assert first.root.content[semconv.OUTPUT] == "서울"
    assert [(one.name, one.value) for one in second.scores] == [
        ("Match", False),
        ("tone", 0.75),
    ]
    assert [one.source for one in second.scores] == ["code", "model"]
    (call,) = first.below
    assert call.attributes[semconv.USAGE_INPUT_TOKENS] == 12
    assert call.attributes[semconv.USAGE_CACHE_READ_INPUT_TOKENS] == 8
    assert call.attributes[semconv.REQUEST_MODEL] == "gpt-4o-mini-2024-07-18"
    assert call.parent_span_id == first.root.span_id


@pytest.fixture
def api() -> Iterator[openai.OpenAI]:
    """The real client of a server that has these evals, three items a page."""
    items = [item(number) for number in range(7)]

    def page(found: list[dict[str, Any]]) -> Any:
        def answer(request: Request) -> JSONResponse:
            return JSONResponse(
                stored_page(found, {**request.query_params, "limit": "3"})
            )

        return answer

    runs = "/v1/evals/{id}/runs"
    routes = [
        Route("/v1/evals", page([{**EVAL, "id": "eval_0"}, EVAL])),
        Route("/v1/evals/eval_0/runs", page([])),
        Route(runs, page([RUN])),
        Route(runs + "/evalrun_1/output_items", page(items)),
    ]
    config = uvicorn.Config(Starlette(routes=routes), log_level="critical", port=0)
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    with openai.OpenAI(base_url=url, api_key="k") as client:
        yield client
    server.should_exit = True
    thread.join()
    listener.close()


def test_the_api_itself_is_read_page_by_page(api: openai.OpenAI) -> None:
    found = openai_evals.read_api(api)
    assert [run.id for run in found.runs] == ["evalrun_1"]
    assert len(found.runs[0].predictions) == 7
    assert found.datasets[0][0].expected == "서울"
    assert found.unread == []


def test_an_eval_that_the_api_has_not_is_named(api: openai.OpenAI) -> None:
    found = openai_evals.read_api(api, eval_ids=["eval_9"])
    assert [str(one) for one in found.unread] == [
        "eval eval_9: the API has no such eval"
    ]


def test_what_the_api_says_is_what_a_file_of_it_says(
    api: openai.OpenAI, tmp_path: Path
) -> None:
    names: dict[str, Any] = {}
    page = (Path(__file__).parents[3] / "docs" / "importing.md").read_text("utf-8")
    found = re.search(r"```python\n( *from openai.*?)```", page, re.DOTALL)
    assert found is not None
    exec(textwrap.dedent(found[1]), names)
    names["export_evals"](api, str(tmp_path / "evals.jsonl"))
    read = openai_evals.read([tmp_path / "evals.jsonl"])
    assert read.runs == openai_evals.read_api(api).runs


def test_one_item_twice_in_a_run_is_a_second_trial(tmp_path: Path) -> None:
    again = item(2, datasource_item=item(0)["datasource_item"])
    found = found_in(tmp_path / "x.jsonl", RUN, item(0), again, item(0))
    assert [one.trial for one in found.runs[0].predictions] == [0, 1]


def test_an_item_has_one_id_in_every_run(tmp_path: Path) -> None:
    other = {**RUN, "id": "evalrun_2"}
    theirs = item(5, run_id="evalrun_2", datasource_item=item(0)["datasource_item"])
    found = found_in(tmp_path / "x.jsonl", EVAL, RUN, other, item(0), theirs)
    one, two = found.runs
    assert one.predictions[0].example_id == two.predictions[0].example_id
    assert one.predictions[0].root.trace_id != two.predictions[0].root.trace_id
    assert len(found.datasets[0]) == 1


def test_a_failed_sample_is_a_failed_prediction(tmp_path: Path) -> None:
    sample = item(0)["sample"] | {
        "output": [],
        "error": {"code": "rate_limit", "message": "too many"},
    }
    failed = item(0, status="error", sample=sample, results=[])
    found = found_in(tmp_path / "x.jsonl", RUN, failed)
    assert found.runs[0].predictions[0].root.error == "too many"


def test_pages_are_read_as_they_come(tmp_path: Path) -> None:
    page = {"object": "list", "data": [item(0), item(1)], "has_more": False}
    found = found_in(tmp_path / "page.json", page)
    assert len(found.runs[0].predictions) == 2
    assert found.runs[0].id == "evalrun_1"


def test_what_cannot_be_read_is_named_and_the_rest_comes(tmp_path: Path) -> None:
    path = written(tmp_path / "x.jsonl", item(0), {"hello": 1}, {**RUN, "id": "empty"})
    with path.open("a") as file:
        file.write('{"broken\n[1]\n')
    empty = item(3, datasource_item=None, run_id="evalrun_1")
    with path.open("a") as file:
        file.write(json.dumps(empty) + "\n")
    found = openai_evals.read([path])
    assert len(found.runs) == 1
    said = [str(one) for one in found.unread]
    assert said[0].startswith("x.jsonl, line 4: not JSON")
    assert said[1:] == [
        "x.jsonl, line 2: no object of Evals: ['hello']",
        "x.jsonl, line 5, item 1: a int, where an object goes",
        "x.jsonl, line 6: output item outputitem_3 has no datasource_item",
        "run empty: a run without output items; export them too",
    ]


@pytest.mark.parametrize("column", ["question", "label"])
def test_the_reference_may_be_named(tmp_path: Path, column: str) -> None:
    found = found_in(tmp_path / "x.jsonl", RUN, item(0), expected=column)
    assert found.datasets[0][0].expected == item(0)["datasource_item"][column]
