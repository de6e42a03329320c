"""`tracer delete` and `tracer retention`, as a person runs them."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from click.testing import CliRunner, Result
from otlp_requests import span, trace_request
from processes import CollectorProcess
from small_server import Silent, serving

from collector import admin_client
from collector.admin_commands import delete, reprice, retention
from collector.keys_commands import keys

HTTP = urllib3.PoolManager()


def run(command: object, *arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=answer)  # type: ignore[arg-type]


def sent(url: str, project: str) -> str:
    """Have one span stored and return its trace id."""
    one = span({"user.id": "a/b"})
    body = trace_request(one, project=project)
    headers = {"content-type": "application/x-protobuf"}
    assert HTTP.request("POST", f"{url}/v1/traces", body=body, headers=headers).status
    return one.trace_id.hex()


def test_a_delete_shows_its_counts_and_asks_first(
    collector: CollectorProcess, project: str
) -> None:
    project = f"commands-{project}"
    at = ("--collector", collector.url, "--project", project)
    trace_id = sent(collector.url, project)
    refused = run(delete, "trace", trace_id, *at, answer="n\n")
    assert refused.exit_code == 1
    counted = run(delete, "user", "a/b", *at, "--dry-run")
    assert counted.output.split() == [*"traces 1 spans 1 rows".split(), *NOTHING]
    done = run(delete, "user", "a/b", *at, "--yes")
    assert "deleted user a/b" in done.output
    again = run(delete, "trace", trace_id, *at, "--yes")
    assert again.exit_code == 1
    assert f"no trace '{trace_id}'" in again.output


def test_dataset_rows_that_a_delete_leaves_are_told_before(
    collector: CollectorProcess, project: str
) -> None:
    """Once the traces were gone, --datasets no longer found their rows."""
    project = f"kept-{project}"
    source = {"trace_id": sent(collector.url, project)}
    body = {"project": project, "rows": [{"inputs": {"q": 1}, "source": source}]}
    HTTP.request("PUT", f"{collector.url}/api/v1/datasets/d", json=body)
    at = ("--collector", collector.url, "--project", project, "--dry-run")
    kept = "rows of datasets that hold copies of these traces, and stay: 1;"
    assert kept in run(delete, "user", "a/b", *at).output
    taken = run(delete, "user", "a/b", *at, "--datasets").output
    assert "hold copies" not in taken
    assert ["dataset_rows", "1", "rows"] in [line.split() for line in taken.split("\n")]


def test_a_deleted_projects_keys_are_named_with_the_command_that_revokes_them(
    collector: CollectorProcess, project: str
) -> None:
    """They stayed active, and a sender made the project anew at once."""
    project = f"keyed-{project}"
    sent(collector.url, project)
    at = ("--collector", collector.url)
    wanted = ("--name", "sender", "--scope", "ingest", "--project", project, "--json")
    made = [json.loads(run(keys, "create", *wanted, *at).stdout) for _ in range(2)]
    run(keys, "revoke", made[1]["id"], *at)
    told = run(delete, "project", project, "--dry-run", *at).output
    assert "the project's keys stay active" in told
    assert f"tracer keys revoke {made[0]['id']}\n" in told


NOTHING = "nothing was deleted".split()


def test_retention_is_set_in_days_shown_and_cleared(
    collector: CollectorProcess, project: str
) -> None:
    at = ("--collector", collector.url)
    name = f"age of/{project}"
    run(retention, "set", name, "30d", "--evaluations", "90", *at)
    shown = run(retention, "list", *at).output
    (line,) = [line for line in shown.splitlines() if line.startswith(name)]
    assert line.removeprefix(name).split() == ["30", "days", "90", "days"]
    kept = json.loads(run(retention, "list", "--json", *at).stdout)["projects"]
    assert (name, 30, 90) in [
        (one["project"], one["days"], one["evaluation_days"]) for one in kept
    ]
    assert run(retention, "clear", name, *at).exit_code == 0
    assert name not in run(retention, "list", *at).output


def test_an_age_that_is_none_is_refused() -> None:
    result = run(retention, "set", "p", "soon")
    assert result.exit_code == 2
    assert "'soon' is no age; write 30d" in result.output


@pytest.mark.parametrize(
    "words",
    [
        (delete, "user", "u", "--project", ""),
        (delete, "trace", "0" * 32, "--project", ""),
        (delete, "project", ""),
        (reprice, "--since", "2026-11-01", "--project", ""),
        (reprice, "--since", "2026-11-01", "--until", ""),
        (retention, "set", "", "30d"),
        (retention, "clear", " "),
    ],
)
def test_an_empty_name_of_a_change_is_refused(words: tuple[Any, ...]) -> None:
    """A script's variable that was not set reached all projects."""
    result = run(*words)
    assert result.exit_code == 2
    assert "it is empty; give one" in result.output


