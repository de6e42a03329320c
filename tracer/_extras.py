"""Import an optional library, or say which extra brings it."""

from importlib import import_module
from types import ModuleType

from tracer.errors import MissingExtraError


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Return the imported module `module`.

    Args:
        module: Dotted name of the library's module.
        extra: The extra of this distribution that installs it.
        purpose: What needs it, as the subject of the error's sentence.

    Raises:
        MissingExtraError: The library is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        library = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != library:
            raise
        raise MissingExtraError(
            f"{purpose} needs {library!r}, which is not installed: "
            f"pip install 'tracer-evals[{extra}]'"
        ) from None
