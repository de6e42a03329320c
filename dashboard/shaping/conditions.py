"""The pages' filter language: ``model = gpt-4o`` ↔ ``("model", "=", "gpt-4o")``."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

Value = str | float | bool | list[str] | None
Condition = tuple[str, str, Value]

OPERATORS: Final = (
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "contains",
    "starts_with",
    "exists",
    "missing",
)
FIELDS: Final = (
    "status",
    "name",
    "kind",
    "model",
    "user_id",
    "session_id",
    "tags",
    "environment",
    "release",
    "prompt_name",
    "prompt_version",
    "duration_ms",
    "cost_usd",
    "total_tokens",
    "n_errors",
    "input",
    "output",
    "text",
    "metadata.",
    "score.",
    "attributes.",
    "resource.",
    "span.name",
    "span.kind",
)
ALIASES: Final = {
    "user": "user_id",
    "session": "session_id",
    "tag": "tags",
    "duration": "duration_ms",
    "latency": "duration_ms",
    "cost": "cost_usd",
    "tokens": "total_tokens",
    "env": "environment",
    "prompt": "prompt_name",
    "version": "release",
    "errors": "n_errors",
}
_OPEN_FIELDS: Final = ("metadata.", "score.", "attributes.", "resource.", "span.")
NUMBER_FIELDS: Final = frozenset(
    {
        "duration_ms",
        "cost_usd",
        "total_tokens",
        "input_tokens",
        "output_tokens",
        "n_spans",
        "n_errors",
        "n_examples",
        "n_predictions",
        "trial",
    }
)
COMPARISON: Final = re.compile(
    r"^\s*(?P<field>[\w.\-]+)\s*"
    r"(?P<op><=|>=|=>|=<|<>|==|!=|=|<|>|:|~|\bin\b|\bcontains\b|\bstarts_with\b)"
    r"\s*(?P<value>.+?)\s*$",
    re.DOTALL | re.IGNORECASE,
)
_PRESENCE: Final = re.compile(
    r"^\s*(?P<field>[\w.\-]+)\s+(?P<op>exists|missing)\s*$", re.IGNORECASE
)
_WRITTEN: Final = {
    "==": "=",
    ":": "=",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "~": "contains",
}
"""What people write for an operator, coming from elsewhere."""
_NUMBER: Final = re.compile(r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
_AMOUNT: Final = re.compile(r"^(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z$]+)$")
_UNITS: Final = {
    "duration_ms": {"ms": 1.0, "s": 1e3, "min": 6e4, "m": 6e4, "h": 3.6e6},
    "cost_usd": {"$": 1.0, "usd": 1.0},
    "total_tokens": {"k": 1e3, "m": 1e6},
    "input_tokens": {"k": 1e3, "m": 1e6},
    "output_tokens": {"k": 1e3, "m": 1e6},
}
"""Units in which people write a number, and what each is in the field's own."""


def parse(text: str) -> Condition:
    """Read one condition; text that is none is searched in inputs and outputs.

    ``tags = x`` means membership. Quotes keep a value text: ``metadata.zip = "0123"``.
    """
    presence = _PRESENCE.match(text)
    if presence and is_field(presence["field"]):
        return _field(presence["field"]), presence["op"].lower(), None
    comparison = COMPARISON.match(text)
    if comparison is None or not is_field(comparison["field"]):
        return "text", "contains", text.strip()
    field, op = _field(comparison["field"]), comparison["op"].lower()
    op = _WRITTEN.get(op, op)
    if field == "tags" and op == "=":
        op = "contains"
    if op == "in":
        return (
            field,
            op,
            [_unquoted(part.strip()) for part in comparison["value"].split(",")],
        )
    return field, op, _value(field, op, comparison["value"])


def searched(texts: Iterable[str]) -> list[str]:
    """Return the texts that are no condition, and are searched for as they are."""
    return [
        text.strip()
        for text in texts
        if parse(text) == ("text", "contains", text.strip())
    ]


def write(condition: Sequence[object]) -> str:
    """Return a condition as `parse` reads it."""
    field, op, value = condition
    if op in {"exists", "missing"}:
        return f"{field} {op}"
    if isinstance(value, list | tuple):
        return f"{field} {op} {', '.join(str(part) for part in value)}"
    if isinstance(value, bool):
        return f"{field} {op} {str(value).lower()}"
    written = f"{field} {op} {value}"
    # what would be read as a number, or lose its quotes or spaces, is put into quotes
    if isinstance(value, str) and parse(written)[2] != value:
        return f'{field} {op} "{value}"'
    return written


def trace_conditions(
    texts: Iterable[str], *, search: str = "", status: str | None = None
) -> list[Condition]:
    """Return the filter of a list of traces from what its bar holds.

    A trace has many spans: ``kind`` and ``model`` mean that some span of it matches.
    """
    conditions = [parse(text) for text in texts if text.strip()]
    conditions = [
        (f"span.{field}" if field in {"kind", "model"} else field, op, value)
        for field, op, value in conditions
    ]
    if search.strip():
        conditions.append(("text", "contains", search.strip()))
    if status == "step_failed":
        conditions += [("status", "!=", "error"), ("n_errors", ">", 0)]
    elif status:
        conditions.append(("status", "=", status))
    return conditions


def is_field(name: str) -> bool:
    """Return whether a condition on this name reaches the collector."""
    name = _spelt(name)
    return (
        name in FIELDS
        or name in ALIASES
        or name in NUMBER_FIELDS
        or (name.startswith(_OPEN_FIELDS) and not name.endswith("."))
        or name
        in {"provider", "service", "models", "trace_id", "evaluation_id", "dataset"}
        or name in {"example_id", "prompt_name", "prompt_version", "operation"}
        or name in {"error_type", "status_message", "scope"}
    )


def _spelt(name: str) -> str:
    """Return a field as it is spelt; the keys of maps keep their case."""
    prefix, dot, key = name.partition(".")
    return f"{prefix.lower()}{dot}{key}"


def _field(name: str) -> str:
    name = _spelt(name)
    return ALIASES.get(name, name)


def _value(field: str, op: str, text: str) -> str | float | bool:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1]
    if (amount := _amount(field, text)) is not None:
        return amount
    typed = field in NUMBER_FIELDS or field.startswith(
        ("metadata.", "score.", "attributes.")
    )
    if op in {"<", "<=", ">", ">="} or (typed and op in {"=", "!="}):
        if text in {"true", "false"}:
            return text == "true"
        if _NUMBER.match(text):
            return _shortest(float(text), text)
    return text


def _amount(field: str, text: str) -> float | None:
    """Return what a number with a unit is in the field's own (``2s`` → 2000)."""
    units = _UNITS.get(field)
    if text.startswith("$"):
        text = f"{text[1:]}$"
    written = _AMOUNT.match(text.lower())
    if not units or not written or written["unit"] not in units:
        return None
    number = float(written["number"]) * units[written["unit"]]
    return int(number) if number.is_integer() else number


def _shortest(number: float, text: str) -> float:
    return int(number) if number.is_integer() and "." not in text else number


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text
