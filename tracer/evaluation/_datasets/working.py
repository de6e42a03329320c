"""What can be done with a dataset: compare, split, check, complete."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from tracer.evaluation._datasets.core import Examples
from tracer.evaluation._datasets.difference import DatasetDifference, difference
from tracer.evaluation._datasets.duplicates import NearDuplicates, groups_of
from tracer.evaluation._datasets.schema import check_schema
from tracer.evaluation._datasets.splitting import split_examples


class Working(Examples):
    """The part of `Dataset` that works on its rows."""

    def diff(self, other: Examples) -> DatasetDifference:
        """Return what `other` adds to this dataset, removes from it and changes in it.

        Rows are matched by id. Where a row is from is no change of it.
        """
        return difference(self.examples, other.examples)

    def split(
        self,
        shares: Mapping[str, float],
        *,
        group_by: str | None = None,
        stratify_by: str | None = None,
        seed: str | int = "",
    ) -> dict[str, Self]:
        """Return datasets by name: ``split({"train": 0.8, "test": 0.2})["test"]``.

        A hash of an example's id decides, so a row stays in its split whatever rows are
        added, wherever they are put; the shares hold on average.

        Args:
            shares: How much goes into each split; 1 together.
            group_by: Key of the metadata whose value decides in place of the id: all
                rows of one user or document are in one split. A row without it stands
                for itself.
            stratify_by: Key of the metadata: of each value, every split gets its share
                to within about a row. Rows that are added at the end change nothing.
            seed: Another seed gives another split.

        Raises:
            ValueError: The shares are not 1 together, or both keys are given.
        """
        found = split_examples(
            self.examples,
            shares,
            group_by=group_by,
            stratify_by=stratify_by,
            seed=str(seed),
        )
        return {
            name: self.of(examples, name=f"{self.name}-{name}" if self.name else name)
            for name, examples in found.items()
        }

    def validate(self, schema: Mapping[str, Any]) -> None:
        """Hold every row, in the form of docs/api.md, against a JSON Schema.

        Args:
            schema: As ``{"properties": {"inputs": {"required": ["question"]}}}``.

        Raises:
            SchemaError: Rows do not fit; its ``errors`` name row, id, place and fault.
            MissingExtraError: jsonschema is not installed.
        """
        check_schema(self.examples, schema)

    def near_duplicates(
        self, *, threshold: float = 0.8, columns: Sequence[str] | None = None
    ) -> list[NearDuplicates]:
        """Return groups of rows whose inputs say nearly the same, the first rows first.

        The measure is the share of character trigrams that two rows have in common
        (Jaccard), blind to case, width and spaces; `NearDuplicates.similarity` is that
        of a group's weakest link. It reads any language, Korean too.

        Args:
            threshold: The least similarity of a pair, 0.5 to 1.
            columns: Inputs that are compared; all of them if None.

        Raises:
            MissingExtraError: numpy is not installed.
        """
        texts = [text_of(example.inputs, columns) for example in self.examples]
        return [
            NearDuplicates(
                places, tuple(self.examples[at].id for at in places), similarity
            )
            for places, similarity in groups_of(texts, threshold=threshold)
        ]

    def generate(
        self, column: str, model: Any, *, client: Any = None, concurrency: int = 8
    ) -> Self:
        """Return the dataset with the answers that are missing, made by a model.

        Only rows without one are asked, with a bar that shows how far it is. Nothing is
        recorded unless the model is traced.

        Args:
            column: ``response``, the stored output, or ``baseline_model_response``,
                which is kept as metadata for pairwise judges.
            model: A function or object as for `Evaluation.run`; with a client, the name
                of the client's model.
            client: An OpenAI-compatible client, sync or async: it is asked the row's
                ``messages``, or its ``history`` and ``prompt``.
            concurrency: How many answers are made at a time.

        Raises:
            GenerationError: The model failed for some rows; the others are in it.
            ConfigurationError: Column or model are of no use.
        """
        from tracer.evaluation._blocking import run_blocking

        asked = self.agenerate(column, model, client=client, concurrency=concurrency)
        return run_blocking(asked)

    async def agenerate(
        self, column: str, model: Any, *, client: Any = None, concurrency: int = 8
    ) -> Self:
        """Do what `generate` does, within a running loop."""
        from tracer.evaluation._datasets.generating import generate

        made = await generate(
            self.examples, column, model, client=client, concurrency=concurrency
        )
        return self.of(made, name=self.name)


def text_of(inputs: Mapping[str, Any], columns: Sequence[str] | None = None) -> str:
    """Return the texts of inputs as one: what near-duplicates are told by."""
    values = [inputs.get(key) for key in (inputs if columns is None else columns)]
    return "\n".join(part for value in values for part in _texts(value))


def _texts(value: Any) -> list[str]:
    """Return the texts within a value, in order; keys and roles say nothing."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        inner = [one for key, one in value.items() if key not in ("role", "type")]
        return [text for one in inner for text in _texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return [] if value is None else [str(value)]
