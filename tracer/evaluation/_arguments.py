"""Call a person's function with the columns that it asks for by name."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tracer.errors import ConfigurationError


class ByName:
    """A function that is given columns by the names of its parameters.

    Args:
        function: Any callable, sync or async.
        what: How it is called in errors: "model answer".
        column_map: Parameter to column, where the names differ.
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
        missing = [name for name in self.required if self._column(name) not in columns]
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
        """Return what the function is given of these columns, by parameter."""
        names = dict.fromkeys(self.names)
        if self._takes_all:
            names |= dict.fromkeys(columns)
        return {
            name: columns[self._column(name)]
            for name in names
            if self._column(name) in columns
        }

    async def call(self, columns: Mapping[str, Any]) -> Any:
        """Call it; a sync function runs in a thread, with the context of the caller."""
        bound = self.bind(columns)
        if self._is_async:
            return await bound()
        from tracer.evaluation._blocking import in_thread  # asyncio: 30 ms

        result = await in_thread(bound)
        return await result if inspect.isawaitable(result) else result

    def _column(self, parameter: str) -> str:
        return self._column_map.get(parameter, parameter)


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # some builtins say nothing about themselves
        return [inspect.Parameter("columns", inspect.Parameter.VAR_KEYWORD)]
