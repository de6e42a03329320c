"""From other forms into a dataset."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from tracer.evaluation._datasets import csv_files, lines
from tracer.evaluation._datasets.core import Examples
from tracer.evaluation._datasets.files import FilePath, name_after
from tracer.evaluation._datasets.spans import row_of_span

if TYPE_CHECKING:
    from tracer._client.asking import Time, Where
    from tracer.client import Client


class Reading(Examples):
    """The part of `Dataset` that reads: every ``from_…``.

    A path may be a URL that fsspec opens. Rows of a file know its name and their line,
    unless they say themselves where they are from.
    """

    @classmethod
    def from_jsonl(cls, path: FilePath, *, name: str | None = None) -> Self:
        """Read one JSON object a line, UTF-8; blank lines do not count.

        Raises:
            ValueError: A line is not JSON, or no row; it is named.
        """
        return cls(lines.rows_with_origin(path), name=name_after(path, name))

    @classmethod
    def from_csv(
        cls, path: FilePath, *, name: str | None = None, encoding: str | None = None
    ) -> Self:
        """Read a CSV file with a header; cells are text.

        It is UTF-8 with or without mark, UTF-16 with one, or else CP949, in which Excel
        saves Korean, unless `encoding` says what it is.

        An empty cell, in quotes or not, is None, as pandas has it; the other cells are
        text here, where pandas makes numbers of some.

        With columns ``inputs.NAME`` it is what `to_csv` and the dashboard write: there
        are ``metadata.NAME`` and ``source.trace_id`` too, cells that are JSON are
        values, and an empty cell is nothing.

        Raises:
            ValueError: It is no text in that encoding, has no header, or a line has
                more cells than it or a quote that is never closed; the line is named.
        """
        rows = csv_files.read_csv(path, encoding=encoding)
        return cls(rows, name=name_after(path, name))

    @classmethod
    def from_parquet(cls, path: FilePath, *, name: str | None = None) -> Self:
        """Read a Parquet file, of `to_parquet` or of anybody.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        from tracer.evaluation._datasets.tables import parquet_rows

        return cls(parquet_rows(path), name=name_after(path, name))

    @classmethod
    def from_pandas(cls, frame: Any, *, name: str = "") -> Self:
        """Take the rows of a DataFrame, of BigQuery's too; what it lacks is None.

        Raises:
            ValueError: Two columns have one name.
        """
        from tracer.evaluation._datasets.tables import frame_rows

        return cls(frame_rows(frame), name=name)

    @classmethod
    def from_hugging_face(
        cls, source: Any, *, split: str = "train", name: str | None = None
    ) -> Self:
        """Take the rows of a Hugging Face dataset.

        Args:
            source: A ``datasets.Dataset``, or a name that ``load_dataset`` knows.
            split: Which split of a named one.
            name: Name of the dataset; else `source` if that is a name.

        Raises:
            MissingExtraError: `source` is a name, and `datasets` is not installed.
            ValueError: `source` has several splits.
        """
        from tracer.evaluation._datasets.hugging_face import hugging_face_rows, opened

        found = opened(source, split=split)
        named = source if isinstance(source, str) else found.info.dataset_name or ""
        return cls(hugging_face_rows(found), name=named if name is None else name)

    @classmethod
    def from_openai_evals(
        cls, path: FilePath, *, expected: str | None = None, name: str | None = None
    ) -> Self:
        """Read samples of OpenAI's evals: ``input`` and ``ideal``, or ``item``.

        Args:
            path: JSON lines.
            expected: Column of ``item`` that holds the reference answer.
            name: Name of the dataset; else the file's.

        Raises:
            ValueError: A row is of neither form.
        """
        from tracer.evaluation._datasets.openai_forms import rows_of_evals

        rows = rows_of_evals(lines.rows_with_origin(path), expected=expected)
        return cls(rows, name=name_after(path, name))

    @classmethod
    def from_openai_fine_tuning(
        cls, path: FilePath, *, name: str | None = None
    ) -> Self:
        """Read training examples: ``messages``, of which the last is expected.

        Pairs of preferences too: the preferred answer is expected.

        Raises:
            ValueError: A row does not end with a message of the assistant.
        """
        from tracer.evaluation._datasets.openai_forms import rows_of_fine_tuning

        rows = rows_of_fine_tuning(lines.rows_with_origin(path))
        return cls(rows, name=name_after(path, name))

    @classmethod
    def from_vertex(
        cls,
        rows: Any,
        *,
        prompt_template: str | None = None,
        name: str = "",
    ) -> Self:
        """Take rows with Vertex AI's column names.

        ``reference`` is expected, ``response`` the stored output,
        ``baseline_model_response`` metadata that scorers see; ``prompt instruction
        context history`` and all others are inputs.

        Args:
            rows: Mappings, or a DataFrame.
            prompt_template: Makes the input ``prompt``, as Vertex does:
                ``"{instruction} Article: {context}"``.
            name: Name of the dataset.

        Raises:
            ValueError: A row lacks a column that the template names.
        """
        from tracer.evaluation._datasets.tables import frame_rows
        from tracer.evaluation._datasets.vertex import vertex_rows

        found = frame_rows(rows) if hasattr(rows, "to_dict") else rows
        return cls(vertex_rows(found, prompt_template=prompt_template), name=name)

    @classmethod
    def from_traces(
        cls,
        rows: Iterable[Mapping[str, Any]],
        *,
        fields: Mapping[str, str] | None = None,
        expected: str | None = None,
        output: str | None = "output",
        name: str = "",
    ) -> Self:
        """Make examples of recorded calls, each with its trace and span as source.

        Args:
            rows: Spans with content, as ``Client().trace(id).spans`` has them.
            fields: Input column to path in the span (``{"question": "input.q"}``);
                default: the span's input, its keys as columns if it is an object.
            expected: Path of the reference answer, such as ``output``; None for none.
            output: Path of the stored answer; None for none.
            name: Name of the dataset.

        Raises:
            ValueError: A span has no value where a path of `fields` points.
        """
        found = (row_of_span(span, fields, expected, output) for span in rows)
        return cls(found, name=name)

    @classmethod
    def from_filter(
        cls,
        where: "Where",
        *,
        project: str | None = None,
        since: "Time | None" = None,
        limit: int | None = 100,
        client: "Client | None" = None,
        fields: Mapping[str, str] | None = None,
        expected: str | None = None,
        output: str | None = "output",
        name: str = "",
    ) -> Self:
        """Make examples of the stored calls that a filter finds, the newest first.

        Of calls with equal inputs only the newest becomes a row.

        Args:
            where: Conditions on spans, ``[("name", "=", "answer")]``; docs/api.md.
            project: Only this project.
            since: First time; the last 30 days if None.
            limit: The most calls that are looked at; None for all.
            client: Reads them; else ``Client()``.
            fields: As for `from_traces`.
            expected: As for `from_traces`.
            output: As for `from_traces`.
            name: Name of the dataset.

        Raises:
            CollectorError: The collector is away, or refuses the filter.
        """
        from tracer.evaluation._datasets.stored import spans_with_content

        spans = spans_with_content(
            client, where=where, project=project, since=since, limit=limit
        )
        made = cls.from_traces(
            spans, fields=fields, expected=expected, output=output, name=name
        )
        newest = {example.id: example for example in reversed(made.examples)}
        return cls.of(reversed(newest.values()), name=name)
