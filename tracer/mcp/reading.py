"""What an assistant may read: each method of `Reading` is a tool of the server."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from tracer.client import Client
from tracer.mcp.shortening import shortened, without_empty

Answer = dict[str, Any]
Project = Annotated[str | None, Field(description="Only this project; all if absent.")]
Since = Annotated[
    str | None,
    Field(description="ISO 8601; the last 30 days if absent. 2026-11-01T00:00:00Z"),
]
Condition = Annotated[
    list[Any],
    Field(
        description='[field, op, value], as ["model", "=", "gpt-4o"], '
        '["duration_ms", ">", 2000], ["metadata.plan", "=", "pro"], '
        '["score.helpful", "=", 0], ["status", "=", "error"], '
        '["text", "contains", "refund"]. Ops: = != < <= > >= in contains '
        "starts_with exists missing"
    ),
]
Limit = Annotated[int, Field(ge=1, le=100)]
Characters = Annotated[
    int,
    Field(ge=100, le=100_000, description="Longest text shown; longer ones are cut."),
]

OF_A_STEP = (
    *("span_id", "parent_span_id", "name", "kind", "status", "status_message"),
    *("duration_ms", "model", "input_tokens", "output_tokens", "cost_usd"),
)


READING = (
    *("list_projects", "find_traces", "read_trace", "traffic", "list_evaluations"),
    *("read_evaluation", "compare_evaluations", "list_datasets", "read_dataset", "sql"),
)
"""The methods of `Reading` that are tools."""


class Reading:
    """Reads a collector for an assistant.

    Args:
        client: The collector.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def list_projects(self) -> Answer:
        """List the projects, with how many spans each has and when the last came."""
        return _rows(self._client.projects())

    def find_traces(
        self,
        project: Project = None,
        where: list[Condition] | None = None,
        since: Since = None,
        order: str = "-start",
        limit: Limit = 20,
    ) -> Answer:
        """Find recorded calls, newest first, that meet all conditions.

        Each is one line with its previews, cost and scores; read_trace shows one whole.
        `order` may be start, duration_ms, cost_usd or total_tokens, with - for the
        largest first.
        """
        found = self._client.traces(
            project=project, where=where, since=since, order=order, limit=limit
        )
        return _rows(found)

    def read_trace(
        self,
        trace_id: str,
        span_id: Annotated[
            str | None, Field(description="Show this step whole; else all in short.")
        ] = None,
        max_characters: Characters = 1000,
    ) -> Answer:
        """Read one recorded call: its steps, inputs, outputs, errors, scores, cost."""
        if span_id is not None:
            span = self._client.span(trace_id, span_id)
            return {"span": shortened(without_empty(span), max_characters)}
        trace = self._client.trace(trace_id)
        steps = []
        for span in trace.spans:
            shown = {name: span[name] for name in OF_A_STEP}
            shown |= {name: span[name] for name in ("input", "output")}
            shown["error_type"] = span["attributes"].get("error.type")
            steps.append(without_empty(shown))
        return {
            "trace": shortened(without_empty(trace.row), max_characters),
            "steps": shortened(steps, max_characters),
            "scores": _rows(trace.scores)["rows"],
            "truncated": trace.truncated,
        }

    def traffic(
        self,
        project: Project = None,
        since: Since = None,
        interval: str = "day",
        by: str | None = None,
    ) -> Answer:
        """Sum up calls, errors, latency, tokens and cost by hour, day or in total.

        `by` splits by model, kind, user_id, session_id, environment …
        """
        found = self._client.stats(
            project=project, since=since, interval=interval, by=by
        )
        return _rows(found)

    def list_evaluations(
        self, project: Project = None, dataset: str | None = None, limit: Limit = 20
    ) -> Answer:
        """List runs of evaluations, newest first: model, dataset, status, cost."""
        where = [["dataset", "=", dataset]] if dataset else None
        return _rows(
            self._client.evaluations(project=project, where=where, limit=limit)
        )

    def read_evaluation(
        self,
        evaluation_id: str,
        limit: Limit = 20,
        max_characters: Characters = 500,
    ) -> Answer:
        """Read one run: each score with its 95 % interval, and its first predictions.

        The summaries say n, examples, missing, errors, and the smallest difference
        that the run can see.
        """
        run = self._client.evaluation(evaluation_id)
        return {
            "run": shortened(without_empty(run.row), max_characters),
            "scores": {name: str(said) for name, said in run.summary.items()},
            "took": {name: str(said) for name, said in run.measures.items()},
            "predictions": shortened(
                [without_empty(row) for row in run.predictions(limit=limit)],
                max_characters,
            ),
        }

    def compare_evaluations(self, baseline: str, candidate: str) -> Answer:
        """Compare two runs, paired by example: is the candidate really better?

        Says for each score the difference, its 95 % interval, the corrected p-value
        and the verdict. Without a shown difference there is none to report.
        """
        found = self._client.compare(baseline, candidate)
        return {"comparison": [str(one) for one in found]}

    def list_datasets(self, project: Project = None) -> Answer:
        """List the datasets: rows, versions, description."""
        return _rows(self._client.datasets(project=project))

    def read_dataset(
        self,
        name: str,
        project: Project = None,
        version: str | None = None,
        offset: Annotated[int, Field(ge=0)] = 0,
        limit: Limit = 20,
        max_characters: Characters = 1000,
    ) -> Answer:
        """Read rows of one version of a dataset, the newest unless told."""
        page = self._client.dataset_rows(
            name, version, project=project, limit=limit, offset=offset
        )
        return {
            "dataset": shortened(without_empty(page.row), max_characters),
            "rows": shortened(page.rows, max_characters),
            "n_rows": page.n_matching,
        }

    def sql(
        self,
        query: Annotated[
            str,
            Field(description="One SELECT in ClickHouse's SQL over the tables named."),
        ],
        project: Project = None,
        max_characters: Characters = 500,
    ) -> Answer:
        """Ask by SQL over the tables spans, scores and evaluations; nothing is changed.

        Columns are those of the lists; a first `SELECT * FROM spans LIMIT 1` tells.
        """
        found = self._client.sql(query, project=project)
        return _rows(found, max_characters)


def _rows(rows: Sequence[Any], most_characters: int = 300) -> Answer:
    found = [without_empty(row) for row in rows]
    return {"rows": shortened(found, most_characters), "n": len(found)}
