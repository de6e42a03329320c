"""Call a person's function with the columns that it asks for by name."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tracer.errors import ConfigurationError
from tracer.evaluation._paths import MISSING, said_of, value_at


class ByName:
    """A function that is given columns by the names of its parameters.

    Args:
        function: Any callable, sync or async.
        what: How it is called in errors: "model answer".
        column_map: Parameter to column, where the names differ, or to a place within
            one: ``output.answer``.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        what: str,
        column_map: Mapping[str, str] | None = None,
    ) -> None:
        self.what = what
        self._function = function
        self._column_map = dict(column_map or {})
        self._is_async = inspect.iscoroutinefunction(function) or (
            inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004
        )
        parameters = _parameters(function)
        self._takes_all = any(one.kind is one.VAR_KEYWORD for one in parameters)
        named = [
            one
            for one in parameters
            if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
        ]
        self._positional = [
            one.name for one in named if one.kind is one.POSITIONAL_ONLY
        ]
        self.names = [one.name for one in named]
        self.required = [one.name for one in named if one.default is one.empty]

    def check(self, columns: Mapping[str, Any]) -> None:
        """Raise ConfigurationError if a required parameter has no column."""
        missing = [name for name in self.required if not self._is_in(columns, name)]
        if missing:
            raise ConfigurationError(
                f"{self.what} wants {', '.join(map(repr, missing))}, but there is only "
                f"{', '.join(sorted(columns))}; rename the parameter or the column"
            )

    def bind(self, columns: Mapping[str, Any]) -> Callable[[], Any]:
        """Return the call with its arguments filled in; surplus columns are left."""
        arguments = self.arguments(columns)
        first = [arguments.pop(name) for name in self._positional if name in arguments]
        return partial(self._function, *first, **arguments)

    def arguments(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the function is given of these columns, by parameter.

        Raises:
            ValueError: Nothing stands at a place that `column_map` names.
        """
        names = dict.fromkeys(self.names)
        if self._takes_all:
            names |= dict.fromkeys(columns)
        return {
            name: self._value(columns, name)
            for name in names
            if self._is_in(columns, name)
        }

    async def call(self, columns: Mapping[str, Any]) -> Any:
        """Call it; a sync function runs in a thread, with the context of the caller."""
        bound = self.bind(columns)
        if self._is_async:
            return await bound()
        from tracer.evaluation._blocking import in_thread  # asyncio: 30 ms

        result = await in_thread(bound)
        return await result if inspect.isawaitable(result) else result

    def _is_in(self, columns: Mapping[str, Any], parameter: str) -> bool:
        """Return whether there is its column; what that holds is not known before."""
        column = self._column(parameter)
        return column in columns or column.partition(".")[0] in columns

    def _value(self, columns: Mapping[str, Any], parameter: str) -> Any:
        """Return the value of a parameter; within None there is None."""
        column = self._column(parameter)
        if column in columns:
            return columns[column]
        name, _, path = column.partition(".")
        if columns[name] is None:
            return None
        found = value_at(columns[name], path)
        if found is MISSING:
            raise ValueError(
                f"{self.what} takes {parameter!r} from {column}, and {name} is "
                f"{said_of(columns[name])}"
            )
        return found

    def _column(self, parameter: str) -> str:
        return self._column_map.get(parameter, parameter)


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some builtins say nothing about themselves
        return [inspect.Parameter("columns", inspect.Parameter.VAR_KEYWORD)]
