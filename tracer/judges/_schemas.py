"""JSON Schemas of replies, as strict structured output wants them."""

from collections.abc import Mapping, Sequence

from tracer.judges._reading import Schema


def flag(said: str) -> Schema:
    """Return the schema of a yes or no."""
    return {"type": "boolean", "description": said}


def text(said: str) -> Schema:
    """Return the schema of a text, with what is said about it."""
    return {"type": "string", "description": said}


def choice(options: Sequence[str], said: str) -> Schema:
    """Return the schema of one of some texts."""
    return {"type": "string", "enum": list(options), "description": said}


def level(options: Sequence[int], said: str) -> Schema:
    """Return the schema of one of some whole numbers."""
    return {"type": "integer", "enum": list(options), "description": said}


def number(said: str) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", "description": said}


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def record(properties: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object, all of whose keys are there, and no others.

    The order is the order in which a model writes them: explanations go first.
    """
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
