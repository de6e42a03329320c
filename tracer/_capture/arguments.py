"""The arguments of a call under their names, worked out once for a function."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

_RECEIVERS: Final = ("self", "cls", "mcs")


class Arguments:
    """How one function names what it is given.

    `inspect.Signature.bind` costs more than all the rest of a record, and refuses
    what the function itself should refuse.
    """

    __slots__ = ("_names", "_rest", "_keywords_rest", "_has_receiver", "_defaults")

    def __init__(self, function: Callable[..., Any]) -> None:
        parameters = _parameters(function)
        named = [p for p in parameters if p.kind is not p.KEYWORD_ONLY]
        self._names = tuple(
            p.name for p in named if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        )
        self._rest = _name_of(parameters, inspect.Parameter.VAR_POSITIONAL) or "args"
        self._keywords_rest = _name_of(parameters, inspect.Parameter.VAR_KEYWORD)
        if self._names and self._names[0] in _RECEIVERS and _is_in_class(function):
            self._names = ("", *self._names[1:])
        self._has_receiver = "" in self._names
        self._defaults = {
            p.name: p.default for p in parameters if p.default is not p.empty
        }

    def read(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return a call's arguments by name, defaults included, the receiver not."""
        names = self._names
        given = dict(zip(names, args))  # noqa: B905  the keyword costs a fifth of this
        if self._has_receiver:
            given.pop("", None)
        if len(args) > len(names):
            given[self._rest] = list(args[len(names) :])
        if kwargs:
            self._add_keywords(given, kwargs)
        for name in self._defaults:
            if name not in given:
                given[name] = self._defaults[name]
        return given

    def _add_keywords(self, given: dict[str, Any], kwargs: Mapping[str, Any]) -> None:
        rest = self._keywords_rest
        if rest is None:
            given.update(kwargs)
            return
        for name, value in kwargs.items():
            if name in self._names or name in self._defaults:
                given[name] = value
            else:
                given.setdefault(rest, {})[name] = value


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters; none for a builtin that does not tell them."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _name_of(parameters: list[inspect.Parameter], kind: Any) -> str | None:
    return next((p.name for p in parameters if p.kind is kind), None)


def _is_in_class(function: Callable[..., Any]) -> bool:
    """Return whether a function stands in the body of a class, as its name tells."""
    qualified: str = getattr(function, "__qualname__", "")
    return "." in qualified.rpartition("<locals>.")[2]
