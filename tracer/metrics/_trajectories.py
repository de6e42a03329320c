"""The path of an agent against the right one, by the names and rules of Vertex AI.

Source: "Evaluate Gen AI agents", section "Trajectory evaluation", of Vertex AI's
documentation. Where it is silent (a call made twice, an empty path), the code that
Google publishes with its agent platform is followed: each call counts for one call of
the reference, and a reference without input (null) is met by any. Paths are read as
`tool_calls` reads them; `trajectory` reads one out of a recorded trace.
"""

from collections.abc import Sequence
from typing import Any

from tracer.metrics._calls import ToolCall, tool_calls
from tracer.metrics._missing import missing_without_answer
from tracer.metrics._tools import same_value


@missing_without_answer
def trajectory_exact_match(output: Any, expected: Any) -> bool:
    """Return whether the same calls were made in the same order, and no others."""
    made, right = tool_calls(output), tool_calls(expected)
    return len(made) == len(right) and all(map(_meets, made, right))


@missing_without_answer
def trajectory_in_order_match(output: Any, expected: Any) -> bool:
    """Return whether all the right calls were made in their order, others between."""
    rest = iter(tool_calls(output))
    return all(
        any(_meets(call, right) for call in rest) for right in tool_calls(expected)
    )


@missing_without_answer
def trajectory_any_order_match(output: Any, expected: Any) -> bool:
    """Return whether all the right calls were made, in any order, among others."""
    made, right = tool_calls(output), tool_calls(expected)
    return _n_met(made, right) == len(right)


@missing_without_answer
def trajectory_precision(output: Any, expected: Any) -> float:
    """Return the share of the calls made that are right, 0 to 1.

    Without a call: 1 if none was to be made, else 0.
    """
    made, right = tool_calls(output), tool_calls(expected)
    return _n_met(made, right) / len(made) if made else float(not right)


@missing_without_answer
def trajectory_recall(output: Any, expected: Any) -> float:
    """Return the share of the right calls that were made, 0 to 1; of none 1."""
    made, right = tool_calls(output), tool_calls(expected)
    return _n_met(made, right) / len(right) if right else 1.0


@missing_without_answer
def trajectory_single_tool_use(output: Any, tool_name: str) -> bool:
    """Return whether a tool was called at all, with whatever arguments."""
    return any(call.name == tool_name for call in tool_calls(output))


def _meets(call: ToolCall, right: ToolCall) -> bool:
    return bool(call.name == right.name) and (
        right.arguments is None or same_value(call.arguments, right.arguments)
    )


def _n_met(made: Sequence[ToolCall], right: Sequence[ToolCall]) -> int:
    """Return how many calls of the reference can be met, each by a call of its own.

    Those with arguments choose first: what is left for the others is as much as can be.
    """
    left = list(made)
    n_met = 0
    for wanted in sorted(right, key=_any_will_do):
        met = next((call for call in left if _meets(call, wanted)), None)
        if met is not None:
            left.remove(met)
            n_met += 1
    return n_met


def _any_will_do(right: ToolCall) -> bool:
    return right.arguments is None
