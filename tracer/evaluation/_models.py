"""What is evaluated: a function, or an object with `predict`, `invoke` and the like."""

import inspect
from collections.abc import Callable
from typing import Any, Final

from tracer.errors import ConfigurationError

METHODS: Final = ("predict", "infer", "forward", "invoke")
"""Methods that answer, in the order in which they are looked for."""


def model_function(model: Any) -> Callable[..., Any]:
    """Return what to call of a model.

    Raises:
        ConfigurationError: It is a class, or nothing of it can be called.
    """
    if inspect.isclass(model):
        raise ConfigurationError(
            f"model {model.__name__} is a class; give an instance: {model.__name__}()"
        )
    for method in METHODS:
        function = getattr(model, method, None)
        if callable(function):
            return function  # type: ignore[no-any-return]
    if callable(model):
        return model  # type: ignore[no-any-return]
    raise ConfigurationError(
        f"model {model!r} cannot be called; give a function, or an object with one of "
        f"{', '.join(METHODS)}"
    )
