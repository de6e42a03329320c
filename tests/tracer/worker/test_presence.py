"""A worker says that it lives and where it asks models, never with which key."""

import threading

import pytest
from click.testing import CliRunner
from processes import CollectorProcess, wait_until

from tracer.client import Client
from tracer.worker.command import worker
from tracer.worker.loop import Worker
from tracer.worker.presence import endpoint_of_models, without_secrets


def test_a_worker_is_listed_while_it_runs(
    collector: CollectorProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://me:secret@models.test/v1?key=secret")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    client, stop = Client(collector.url), threading.Event()
    worker = Worker(client, stop)
    thread = threading.Thread(target=worker.run)
    thread.start()

    def heard() -> list[dict[str, object]]:
        return [row for row in client.workers() if row["worker"] == worker.name]

    try:
        wait_until(heard)
        (row,) = heard()
    finally:
        stop.set()
        thread.join()
    assert row["about"]["base_url"] == "http://models.test/v1/"  # type: ignore[index]
    assert row["about"]["has_key"] is True  # type: ignore[index]
    assert "secret" not in repr(row)
    assert heard() == []


def test_a_worker_without_a_key_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert endpoint_of_models() == {
        "base_url": "https://api.openai.com/v1/",
        "has_key": False,
    }


def test_an_empty_address_of_models_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose hands it on so; every request failed, though there was a key."""
    monkeypatch.setenv("OPENAI_BASE_URL", " ")
    result = CliRunner().invoke(worker, ["--lifeline", "--scorer", "nowhere:nothing"])
    assert result.exit_code != 0
    assert endpoint_of_models()["base_url"] == "https://api.openai.com/v1/"


def test_an_address_is_told_without_its_password() -> None:
    assert without_secrets("https://a:b@h:1/v1?k=1#f") == "https://h:1/v1"
