"""Somebody else's distribution of the same import name does not go unnoticed."""

from pathlib import Path

import pytest

from tracer import _namesake


def test_the_other_distribution_beside_ours_is_named_with_its_cure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tracer-0.4.2.dist-info").mkdir()
    _namesake.warn(str(tmp_path))
    assert "pip uninstall tracer" in caplog.text


def test_our_own_distribution_is_no_reason_to_speak(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tracer_evals-0.1.0.dist-info").mkdir()
    (tmp_path / "tracer").mkdir()
    _namesake.warn(str(tmp_path))
    assert caplog.text == ""


def test_a_place_that_cannot_be_listed_keeps_nobody_from_importing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACER_STRICT")
    _namesake.warn(str(tmp_path / "in" / "an.zip"))
