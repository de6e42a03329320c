"""One place says which version and build this is; all others show what it says."""

import subprocess
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner
from otlp_sink import OtlpSink
from processes import CollectorProcess

import tracer
from tracer import _build
from tracer._build import build, commit, commit_of, described, version
from tracer._commands import commands
from tracer.doctor import doctor

HOUSE = Path(__file__).parents[2]


def test_a_clone_tells_its_commit_and_another_directory_none(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path)]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*run, *command], check=True)
    whole = subprocess.run([*run, "rev-parse", "HEAD"], capture_output=True, text=True)
    assert commit_of(tmp_path) == whole.stdout[:10]


def test_a_machine_without_git_knows_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    assert commit_of(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert commit_of(tmp_path) is None


def test_a_wheel_has_its_commit_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_build, "__file__", str(tmp_path / "_build.py"))
    (tmp_path / _build.COMMIT_FILE).write_text("3f9c11d2a0\n")
    commit.cache_clear()
    assert commit() == "3f9c11d2a0"
    (tmp_path / _build.COMMIT_FILE).unlink()
    commit.cache_clear()
    assert commit() is None
    commit.cache_clear()


def test_people_read_version_and_commit() -> None:
    assert described("0.1.0", "3f9c11d2a0") == "0.1.0 (3f9c11d2a0)"
    assert described("0.1.0", None) == "0.1.0"


def test_commands_and_collector_tell_the_same_build(
    collector: CollectorProcess,
) -> None:
    said = CliRunner().invoke(commands, ["--version"]).output
    assert said == f"tracer, version {build()}\n"
    env = {"TRACER_ENDPOINT": collector.url}
    assert f"tracer-evals {build()}" in CliRunner().invoke(doctor, [], env=env).output
    health = urllib3.request("GET", f"{collector.url}/api/v1/health").json()
    assert described(health["version"], health["commit"]) == build()
    told = urllib3.request("GET", f"{collector.url}/api/v1/openapi.json").json()
    assert told["info"]["version"] == version()


def test_a_span_says_which_version_recorded_it() -> None:
    sink = OtlpSink()
    sink.start()
    tracer.configure(endpoint=sink.url)
    with tracer.span("call"):
        pass
    tracer.shutdown()
    sink.stop()
    [scope] = sink.accepted[0].traces.resource_spans[0].scope_spans
    assert scope.scope.version == version()
