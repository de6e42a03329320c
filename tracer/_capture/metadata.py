"""Metadata of a span: a mapping that writes through to its attributes."""

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracer._capture.spans import Span


class Metadata(MutableMapping[str, Any]):
    """What was set so far; each key is recorded at the moment it is set.

    An attribute cannot be taken back: deleting a key leaves an empty text on the wire.
    """

    __slots__ = ("_span", "_values")

    def __init__(self, span: "Span") -> None:
        self._span = span
        self._values: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._values[key] = value
        self._span.set_metadata(key, value)

    def __delitem__(self, key: str) -> None:
        del self._values[key]
        self._span.set_metadata(key, "")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)
