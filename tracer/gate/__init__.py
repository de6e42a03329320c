"""Is a run good enough, against a baseline: statements that must be shown."""

from tracer.gate.judging import LEVEL, GateReport, Verdict, judge
from tracer.gate.requirements import Requirement, parse_requirement

__all__ = [
    "LEVEL",
    "GateReport",
    "Requirement",
    "Verdict",
    "judge",
    "parse_requirement",
]
