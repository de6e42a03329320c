"""Prompts over the columns of a row: ``Translate: {text}``."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tracer.errors import ConfigurationError
from tracer.judges._prompts import shown

Message = dict[str, Any]

_PLACE: Final = re.compile(r"(?<!\{)\{([^\W\d][\w.]*)\}(?!\})")
"""A name in single braces; other braces, as of JSON, stay as they are."""

_PLACE_OR_BRACES: Final = re.compile(
    rf"{_PLACE.pattern}|\{{(?P<braced>\{{[^\W\d][\w.]*\}})\}}"
)
"""A place, or a name in double braces."""

_ROLES: Final = frozenset({"system", "developer", "user", "assistant", "tool"})


def places(template: str) -> list[str]:
    """Return the columns that a template names, in order, each once."""
    return list(dict.fromkeys(_PLACE.findall(template)))


def lacking(template: str, columns: Iterable[str]) -> list[str]:
    """Return the names in a template that are no columns.

    A dotted name is a path into a column: ``{order.id}``.
    """
    known = set(columns)
    named = places(template)
    return [one for one in named if one not in known and _head(one) not in known]


def prefilled(columns: Iterable[str]) -> str:
    """Return a template that shows a model every column.

    One column stands alone, as a question does; several have their names before.
    """
    names = [name for name in columns if _PLACE.fullmatch(f"{{{name}}}")]
    if len(names) == 1:
        return f"{{{names[0]}}}"
    return "\n\n".join(f"{name}: {{{name}}}" for name in names)


def filled(template: str, columns: Mapping[str, Any]) -> str:
    """Return a template with the row's values in its places.

    Texts stand as they are, anything else as JSON; ``{{name}}`` gives ``{name}``.

    Raises:
        ConfigurationError: It names what the row has not.
    """

    def value(found: re.Match[str]) -> str:
        return found["braced"] or shown(_at(found[1], columns))

    # in one pass: braces within a value are the row's, and stay
    return _PLACE_OR_BRACES.sub(value, template)


def messages(
    template: str, columns: Mapping[str, Any], *, system: str | None = None
) -> list[Message]:
    """Return what a model is sent for a row.

    A template of one place alone, whose value is a list of messages, stands for that
    conversation.

    Raises:
        ConfigurationError: A template names what the row has not.
    """
    before = [{"role": "system", "content": filled(system, columns)}] if system else []
    alone = _PLACE.fullmatch(template.strip())
    if alone is not None and _is_talk(talk := _at(alone[1], columns)):
        return [*before, *talk]
    return [*before, {"role": "user", "content": filled(template, columns)}]


def _is_talk(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(one, Mapping) and one.get("role") in _ROLES and "content" in one
            for one in value
        )
    )


def _at(name: str, columns: Mapping[str, Any]) -> Any:
    if name in columns:
        return columns[name]
    value: Any = columns
    for step in name.split("."):
        if not isinstance(value, Mapping) or step not in value:
            there = ", ".join(sorted(map(str, columns)))
            raise ConfigurationError(
                f"the prompt names {{{name}}}, and the row has {there}; write braces "
                "that are none twice: {{" + name + "}}"
            )
        value = value[step]
    return value


def _head(name: str) -> str:
    return name.partition(".")[0]
