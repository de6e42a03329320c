import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from processes import CollectorProcess
from small_server import Silent, serving

from tracer.doctor import doctor
from tracer.doctor.collector import check_clock
from tracer.doctor.installation import check_versions

NOBODY = "http://127.0.0.1:1"
READY = {"status": "ok"}
HEALTH = {
    "version": version("tracer-evals"),
    "engine": "chdb",
    "engine_version": "26",
    "store": "chdb:///data",
    "spans_stored": 12345,
    "disk_bytes": 7_000_000,
}


@contextmanager
def answering(
    answers: dict[str, tuple[int, Any]], *, date: str | None = None
) -> Iterator[str]:
    """A small server of fixed answers, as a broken or foreign program gives them."""

    class Handler(Silent):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, "no such page"))
            if not status:
                return
            self.send_response_only(status)
            self.send_header("date", date or formatdate(usegmt=True))
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

    with serving(Handler) as url:
        yield url


def examined(endpoint: str, *, dashboard: str = NOBODY, **env: str) -> Result:
    environment = {"TRACER_ENDPOINT": endpoint, "TRACER_STORE": "http://away"} | env
    arguments = ["--dashboard-url", dashboard]
    return CliRunner().invoke(doctor, arguments, env=environment)


def test_a_running_collector_is_found_well(collector: CollectorProcess) -> None:
    result = examined(collector.url)
    assert f"ok  endpoint     {collector.url} answers and can store" in result.output
    assert "ok  clock        agrees with the collector" in result.output
    assert str(collector.data_dir) in result.output
    assert result.exit_code == 0


def test_a_collector_can_be_named_and_findings_read_by_programs(
    collector: CollectorProcess,
) -> None:
    asked = ["--collector", collector.url, "--dashboard-url", NOBODY, "--json"]
    environment = {"TRACER_ENDPOINT": NOBODY, "TRACER_STORE": "http://away"}
    result = CliRunner().invoke(doctor, asked, env=environment)
    assert result.exit_code == 0
    found = {one["subject"]: one for one in json.loads(result.stdout)}
    assert found["endpoint"]["state"] == "ok"
    assert collector.url in found["endpoint"]["text"]


def test_a_server_that_logs_more_than_it_stores_is_noticed() -> None:
    """Log tables of 60 GB beside few spans filled people's disks."""
    for logs, noticed in ((60 * 10**9, True), (6_000_000, False)):
        health = HEALTH | {"system_bytes": logs}
        found = {"/readyz": (200, READY), "/api/v1/health": (200, health)}
        with answering(found) as url:
            result = examined(url)
        assert ("own logs take 60.0 GB, ours 7.0 MB" in result.output) == noticed
        assert result.exit_code == 0


def test_what_is_not_installed_is_one_note_that_an_app_may_pass_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    present = {"opentelemetry-sdk": "1.45", "tracer-evals": HEALTH["version"]}
    monkeypatch.setattr("tracer.doctor.installation.installed", present.get)
    said = [str(found) for found in check_versions()]
    (told,) = [one for one in said if "not installed" in one]
    assert "openai, clickhouse-connect, chdb, streamlit, scipy" in told
    assert "an app that is traced needs none of them" in told
    assert "'tracer-evals[all]'" in told


def test_nobody_at_the_endpoint_is_a_problem_with_an_advice() -> None:
    result = examined(NOBODY)
    assert f"!!  endpoint     nothing answers at {NOBODY}" in result.output
    assert "`tracer up`" in result.output
    assert result.exit_code == 1


def test_another_program_at_the_endpoint_is_told_apart() -> None:
    with answering({}) as url:
        result = examined(url)
    assert f"another program answers at {url} (status 404)" in result.output
    assert result.exit_code == 1


def test_a_collector_that_cannot_store_is_told_apart() -> None:
    failing = {"status": "failing", "message": "disk full"}
    with answering({"/readyz": (503, failing)}) as url:
        result = examined(url)
    assert "!!  storage      the collector cannot store" in result.output
    assert "disk full" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_a_problem(status: int) -> None:
    answers: dict[str, tuple[int, Any]] = {
        "/readyz": (200, READY),
        "/api/v1/health": (status, {}),
    }
    with answering(answers) as url:
        result = examined(url, TRACER_API_KEY="wrong")
    assert "!!  key          the collector refuses this key" in result.output
    assert "wrong" not in result.output
    assert result.exit_code == 1


