import sys
from pathlib import Path

import pytest

from tracer.errors import ConfigurationError
from tracer.online import scorers


def judged(output: str) -> bool:
    return bool(output)


def test_a_rule_may_name_metrics_and_what_the_worker_was_given() -> None:
    assert "judged" not in scorers.known()
    assert scorers.register(judged) == "judged"
    named = scorers.scorers_of(["cer", "judged"])
    assert [one.name for one in named] == ["cer", "judged"]


def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Put a distribution on the path whose scorer ``warm`` is in a module."""
    info = tmp_path / "judges-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: judges\nVersion: 1.0")
    (info / "entry_points.txt").write_text("[tracer.scorers]\nwarm = judges:warm\n")
    (tmp_path / "judges.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "judges", raising=False)


def test_an_installed_distribution_brings_scorers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "def warm(output): return 1.0")
    (warm,) = scorers.scorers_of(["warm"])
    assert warm.name == "warm"


def test_an_installed_scorer_that_cannot_be_imported_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, "import no_such_module")
    with pytest.raises(ConfigurationError, match=r"'warm' is installed as judges:warm"):
        scorers.scorers_of(["warm"])


@pytest.mark.parametrize("names", [[], ["os:system"], ["judged", "nowhere"]])
def test_what_nobody_gave_is_refused_never_imported(names: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="unknown here"):
        scorers.scorers_of(names)


@pytest.mark.parametrize("place", ["nowhere:x", "os:nothing", "os", ":x"])
def test_a_place_without_a_scorer_is_refused(place: str) -> None:
    with pytest.raises(ConfigurationError, match="'package.module:name'"):
        scorers.load(place)
