"""From spans to dataset rows: which path of a span becomes which column."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tracer.evaluation._datasets.spans import at
from tracer.evaluation._identity import content_hash

Row = Mapping[str, Any]

NOTHING: Final = ""
INPUT: Final = "input"
OUTPUT: Final = "output"
EXPECTED: Final = "expected"
METADATA: Final = "metadata"
MOST_KEYS: Final = 40
"""Keys of one object that are offered."""

FACTS: Final = (
    *("name", "model", "user_id", "session_id", "environment"),
    *("prompt_name", "prompt_version", "duration_ms", "cost_usd", "tags"),
)
"""Columns of a span that can become metadata."""

ASKED: Final = "messages.asked"
SYSTEM: Final = "messages.system"
CONTEXT: Final = "retriever.output"
_NAMES: Final = {ASKED: "question", SYSTEM: "system", CONTEXT: "context"}
_ANSWERS: Final = (
    *("expected", "reference", "ideal", "answer", "ground_truth", "label"),
    *("정답", "기대값"),
)


@dataclass(frozen=True)
class Mapped:
    """Which paths of a span become which parts of a row."""

    inputs: Mapping[str, str] = field(default_factory=lambda: {"": INPUT})
    """Column → path; under the empty name an object is taken with all its keys."""
    expected: str = NOTHING
    """Path of the reference answer."""
    output: str = OUTPUT
    """Path of the stored response, so that it can be graded without a model call."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Key → path."""


def paths(spans: Sequence[Row]) -> list[str]:
    """Return what can be mapped, in the order in which people think of it."""
    found: dict[str, None] = {}
    for part in (INPUT, OUTPUT, EXPECTED):
        values = [value_at(span, part) for span in spans]
        if part == EXPECTED and all(value is None for value in values):
            continue
        found[part] = None
        for value in values:
            if isinstance(value, Mapping):
                found |= dict.fromkeys(f"{part}.{key}" for key in _keys(value))
    for path in (ASKED, SYSTEM, CONTEXT):
        if any(value_at(span, path) is not None for span in spans):
            found[path] = None
    for span in spans:
        metadata = span.get("metadata") or {}
        found |= dict.fromkeys(f"{METADATA}.{key}" for key in _keys(metadata))
    for name in FACTS:
        if any(span.get(name) not in (None, "", []) for span in spans):
            found[name] = None
    return list(found)


def _keys(value: Row) -> list[str]:
    return [str(key) for key in value if "." not in str(key)][:MOST_KEYS]


def first_guess(spans: Sequence[Row]) -> Mapped:
    """Return the mapping that these spans ask for: their inputs by name."""
    known = paths(spans)
    inputs = [path for path in known if path.startswith(f"{INPUT}.")] or [INPUT]
    if spans and all(_is_one_question(span) for span in spans):
        inputs = [path for path in (SYSTEM, ASKED) if path in known]
    if CONTEXT in known and "context" not in map(named, inputs):
        inputs.append(CONTEXT)
    metadata = [path for path in known if path.startswith(f"{METADATA}.")]
    expected = _answer(known)
    kept = [path for path in metadata if path != expected]
    return Mapped(
        inputs=columns_of(inputs),
        expected=expected,
        output=OUTPUT,
        metadata={named(path): path for path in kept},
    )


def _is_one_question(span: Row) -> bool:
    """Return whether a model was told one thing, after a system prompt or none."""
    if span["input"] is not None:
        return False
    roles = [
        message.get("role")
        for message in span.get("messages") or []
        if "finish_reason" not in message
    ]
    return roles[-1:] == ["user"] and set(roles[:-1]) <= {"system", "developer"}


def _answer(known: Sequence[str]) -> str:
    if EXPECTED in known:
        return EXPECTED
    wanted = (f"{METADATA}.{name}" for name in _ANSWERS)
    return next((path for path in wanted if path in known), NOTHING)


def named(path: str) -> str:
    """Return the column's name that a path suggests."""
    return _NAMES.get(path) or path.rpartition(".")[2]


def columns_of(
    chosen: Iterable[str], names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return column → path; equal names get a number.

    Args:
        chosen: Paths.
        names: What people call the column of a path, where it is not `named`.
    """
    made: dict[str, str] = {}
    for path in chosen:
        name = (names or {}).get(path, "").strip() or named(path)
        number = 2
        column = name
        while column in made:
            column, number = f"{name}_{number}", number + 1
        made[column] = path
    return made


def value_at(span: Row, path: str) -> Any:
    """Return what stands at a path of a span; None if nothing does.

    Where a model call has no input or output of its own, its messages tell.
    """
    if path == NOTHING:
        return None
    if path in (ASKED, SYSTEM):
        return _words_of(span, "user" if path == ASKED else "system")
    part = path.partition(".")[0]
    if part in (INPUT, OUTPUT) and span.get(part) is None:
        told = {part: _from_messages(span, said=part == OUTPUT)}
        return at(told, path)
    return at(span, path)


def example(span: Row, mapped: Mapped) -> dict[str, Any]:
    """Return the dataset row that a span becomes."""
    inputs: dict[str, Any] = {}
    for column, path in mapped.inputs.items():
        value = value_at(span, path)
        if column and value is not None:
            inputs[column] = value
        elif column:
            continue
        elif isinstance(value, Mapping) and value:
            inputs |= value
        else:
            inputs["input"] = value
    facts = {key: value_at(span, path) for key, path in mapped.metadata.items()}
    return {
        "inputs": inputs,
        "expected": value_at(span, mapped.expected),
        "output": value_at(span, mapped.output),
        "metadata": {key: fact for key, fact in facts.items() if fact is not None},
        "source": {"trace_id": span["trace_id"], "span_id": span["span_id"]},
    }


def distinct(examples: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first example of each input: what would be one id in a dataset."""
    found: dict[str, dict[str, Any]] = {}
    for row in examples:
        found.setdefault(content_hash(row["inputs"]), row)
    return list(found.values())


def _from_messages(span: Row, *, said: bool) -> Any:
    messages = list(span.get("messages") or [])
    spoken = [message for message in messages if "finish_reason" in message]
    if said:
        return _words(spoken[-1]) if spoken else None
    return {"messages": [message for message in messages if message not in spoken]}


def _words_of(span: Row, role: str) -> Any:
    """Return what the last message of a role says, of those that a model was told."""
    found = [
        message
        for message in span.get("messages") or []
        if "finish_reason" not in message and _is_of(message, role)
    ]
    return _words(found[-1]) if found else None


def _is_of(message: Row, role: str) -> bool:
    return message.get("role") in ({role, "developer"} if role == "system" else {role})


def _words(message: Row) -> Any:
    parts = message["parts"]
    texts = [part.get("content") for part in parts if part.get("type") == "text"]
    return "\n".join(texts) if len(texts) == len(parts) else parts


def is_name(column: str) -> bool:
    """Return whether a column can be called this: a dot would part it in files."""
    return bool(re.fullmatch(r"[^.\s][^.]*", column))
