"""Attributes of ours on a client or a class, and what was in their place."""

from typing import Any, Final

_ABSENT: Final = object()


class Replaced:
    """What we put on somebody, so that it can be taken off again.

    Args:
        target: A client or a class.
        ours: The attributes that it gets, by name.
    """

    def __init__(self, target: Any, ours: dict[str, Any]) -> None:
        own = vars(target)
        self._before = {name: own.get(name, _ABSENT) for name in ours}
        self._ours = ours
        for name, value in ours.items():
            setattr(target, name, value)

    def has(self, target: Any, name: str) -> bool:
        """Return whether an attribute is ours, with nothing of others above it."""
        return vars(target).get(name, _ABSENT) is self._ours[name]

    def put_back(self, target: Any) -> None:
        """Put back what was there; what others put above ours stays.

        Args:
            target: Whoever got ours, or a copy that has its attributes.
        """
        for name, before in self._before.items():
            if not self.has(target, name):
                continue
            if before is _ABSENT:
                delattr(target, name)
            else:
                setattr(target, name, before)
