import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tracer
from tracer import _setup, testing
from tracer._config import Settings, merged, redact_rules
from tracer._environment import from_environment
from tracer.errors import ConfigurationError, TracerError


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(("TRACER_", "OTEL_")) and name != "TRACER_STRICT":
            monkeypatch.delenv(name)


def test_without_an_environment_the_collector_of_this_machine_is_meant() -> None:
    settings = from_environment()
    assert settings.endpoint == "http://127.0.0.1:4318"
    assert settings.capture_content
    assert not settings.share_content
    assert settings.enabled


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("TRACER_ENDPOINT", "https://c.example", "endpoint", "https://c.example"),
        ("TRACER_API_KEY", "k", "api_key", "k"),
        ("TRACER_PROJECT", "한글", "project", "한글"),
        ("TRACER_SAMPLE_RATE", "0.25", "sample_rate", 0.25),
        ("TRACER_CAPTURE_CONTENT", "off", "capture_content", False),
        ("TRACER_SHARE_CONTENT", "1", "share_content", True),
        ("TRACER_SPOOL_DIR", "/tmp/s", "spool_dir", Path("/tmp/s")),
        ("TRACER_SPOOL_DIR", "off", "spool_dir", None),
        ("TRACER_MAX_QUEUE_BYTES", "1000", "max_queue_bytes", 1000),
        ("TRACER_REDACT", "ssn, dob", "redact", ("ssn", "dob")),
        ("OTEL_SERVICE_NAME", "bot", "service", "bot"),
        ("OTEL_SDK_DISABLED", "true", "enabled", False),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://o:1", "endpoint", "http://o:1"),
    ],
)
def test_every_setting_can_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, name: str, value: Any
) -> None:
    monkeypatch.setenv(variable, text)
    assert getattr(from_environment(), name) == value


@pytest.mark.parametrize(
    ("variable", "name"),
    [("TRACER_PROJECT", "project"), ("OTEL_SERVICE_NAME", "service")],
)
def test_a_name_in_another_encoding_is_one_that_can_be_sent(
    monkeypatch: pytest.MonkeyPatch, variable: str, name: str
) -> None:
    monkeypatch.setenv(
        variable, "한bot".encode("cp949").decode(errors="surrogateescape")
    )
    assert getattr(from_environment(), name) == "\ufffd\ufffdbot"


def test_resource_attributes_of_the_environment_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(
        "OTEL_RESOURCE_ATTRIBUTES",
        "service.name=bot,service.version=1%2C2,deployment.environment.name=test",
    )
    settings = from_environment()
    assert (settings.service, settings.release) == ("bot", "1,2")
    assert settings.environment == "test"


@pytest.mark.parametrize(
    ("text", "captures"),
    [
        ("NO_CONTENT", False),
        ("event_only", False),
        ("false", False),
        ("SPAN_ONLY", True),
        ("span_and_event", True),
        ("true", True),
    ],
)
def test_the_standard_variable_for_content_is_honoured(
    monkeypatch: pytest.MonkeyPatch, text: str, captures: bool
) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", text)
    assert from_environment().capture_content is captures


def test_our_own_variables_go_before_the_standard_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "theirs")
    monkeypatch.setenv("TRACER_SERVICE", "ours")
    assert from_environment().service == "ours"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("TRACER_SAMPLE_RATE", "often"),
        ("TRACER_SAMPLE_RATE", "2"),
        ("TRACER_CAPTURE_CONTENT", "perhaps"),
        ("TRACER_ENDPOINT", "localhost:4318"),
        ("TRACER_MAX_QUEUE_BYTES", "0"),
        ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "some"),
    ],
)
def test_a_variable_that_cannot_be_right_is_refused_with_its_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError, match=re.escape(text)):
        from_environment()


def test_what_is_not_given_stays_as_it_was() -> None:
    base = Settings(project="a", sample_rate=0.5)
    assert merged(base, {"project": None, "sample_rate": 0.0}) == Settings(
        project="a", sample_rate=0.0
    )


@pytest.mark.parametrize("end", ["/v1/traces", "/v1/logs/", "/base/v1/traces"])
def test_an_endpoint_of_one_signal_is_refused_with_the_base_address(end: str) -> None:
    with pytest.raises(ConfigurationError, match="write 'http://host:4318(/base)?',"):
        Settings(endpoint=f"http://host:4318{end}")


def test_a_key_is_not_shown() -> None:
    assert "hush" not in repr(Settings(api_key="hush"))


def test_a_key_is_taken_without_the_line_break_of_the_file_that_held_it() -> None:
    """Every request failed, and every span waited on disk or was dropped."""
    assert Settings(api_key=" hush-123\r\n").api_key == "hush-123"
    assert replace(Settings(), api_key="hush\n").api_key == "hush"
    assert Settings(api_key=" \n").api_key is None


@pytest.mark.parametrize("key", ["hush\n123", "hush\x00", "비밀"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="api_key is no text") as refused:
        Settings(api_key=key)
    assert "hu" not in str(refused.value)


def test_one_redact_rule_needs_no_list() -> None:
    assert redact_rules("ssn") == ("ssn",)
    assert redact_rules(["a", re.compile("b")]) == ("a", re.compile("b"))
    with pytest.raises(ConfigurationError, match="int"):
        redact_rules([1])  # type: ignore[list-item]


def test_every_error_of_ours_is_caught_by_one_name() -> None:
    from tracer import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert all(issubclass(kind, TracerError) for kind in kinds)


def test_settings_outlive_a_shutdown() -> None:
    """Rules of redaction above all: nobody gives them twice."""
    testing.reset()
    tracer.configure(redact=["ssn"], project="p", enabled=False)
    tracer.shutdown()
    tracer.configure(environment="staging")
    found = _setup.settings()
    assert (found.redact, found.project) == (("ssn",), "p")
    testing.reset()
    tracer.configure(enabled=False)
    assert _setup.settings().redact == ()
    testing.reset()


def test_what_was_set_can_be_taken_back() -> None:
    testing.reset()
    tracer.configure(keep_slower_than_s=5, spool_dir="somewhere", enabled=False)
    assert _setup.settings().keeps_by_tail
    tracer.configure(keep_slower_than_s=False, spool_dir=False)
    assert not _setup.settings().keeps_by_tail
    assert _setup.settings().spool_dir is None
    testing.reset()
