"""What a page without data offers to paste: it runs as it stands."""

from pathlib import Path

import pytest
from processes import CollectorProcess

import tracer
from dashboard.texts import LANGUAGES, catalogue

PLACES = {
    "project": "my-app",
    "trace_id": "1" * 32,
    "span_id": "1" * 16,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_program_that_pages_show_runs_as_it_stands(
    collector: CollectorProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setenv("TRACER_ENDPOINT", collector.url)
    monkeypatch.chdir(tmp_path)
    Path("faq.csv").write_text("question,expected\na,b\n", encoding="utf-8")
    programs = {
        key: shown
        for key, shown in catalogue(language).items()
        if key.startswith("snippets.") and "import tracer" in shown
    }
    assert len(programs) > 9
    for key, shown in programs.items():
        for name, value in PLACES.items():
            shown = shown.replace(f"{{{name}!r}}", repr(value))
            shown = shown.replace(f"{{{name}}}", value)
        shown = shown.replace("{endpoint}", collector.url)
        try:
            exec(compile(shown, key, "exec"), {})
        finally:
            tracer.shutdown()
