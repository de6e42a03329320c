"""Classes whose annotated fields are given by keyword, as Weave's models are."""

from typing import Any, dataclass_transform

MISSING = object()


@dataclass_transform(kw_only_default=True)
class WithFields:
    """Takes annotated fields by keyword; those without a default are required.

    What is given beyond them is kept as an attribute too.
    """

    def __init__(self, **given: Any) -> None:
        kind = type(self)
        missing = [name for name in _fields(kind) if name not in given]
        missing = [name for name in missing if getattr(kind, name, MISSING) is MISSING]
        if missing:
            raise TypeError(f"{kind.__name__}() needs {', '.join(map(repr, missing))}")
        for name, value in given.items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({said})"


def _fields(kind: type) -> list[str]:
    """Return the fields that a class and its bases in a script annotate."""
    names: dict[str, None] = {}
    for base in reversed(kind.__mro__):
        if not base.__module__.startswith("tracer."):
            names |= dict.fromkeys(vars(base).get("__annotations__", {}))
    return list(names)
