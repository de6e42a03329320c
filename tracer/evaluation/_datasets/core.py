"""Examples in their order: what every part of `Dataset` works on."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Self

from tracer.evaluation._identity import row_hash, version_of
from tracer.evaluation._rows import Example, read_row, refuse_shared_ids


class Examples:
    """Rows read into examples; ids and version follow from what the rows say."""

    def __init__(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        name: str = "",
        version: str | None = None,
    ) -> None:
        self.name = name
        self.examples = tuple(
            read_row(row, number=number) for number, row in enumerate(rows)
        )
        self._version = version
        refuse_shared_ids(self.examples)

    @classmethod
    def of(cls, examples: Iterable[Example], *, name: str = "") -> Self:
        """Return a dataset of examples that are read already."""
        made = cls((), name=name)
        made.examples = tuple(examples)
        refuse_shared_ids(made.examples)
        return made

    @cached_property
    def version(self) -> str:
        """The collector's version, else a hash of the rows in their order.

        Where a row was read from (file and line) is not part of it.
        """
        return self._version or version_of(
            row_hash(example.row) for example in self.examples
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows in the form of docs/api.md."""
        return [example.row for example in self.examples]

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    def __getitem__(self, index: int) -> Example:
        return self.examples[index]

    def __repr__(self) -> str:
        return f"Dataset({self.name!r}, {len(self)} rows, version {self.version})"
