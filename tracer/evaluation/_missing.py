"""What a table says of a value that it lacks, and what becomes of it: None."""

from collections.abc import Mapping
from typing import Any, Final


def is_missing(value: Any) -> bool:
    """Return whether a value says that nothing is there: None, NaN, NaT or pandas.NA.

    By their types: values of other libraries may answer a comparison with an array, or
    with an expression that is neither true nor false.
    """
    if value is None:
        return True
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if library == "pandas":
        return kind.__name__ in _NOTHING
    if library == "decimal":
        return kind.__name__ == "Decimal" and bool(value.is_nan())
    is_scalar = library == "numpy" and getattr(value, "shape", None) == ()
    # as nothing else does, they differ from themselves
    return bool(value != value) if is_scalar or isinstance(value, float) else False


_NOTHING: Final = ("NAType", "NaTType")


def without_missing(value: Any) -> Any:
    """Return a value as it was given, but None if it is missing.

    What stands in a mapping's columns is looked at, too, not what stands deeper.
    """
    if hasattr(value, "_asdict"):  # a row of DataFrame.itertuples()
        value = value._asdict()
    if isinstance(value, Mapping):
        if not any(found is not None and is_missing(found) for found in value.values()):
            return value
        return {
            key: None if is_missing(found) else found for key, found in value.items()
        }
    return None if is_missing(value) else value
