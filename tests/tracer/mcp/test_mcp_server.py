"""An assistant reads a collector through the program `tracer mcp`, over its pipes."""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client as McpClient
from mcp import StdioServerParameters
from processes import CollectorProcess

import tracer
from tracer.client import Client
from tracer.mcp.reading import READING
from tracer.mcp.shortening import shortened


@asynccontextmanager
async def assistant(
    collector: CollectorProcess, *options: str
) -> AsyncIterator[McpClient]:
    """A client of the real program."""
    command = ["-P", "-m", "tracer.cli", "mcp", "--collector", collector.url, *options]
    # all of the environment: `make coverage` measures the program by it
    environment = dict(os.environ)
    server = StdioServerParameters(
        command=sys.executable, args=command, env=environment
    )
    async with McpClient(server) as client:
        yield client


async def ask(client: McpClient, tool: str, **arguments: Any) -> Any:
    """What a tool answers; its error as text."""
    answer = await client.call_tool(tool, arguments)
    text = "".join(getattr(part, "text", "") for part in answer.content)
    return text if answer.is_error else json.loads(text)


@pytest.fixture
def traffic(live: Client, project: str) -> str:
    """Two recorded calls, one of which failed; the id of the other."""

    @tracer.trace
    def answer(question: str) -> str:
        if question == "?":
            raise LookupError("모르는 질문")
        return "이틀 걸립니다. " * 200

    with tracer.using(user_id="u1"), pytest.raises(LookupError):
        answer("?")
    with tracer.span("request") as span:
        answer("배송은 얼마나 걸리나요?")
    tracer.flush()
    return str(span.trace_id)


@pytest.fixture
def runs(live: Client, project: str) -> tuple[str, str]:
    """Ids of two runs of the same four questions."""

    def correct(output: int, expected: int) -> bool:
        return output == expected

    rows = [{"n": n, "expected": 2 * n} for n in range(4)]
    evaluation = tracer.Evaluation(rows, [correct], name="doubling")
    found = evaluation.run(lambda n: 2 * n), evaluation.run(lambda n: n)
    tracer.flush()
    return found[0].evaluation_id, found[1].evaluation_id


async def test_without_leave_to_edit_every_tool_only_reads(
    collector: CollectorProcess,
) -> None:
    async with assistant(collector) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == set(READING)
        assert all(
            tool.annotations.read_only_hint for tool in tools if tool.annotations
        )
        assert all(tool.description for tool in tools)


async def test_a_failing_call_is_found_and_read(
    collector: CollectorProcess, traffic: str, project: str
) -> None:
    async with assistant(collector) as client:
        where = [["status", "=", "error"]]
        found = await ask(client, "find_traces", project=project, where=where)
        (row,) = found["rows"]
        assert row["user_id"] == "u1"
        read = await ask(client, "read_trace", trace_id=row["trace_id"])
        (step,) = read["steps"]
        said = step["error_type"], step["status_message"]
        assert said == ("LookupError", "모르는 질문")


async def test_long_texts_are_cut_with_a_mark_and_one_step_is_read_whole(
    collector: CollectorProcess, traffic: str
) -> None:
    async with assistant(collector) as client:
        read = await ask(client, "read_trace", trace_id=traffic, max_characters=100)
        step = read["steps"][1]
        assert step["output"].endswith("characters more)")
        whole = await ask(
            client,
            "read_trace",
            trace_id=traffic,
            span_id=step["span_id"],
            max_characters=100_000,
        )
        assert whole["span"]["output"] == "이틀 걸립니다. " * 200


async def test_a_run_is_read_and_compared_with_its_statistics(
    collector: CollectorProcess, runs: tuple[str, str], project: str
) -> None:
    async with assistant(collector) as client:
        listed = await ask(client, "list_evaluations", project=project)
        assert {row["id"] for row in listed["rows"]} == set(runs)
        read = await ask(client, "read_evaluation", evaluation_id=runs[0])
        assert read["scores"]["correct"].endswith("n 4 from 4 examples")
        assert len(read["predictions"]) == 4
        told = await ask(
            client, "compare_evaluations", baseline=runs[0], candidate=runs[1]
        )
        (line,) = told["comparison"]
        assert "correct" in line


async def test_projects_datasets_and_figures_are_listed(
    collector: CollectorProcess, live: Client, traffic: str, project: str
) -> None:
    live.save_dataset("faq", [{"q": "환불?"}], project=project)
    async with assistant(collector) as client:
        projects = await ask(client, "list_projects")
        (own,) = (row for row in projects["rows"] if row["project"] == project)
        assert own["n_spans"] == 3
        datasets = await ask(client, "list_datasets", project=project)
        assert [row["name"] for row in datasets["rows"]] == ["faq"]
        figures = await ask(client, "traffic", project=project)
        assert sum(row["n_calls"] for row in figures["rows"]) == 2


async def test_sql_reads_and_what_it_may_not_do_is_answered_as_an_error(
    collector: CollectorProcess, traffic: str, project: str
) -> None:
    async with assistant(collector) as client:
        query = "SELECT count() AS n FROM spans"
        found = await ask(client, "sql", query=query, project=project)
        assert found == {"rows": [{"n": 3}], "n": 1}
        query = "SELECT arrayJoin(range(600)) AS n FROM spans LIMIT 600"
        many = await ask(client, "sql", query=query, project=project)
        assert (many["n"], many["rows"][-1]) == (600, "… (400 items more)")
        refused = await ask(client, "sql", query="DROP TABLE spans")
        assert "SELECT" in refused


async def test_an_unknown_trace_is_an_error_that_says_so(
    collector: CollectorProcess,
) -> None:
    async with assistant(collector) as client:
        told = await ask(client, "read_trace", trace_id="ab" * 16)
        assert "ab" * 16 in told


async def test_with_leave_an_assistant_scores_and_adds_rows(
    collector: CollectorProcess, traffic: str, live: Client, project: str
) -> None:
    async with assistant(collector, "--allow-edits") as client:
        told = await ask(
            client,
            "score_trace",
            trace_id=traffic,
            project=project,
            name="helpful",
            value=True,
        )
        rows = [{"inputs": {"question": f"배송 {n}?"}} for n in range(3)]
        faq = {"name": "faq", "project": project}
        await ask(client, "add_to_dataset", rows=rows, **faq)
        read = await ask(client, "read_dataset", offset=1, limit=1, **faq)
    (score,) = live.trace(traffic).scores
    assert (score["name"], score["value"], score["author"]) == ("helpful", 1, "mcp")
    assert (told["score"]["name"], told["score"]["trace_id"]) == ("helpful", traffic)
    assert [row["inputs"] for row in read["rows"]] == [{"question": "배송 1?"}]
    assert read["n_rows"] == 3


def test_lists_in_answers_are_bounded() -> None:
    shown = shortened({"spans": list(range(1000))}, 100)
    assert shown["spans"][-1] == "… (800 items more)"
