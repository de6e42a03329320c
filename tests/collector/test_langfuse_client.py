"""Langfuse's own client, switched over by one variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3
from processes import CollectorProcess, start_collector

PROGRAM = """
import logging
logging.basicConfig(level=logging.WARNING)
from langfuse import get_client, observe

client = get_client()
assert client.auth_check()

@observe(as_type="generation")
def answer(question):
    client.update_current_generation(model="gpt-4o-mini")
    return "환불은 7일 안에"

answer("환불?")
client.flush()
"""


def run(url: str, project: str) -> subprocess.CompletedProcess[str]:
    ours = {name: v for name, v in os.environ.items() if not name.startswith("OTEL_")}
    env = {
        "LANGFUSE_BASE_URL": url,
        "LANGFUSE_HOST": url,
        "LANGFUSE_PUBLIC_KEY": "pk-lf-1",
        "LANGFUSE_SECRET_KEY": "sk-lf-1",
        "OTEL_SERVICE_NAME": project,
    }
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=ours | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("key", ["", "sk-lf-1"])
def test_its_spans_arrive_and_it_logs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str, key: str
) -> None:
    monkeypatch.setenv("TRACER_API_KEY", key)
    with start_collector(tmp_path) as running:
        result = run(running.url, project)
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
        answer = urllib3.request(
            "GET",
            f"{running.url}/api/v1/spans?project={project}",
            headers={"authorization": f"Bearer {key}"},
        )
    (row,) = answer.json()["rows"]
    assert (row["name"], row["kind"], row["model"]) == ("answer", "llm", "gpt-4o-mini")
    assert "환불은 7일 안에" in row["output_preview"]


def test_a_wrong_secret_is_told_at_the_first_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: str
) -> None:
    monkeypatch.setenv("TRACER_API_KEY", "another")
    with start_collector(tmp_path) as running:
        result = run(running.url, project)
    assert result.returncode == 1
    assert "401" in result.stderr


def test_what_is_not_here_is_a_404_that_says_so(collector: CollectorProcess) -> None:
    answer = urllib3.request("GET", f"{collector.url}/api/public/v2/prompts/x")
    assert (answer.status, answer.json()["error"]["code"]) == (404, "not_found")
