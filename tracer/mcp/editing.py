"""What an assistant may write, if it is allowed to: scores, and rows of datasets."""

from typing import Annotated, Any

from pydantic import Field

from tracer.client import Client
from tracer.mcp.shortening import shortened, without_empty

AUTHOR = "mcp"
EDITING = ("score_trace", "add_to_dataset")
"""The methods of `Editing` that are tools."""


class Editing:
    """Writes to a collector for an assistant; nothing is deleted or replaced.

    Args:
        client: The collector.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def score_trace(
        self,
        trace_id: str,
        project: str,
        name: str,
        value: float | bool | None = None,
        label: str | None = None,
        explanation: str | None = None,
    ) -> dict[str, Any]:
        """Score a recorded call by a number, yes/no or a label, with an explanation."""
        said = {"label": label, "explanation": explanation}
        given = {key: text for key, text in said.items() if text is not None}
        stored = self._client.add_score(
            name,
            value,
            project=project,
            trace_id=trace_id,
            source="model",
            author=AUTHOR,
            **given,
        )
        return {"score": shortened(without_empty(stored), 1000)}

    def add_to_dataset(
        self,
        name: str,
        project: str,
        rows: Annotated[
            list[dict[str, Any]],
            Field(description="Rows as {inputs, expected, metadata}.", max_length=100),
        ],
        note: str = "added by an assistant",
    ) -> dict[str, Any]:
        """Append rows to a dataset, making it if there is none, as a new version."""
        saved = self._client.save_dataset(
            name, rows, project=project, append=True, note=note, author=AUTHOR
        )
        return {"version": str(saved["version"])}
