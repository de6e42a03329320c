"""The collector tells where the dashboard is, so that printed links lead there."""

import re
from pathlib import Path

import pytest
from processes import start_collector

import tracer
from collector.config import Settings, from_environment
from collector.errors import SettingsError
from tracer.client import Client


def test_a_runs_link_leads_to_the_dashboard_that_the_collector_knows(
    tmp_path: Path,
) -> None:
    with start_collector(tmp_path / "s", dashboard_url="https://host:9/ui") as process:
        assert Client(process.url, "").health()["dashboard_url"] == "https://host:9/ui"
        tracer.configure(endpoint=process.url, project="p")
        with tracer.EvaluationLogger(name="linked") as log:
            link = log.ui_url
        tracer.shutdown()

    assert link == f"https://host:9/ui/evaluations?evaluation={log.id}"


def test_the_environment_says_it_too_and_what_is_no_address_is_refused() -> None:
    said = {"TRACER_DASHBOARD_URL": "http://host:1"}
    assert from_environment(said).dashboard_url == "http://host:1"

    for text in ("host:1", "http://["):
        with pytest.raises(SettingsError, match=re.escape(repr(text))):
            Settings(dashboard_url=text)
