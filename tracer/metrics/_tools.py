"""A model's tool call against the right one, by the names and rules of Vertex AI.

Source: "Define your evaluation metrics", section "Tool use and function calling", of
Vertex AI's documentation (the service itself is closed). Calls are read as `tool_calls`
reads them; only the first is looked at.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tracer.metrics._calls import ToolCall, tool_calls
from tracer.metrics._json import json_diff
from tracer.metrics._missing import missing_without_answer


@missing_without_answer
def tool_call_valid(output: Any) -> bool:
    """Return whether the first call has a name, and an object of arguments."""
    call = _first(output)
    return (
        call is not None
        and isinstance(call.name, str)
        and bool(call.name)
        and isinstance(call.arguments, Mapping)
    )


@missing_without_answer
def tool_name_match(output: Any, expected: Any) -> bool:
    """Return whether the first call is of the right tool; or rightly there is none."""
    call, right = _first(output), _first(expected)
    if call is None or right is None:
        return call is right
    return bool(call.name == right.name)


@missing_without_answer
def tool_parameter_key_match(output: Any, expected: Any) -> float:
    """Return the share of the first call's parameters whose names are right, 0 to 1.

    Names of both calls are counted together, so that a parameter which is missing and
    one which was invented both count as wrong; Vertex's page says "the total number of
    parameters", and no more. Two calls without parameters match.
    """
    return _share(output, expected, lambda value, right: True)


@missing_without_answer
def tool_parameter_kv_match(output: Any, expected: Any) -> float:
    """Return the share of the first call's parameters that are right in name and value.

    Counted as in `tool_parameter_key_match`; values are compared as in `json_diff`.
    """
    return _share(output, expected, same_value)


def same_value(value: Any, right: Any) -> bool:
    """Return whether two values are the same JSON, texts in composed form."""
    return json_diff(_boxed(value), _boxed(right)).value == 1


def _boxed(value: Any) -> list[Any]:
    """Return a value such that a text in it is not read as JSON."""
    return [value]


def _share(output: Any, expected: Any, matches: Callable[[Any, Any], bool]) -> float:
    call, right = _first(output), _first(expected)
    if call is None or right is None:
        return float(call is right)
    found, wanted = _parameters(call), _parameters(right)
    names = found.keys() | wanted.keys()
    rights = sum(
        matches(found[name], wanted[name]) for name in found.keys() & wanted.keys()
    )
    return rights / len(names) if names else 1.0


def _parameters(call: ToolCall) -> Mapping[str, Any]:
    return call.arguments if isinstance(call.arguments, Mapping) else {}


def _first(value: Any) -> ToolCall | None:
    return next(iter(tool_calls(value)), None)
