from xml.etree import ElementTree

import pytest

from tracer.gate import GateReport, judge, parse_requirement
from tracer.gate.judging import Figures
from tracer.gate.reports import junit_report, markdown_report, text_report
from tracer.stats import summarize


def run(name: str, share: float) -> Figures:
    rows = [
        {"score": "correct", "type": "bool", "example_id": str(number), "n": 1}
        | {
            "sum": float(number < share * 200),
            "sum_squares": float(number < share * 200),
        }
        for number in range(200)
    ]
    return Figures(name, summarize(rows), {})


@pytest.fixture
def report() -> GateReport:
    texts = ["correct > 0", "correct > 0.5", "charm|<b> > 0"]
    asked = [parse_requirement(text) for text in texts]
    return judge(run("old *", 0.6), run("new\x01", 0.8), asked)


def test_text_has_a_line_a_requirement_with_figures_and_n(report: GateReport) -> None:
    first, shown, broken, unknown, last = text_report(report).splitlines()
    assert first == "old * → new\x01"
    assert shown.startswith(
        "✓ correct > 0: shown · 60.0 % → 80.0 % · +20.0 pp · 95 % +1"
    )
    assert "200 common examples" in shown
    assert broken.startswith("✗ correct > 0.5: broken")
    assert unknown.startswith("– charm|<b> > 0: unknown · run 'old *' has no figure")
    assert last == "cannot be judged: 1 of 3 shown"


def test_markdown_shows_names_as_they_are_and_as_nothing_else(
    report: GateReport,
) -> None:
    table = [line for line in markdown_report(report).splitlines() if line[:1] == "|"]
    assert len(table) == 5
    assert all(line.replace("\\|", "").count("|") == 4 for line in table)
    assert "charm\\|\\<b\\> \\> 0" in table[-1]


def test_junit_counts_failures_and_errors_and_is_xml_whatever_the_names(
    report: GateReport,
) -> None:
    suite = ElementTree.fromstring(junit_report(report))
    assert suite.attrib == {
        "name": "old * → new?",
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    kinds = [[child.tag for child in case] for case in suite]
    assert kinds == [["system-out"], ["failure"], ["error"]]