@pytest.mark.parametrize(
    "asked",
    [
        ("DELETE", "/users/u?project="),
        ("DELETE", f"/traces/{'0' * 32}?project="),
        ("POST", "/reprice?since=2026-11-01&project="),
    ],
)
def test_a_change_of_a_project_without_a_name_is_refused(
    collector: CollectorProcess, asked: tuple[str, str]
) -> None:
    method, path = asked
    answer = HTTP.request(method, f"{collector.url}/api/v1{path}")
    assert answer.status == 400
    assert "leave it out to reach all" in answer.json()["error"]["hint"]


def test_what_is_no_collector_is_named() -> None:
    """Its page was taken for an answer, and what it lacks for an error of ours."""

    class Page(Silent):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")

    with serving(Page) as url:
        for command in ((retention, "list"), (keys, "list")):
            result = run(*command, "--collector", url, "--api-key", "열쇠")
            assert f"{url} answers 200: is it a collector?" in result.output


def test_a_collector_that_does_not_answer_is_named() -> None:
    result = run(reprice, "--since", "2026-11-01", "--collector", "http://127.0.0.1:1")
    assert result.exit_code == 1
    assert "no collector answers at http://127.0.0.1:1" in result.output


class Balancer(Silent):
    """Asks a collector; in its turn another one, which knows nothing of the chore."""

    url: str
    turns: "itertools.cycle[bool]"

    def do_POST(self) -> None:
        self.pass_on(self.path)

    def do_GET(self) -> None:
        self.pass_on(self.path if next(self.turns) else "/api/v1/chores/1")

    def pass_on(self, path: str) -> None:
        answer = HTTP.request(self.command, self.url + path)
        self.send_response(answer.status)
        self.send_header("content-length", str(len(answer.data)))
        self.end_headers()
        self.wfile.write(answer.data)


Repriced = Callable[..., Result]


@pytest.fixture
def repriced(collector: CollectorProcess, monkeypatch: pytest.MonkeyPatch) -> Repriced:
    """Run `tracer reprice` through a balancer that asks the collector in its turns."""
    monkeypatch.setattr(admin_client, "ASK_EVERY_S", 0.01)

    def reprice_behind(*turns: bool) -> Result:
        class Here(Balancer):
            url = collector.url

        Here.turns = itertools.cycle(turns)
        with serving(Here) as url:
            asked = ("--since", "2026-11-01", "--project", "none", "--collector", url)
            return run(reprice, *asked)

    return reprice_behind


def test_a_chore_is_found_again_behind_a_balancer(repriced: Repriced) -> None:
    """Chores were counted: another collector answered with its own of that number."""
    result = repriced(False, False, True)
    assert "priced 0 spans anew" in result.output
    assert result.exit_code == 0


def test_a_chore_that_goes_on_elsewhere_is_said_to(
    repriced: Repriced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_client, "ELSEWHERE_S", 0.0)
    result = repriced(False)
    assert result.exit_code == 1
    assert "it goes on in another one behind this address" in result.output
    assert "GET /api/v1/chores/" in result.output
