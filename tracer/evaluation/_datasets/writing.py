"""From a dataset into other forms."""

from typing import Any

from tracer._extras import require
from tracer.evaluation._datasets import csv_files, lines
from tracer.evaluation._datasets.core import Examples
from tracer.evaluation._datasets.files import FilePath, write_text
from tracer.evaluation._datasets.openai_forms import Answer


class Writing(Examples):
    """The part of `Dataset` that writes: every ``to_…``; paths as in reading."""

    def to_jsonl(self, path: FilePath) -> None:
        """Write one row a line, in the form of docs/api.md; reads back the same."""
        write_text(path, lines.as_lines(rows_of(self)))

    def to_csv(self, path: FilePath) -> None:
        """Write a CSV file that spreadsheets open; reads back the same.

        Texts that would run as a formula begin with a quote.
        """
        write_text(path, csv_files.as_csv(rows_of(self)))

    def to_parquet(self, path: FilePath) -> None:
        """Write a Parquet file; reads back the same.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        from tracer.evaluation._datasets.tables import write_parquet

        write_parquet(path, rows_of(self))

    def to_pandas(self) -> Any:
        """Return a DataFrame: ``id``, the inputs, ``expected``, ``output``."""
        pandas = require("pandas", extra="dashboard", purpose="a DataFrame")
        return pandas.DataFrame(
            [
                {"id": example.id, **example.inputs}
                | {"expected": example.expected, "output": example.output}
                for example in self.examples
            ]
        )

    def to_hugging_face(self) -> Any:
        """Return a ``datasets.Dataset``; `from_hugging_face` reads it back the same.

        Raises:
            MissingExtraError: `datasets` is not installed.
        """
        from tracer.evaluation._datasets.hugging_face import as_hugging_face

        return as_hugging_face(rows_of(self), name=self.name)

    def to_openai_evals(self, path: FilePath, *, hosted: bool = False) -> None:
        """Write samples of OpenAI's evals, one a line.

        Args:
            path: Where to.
            hosted: ``{"item": …, "sample": …}``, as the hosted Evals take them, in
                place of ``{"input": …, "ideal": …}``.

        Raises:
            ValueError: Inputs of a row are neither messages nor one text.
        """
        from tracer.evaluation._datasets.openai_forms import evals_row, hosted_row

        rows = [
            hosted_row(example) if hosted else evals_row(example, number)
            for number, example in enumerate(self.examples)
        ]
        write_text(path, lines.as_lines(rows))

    def to_openai_fine_tuning(
        self, path: FilePath, *, answer: Answer = "expected"
    ) -> None:
        """Write training examples of the chat form, one a line.

        Args:
            path: Where to.
            answer: What the assistant is to learn: ``expected`` or ``output``.

        Raises:
            ValueError: A row has no such answer, or no prompt.
        """
        from tracer.evaluation._datasets.openai_forms import fine_tuning_row

        rows = [
            fine_tuning_row(example, number, answer)
            for number, example in enumerate(self.examples)
        ]
        write_text(path, lines.as_lines(rows))

    def to_vertex(self) -> list[dict[str, Any]]:
        """Return rows with Vertex AI's column names, for ``DataFrame(rows)``."""
        from tracer.evaluation._datasets.vertex import vertex_row

        return [vertex_row(row) for row in rows_of(self)]


def rows_of(dataset: Examples) -> list[dict[str, Any]]:
    """Return rows in the form of docs/api.md, whatever form `rows` has elsewhere."""
    return [example.row for example in dataset.examples]
