"""Outputs that should be JSON: are they, do they fit, which values are right."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import isclose
from typing import Any, Final

import orjson

from tracer._extras import require
from tracer.evaluation import Scored
from tracer.metrics._missing import missing_without_answer

MOST_LISTED: Final = 20
"""An explanation lists this many differences at most, and says how many more."""

Path = tuple[str | int, ...]
Leaves = dict[Path, Any]

_ABSENT: Final = object()


@missing_without_answer
def json_valid(output: Any) -> Scored:
    """Return whether a text is JSON (RFC 8259), nothing around it; if not, why.

    A value that is no text has been read already and is valid.
    """
    _, problem = _read(output)
    return Scored(problem is None, explanation=problem)


@missing_without_answer
def json_schema_valid(output: Any, schema: Mapping[str, Any] | str) -> Scored:
    """Return whether an output is JSON that a schema allows; if not, what is wrong.

    Args:
        output: JSON text, or a value.
        schema: A JSON Schema, or its text; of the draft that it names, else 2020-12.

    Raises:
        ValueError: The schema is none, or refers to another that is not in it.
    """
    validator = _validator(_text(schema))
    value, problem = _read(output)
    if problem is not None:
        return Scored(False, explanation=problem)
    unresolvable = require("referencing.exceptions", extra="evals", purpose="a schema")
    try:
        errors = sorted(validator.iter_errors(value), key=lambda error: error.json_path)
    except unresolvable.Unresolvable as error:
        raise ValueError(
            f"the schema refers to {error.ref!r}, which is not in it; write it there"
        ) from None
    faults = [f"{_where(tuple(one.absolute_path))}: {one.message}" for one in errors]
    return Scored(not errors, explanation=_listed(faults))


@missing_without_answer
def json_diff(
    output: Any, expected: Any, *, relative: float = 0.0, absolute: float = 0.0
) -> Scored:
    """Return the share of leaves that are right, 0 to 1, and the list of differences.

    A leaf is a text, number, yes/no, null or empty container, at its path; those of
    output and expected are counted together, so that what is missing and what was
    invented both count as wrong. Lists are compared place by place. Texts and keys are
    compared in composed form (NFC). An output that is no JSON scores 0.

    Args:
        output: JSON text, or a value.
        expected: JSON text, or a value.
        relative: Difference of two numbers allowed, as a part of the larger.
        absolute: Difference of two numbers allowed in any case.

    Raises:
        ValueError: `expected` is a text that is no JSON.
    """
    wanted, problem = _read(expected)
    if problem is not None:
        raise ValueError(f"expected is a text, but {problem}; give JSON")
    value, problem = _read(output)
    if problem is not None:
        return Scored(0.0, explanation=problem)
    right, found = dict(_leaves(wanted)), dict(_leaves(value))
    paths = right | found
    differences = [
        _difference(path, right, found)
        for path in paths
        if not same(
            right.get(path, _ABSENT), found.get(path, _ABSENT), relative, absolute
        )
    ]
    share = 1 - len(differences) / len(paths)
    return Scored(share, explanation=_listed(differences))


def _read(value: Any) -> tuple[Any, str | None]:
    """Return the value of a JSON text, or why it is none."""
    if not isinstance(value, str):
        return value, None
    try:
        return orjson.loads(value), None
    except orjson.JSONDecodeError as error:
        return None, f"it is not JSON: {error}"


def _text(schema: Mapping[str, Any] | str) -> str:
    return schema if isinstance(schema, str) else orjson.dumps(schema).decode()


@lru_cache(maxsize=64)
def _validator(schema: str) -> Any:
    """Return what checks values; a schema elsewhere on the net is never fetched."""
    jsonschema = require("jsonschema", extra="evals", purpose="a JSON Schema")
    drafts = require("jsonschema_specifications", extra="evals", purpose="a schema")
    wanted, problem = _read(schema)
    if problem is not None:
        raise ValueError(f"the schema is a text, but {problem}")
    kind = jsonschema.validators.validator_for(
        wanted, default=jsonschema.Draft202012Validator
    )
    try:
        kind.check_schema(wanted)
    except jsonschema.SchemaError as error:
        raise ValueError(
            f"the schema is wrong at {_where(tuple(error.path))}: {error.message}"
        ) from None
    return kind(wanted, registry=drafts.REGISTRY)


def _leaves(value: Any) -> Iterator[tuple[Path, Any]]:
    """Yield every leaf with its path, in the order of the text."""
    todo: list[tuple[Path, Any]] = [((), value)]
    while todo:
        path, value = todo.pop()
        parts: list[tuple[Path, Any]] = []
        if isinstance(value, Mapping):
            parts = [((*path, _composed(str(key))), value[key]) for key in value]
        elif isinstance(value, list | tuple):
            parts = [((*path, place), part) for place, part in enumerate(value)]
        if parts:
            todo.extend(reversed(parts))
        else:
            yield path, value


def same(wanted: Any, found: Any, relative: float = 0.0, absolute: float = 0.0) -> bool:
    """Return whether two leaves are the same value."""
    if isinstance(wanted, str) and isinstance(found, str):
        return _composed(wanted) == _composed(found)
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int | float) and isinstance(found, int | float):
        return wanted == found or _near(wanted, found, relative, absolute)
    return bool(wanted == found)


def _near(wanted: float, found: float, relative: float, absolute: float) -> bool:
    try:
        return isclose(wanted, found, rel_tol=relative, abs_tol=absolute)
    except OverflowError:  # an integer beyond all floats
        return False


def _difference(path: Path, wanted: Leaves, found: Leaves) -> str:
    where = _where(path)
    if path not in found:
        return f"{where}: {_shown(wanted[path])} is missing"
    if path not in wanted:
        return f"{where}: {_shown(found[path])} is not expected"
    return f"{where}: {_shown(found[path])} instead of {_shown(wanted[path])}"


def _where(path: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "$" + "".join(steps)


def _shown(value: Any) -> str:
    try:
        return orjson.dumps(value, default=str).decode()
    except TypeError:  # an integer beyond 64 bits
        return str(value)


def _listed(lines: list[str]) -> str | None:
    more = len(lines) - MOST_LISTED
    shown = lines[:MOST_LISTED] + ([f"… and {more} more"] if more > 0 else [])
    return "\n".join(shown) or None


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
