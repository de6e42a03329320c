"""What a gate found, as text, JSON, Markdown and JUnit."""

import re
from collections.abc import Callable
from math import isinf
from typing import Any
from xml.etree import ElementTree

from tracer.gate.judging import GateReport, Verdict, unbounded
from tracer.stats._wording import difference_text, value_text

MARKS = {"shown": "✓", "not shown": "?", "broken": "✗", "unknown": "–"}

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_PLAIN = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def text_report(report: GateReport) -> str:
    """Return the report for a terminal: a line for each requirement, then the end."""
    lines = [f"{report.baseline.name} → {report.candidate.name}"]
    for verdict in report.verdicts:
        mark = MARKS[verdict.outcome]
        lines.append(f"{mark} {verdict.requirement.text}: {verdict_text(verdict)}")
    return "\n".join([*lines, conclusion(report)])


def conclusion(report: GateReport) -> str:
    """Return the end of a report in one sentence."""
    n, shown = len(report.verdicts), sum(v.outcome == "shown" for v in report.verdicts)
    if report.passes:
        return f"passes: {shown} of {n} shown"
    if report.status == 2:
        return f"cannot be judged: {shown} of {n} shown"
    return f"does not pass: {shown} of {n} shown"


def verdict_text(verdict: Verdict) -> str:
    """Return one verdict in words, never a figure without its n."""
    contrast = verdict.contrast
    if contrast is None:
        return f"{verdict.outcome} · {verdict.reason}"
    told = _told(contrast.type, is_ratio=verdict.requirement.is_ratio)
    parts = [
        verdict.outcome,
        " → ".join(
            value_text(figure, contrast.type)
            for figure in (contrast.baseline, contrast.candidate)
        ),
        told(contrast.estimate),
    ]
    if interval := verdict.ci95:
        low, high = (told(end) for end in interval)
        parts.append(f"95 % {low} to {high}")
    if verdict.p_adjusted is not None:
        parts.append(f"p {verdict.p_adjusted:.3g}")
    parts += [f"{contrast.n_examples} common examples", verdict.reason, *verdict.notes]
    if unbounded(verdict.ci95):
        parts.append("more examples are needed for an end of the interval")
    return " · ".join(parts)


def _told(type: str, *, is_ratio: bool) -> Callable[[float], str]:
    """Return how a change is told: as a ratio, in points of percent, or as it is."""

    def told(value: float) -> str:
        if isinf(value):
            return "?"
        return f"{value:.4g}x" if is_ratio else difference_text(value, type)

    return told


def report_row(report: GateReport) -> dict[str, Any]:
    """Return the report as JSON holds it; an end without bound is null there."""
    runs = {"baseline": report.baseline, "candidate": report.candidate}
    return {
        **{role: {"id": run.id, "name": run.name} for role, run in runs.items()},
        "status": report.status,
        "passes": report.passes,
        "requirements": [_verdict_row(verdict) for verdict in report.verdicts],
    }


def _verdict_row(verdict: Verdict) -> dict[str, Any]:
    contrast = verdict.contrast
    return {
        "requirement": verdict.requirement.text,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "baseline": contrast and contrast.baseline,
        "candidate": contrast and contrast.candidate,
        "estimate": contrast and contrast.estimate,
        "is_ratio": verdict.requirement.is_ratio,
        "ci95": verdict.ci95,
        "p_adjusted": verdict.p_adjusted,
        "n_examples": contrast.n_examples if contrast else 0,
        "notes": list(verdict.notes),
    }


def markdown_report(report: GateReport) -> str:
    """Return the report as a Markdown table."""
    lines = [
        f"### {_plain(report.baseline.name)} → {_plain(report.candidate.name)}",
        "",
        f"**{_plain(conclusion(report))}**",
        "",
        "| | requirement | verdict |",
        "| --- | --- | --- |",
    ]
    for verdict in report.verdicts:
        cells = (
            MARKS[verdict.outcome],
            _plain(verdict.requirement.text),
            _plain(verdict_text(verdict)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _NOT_PLAIN.sub(r"\\\1", " ".join(text.split()))


def junit_report(report: GateReport) -> str:
    """Return the report as JUnit XML: one test case a requirement."""
    outcomes = [verdict.outcome for verdict in report.verdicts]
    suite = ElementTree.Element(
        "testsuite",
        name=_xml(f"{report.baseline.name} → {report.candidate.name}"),
        tests=str(len(outcomes)),
        failures=str(sum(one in ("not shown", "broken") for one in outcomes)),
        errors=str(outcomes.count("unknown")),
    )
    for verdict in report.verdicts:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname="tracer.gate",
            name=_xml(verdict.requirement.text),
        )
        told = _xml(verdict_text(verdict))
        if verdict.outcome == "shown":
            ElementTree.SubElement(case, "system-out").text = told
        else:
            kind = "error" if verdict.outcome == "unknown" else "failure"
            ElementTree.SubElement(case, kind, message=told)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _xml(text: str) -> str:
    return _NOT_XML.sub("?", text)