def test_a_key_that_only_sends_is_a_note() -> None:
    refused = {"error": {"message": "the key has no scope 'read', only ingest"}}
    answers = {"/readyz": (200, READY), "/api/v1/health": (403, refused)}
    with answering(answers) as url:
        result = examined(url, TRACER_API_KEY="k")
    assert "--  key          the key may not read" in result.output
    assert result.exit_code == 0


def test_a_key_of_one_project_is_told_nothing_of_the_store() -> None:
    health = HEALTH | {"store": None, "spans_stored": None, "disk_bytes": None}
    answers = {"/readyz": (200, READY), "/api/v1/health": (200, health)}
    with answering(answers) as url:
        result = examined(url)
    assert "chdb 26; a key of one project is told no more" in result.output


def test_a_store_without_room_is_told_before_and_when_it_is_full() -> None:
    for found, said in (
        ({"disk_free_bytes": 100_000_000}, "--  storage      100 MB are free on the"),
        ({"not_ready": "the disk is full"}, "!!  storage      the disk is full"),
    ):
        answers = {"/readyz": (200, READY), "/api/v1/health": (200, HEALTH | found)}
        with answering(answers) as url:
            assert said in examined(url).output


def test_a_collector_that_cannot_say_how_it_is_is_a_problem() -> None:
    with answering({"/readyz": (200, READY), "/api/v1/health": (500, {})}) as url:
        assert "/api/v1/health answers 500" in examined(url).output


def test_a_collector_that_says_nothing_of_itself_is_a_problem() -> None:
    """The command ended with a traceback."""
    with answering({"/readyz": (200, READY), "/api/v1/health": (0, {})}) as url:
        result = examined(url)
    assert "!!  storage      /api/v1/health does not answer" in result.output
    assert result.exit_code == 1


def test_the_dashboard_is_looked_for_where_the_environment_says() -> None:
    with answering({"/_stcore/health": (200, "ok")}) as url:
        env = {"TRACER_ENDPOINT": NOBODY, "TRACER_DASHBOARD_URL": f"{url}/"}
        said = CliRunner().invoke(doctor, env=env | {"TRACER_STORE": "http://away"})
    assert f"ok  dashboard    {url} answers" in said.output


def test_an_answer_without_a_date_says_nothing_of_the_clock() -> None:
    assert list(check_clock(None)) == []


def test_the_store_is_described_with_what_it_holds() -> None:
    answers = {"/readyz": (200, READY), "/api/v1/health": (200, HEALTH)}
    with answering(answers) as url:
        result = examined(url)
    assert "chdb 26 at chdb:///data: 12,345 spans, 7.0 MB on disk" in result.output
    assert result.exit_code == 0


def test_another_version_of_the_collector_is_a_note() -> None:
    health = HEALTH | {"version": "9.9"}
    answers = {"/readyz": (200, READY), "/api/v1/health": (200, health)}
    with answering(answers) as url:
        result = examined(url)
    assert "--  versions     the collector is 9.9" in result.output
    assert result.exit_code == 0


def test_a_clock_that_is_wrong_by_an_hour_is_a_problem() -> None:
    answers = {"/readyz": (200, READY), "/api/v1/health": (200, HEALTH)}
    with answering(answers, date="Thu, 01 Jan 1970 00:00:00 GMT") as url:
        result = examined(url)
    assert "!!  clock " in result.output
    assert result.exit_code == 1


def test_a_dashboard_that_answers_is_found() -> None:
    with answering({"/_stcore/health": (200, "ok")}) as url:
        assert (
            f"ok  dashboard    {url} answers" in examined(NOBODY, dashboard=url).output
        )


def test_the_dashboard_is_the_one_that_the_collector_was_told_of() -> None:
    """It found well whatever ran on port 8501, of another collector or store."""
    with answering({"/_stcore/health": (200, "ok")}) as dashboard:
        health = HEALTH | {"dashboard_url": dashboard}
        answers = {"/readyz": (200, READY), "/api/v1/health": (200, health)}
        with answering(answers) as url:
            env = {"TRACER_ENDPOINT": url, "TRACER_DASHBOARD_URL": ""}
            said = CliRunner().invoke(doctor, env=env)
    assert f"ok  dashboard    {dashboard} answers" in said.output


def test_a_stranger_on_the_dashboards_port_is_a_problem() -> None:
    with answering({}) as url:
        result = examined(NOBODY, dashboard=url)
    assert f"another program answers at {url} (status 404)" in result.output


def test_another_projects_tracer_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "tracer-0.9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tracer\nVersion: 0.9\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    result = examined(NOBODY)
    assert "tracer 0.9 is installed and belongs to another project" in result.output
    assert "pip uninstall tracer" in result.output
