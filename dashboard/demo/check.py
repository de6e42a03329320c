"""Does the collector hold what the demo made? Asked through the client."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.demo.story import Story
from dashboard.demo.trial import TRIALS
from dashboard.demo.week import EXPECTED
from tracer.client import Client


@dataclass(frozen=True)
class Finding:
    """One comparison of what was made with what is stored."""

    what: str
    """What was counted."""
    made: object
    """As the demo counted it."""
    stored: object
    """As the collector answers."""

    @property
    def holds(self) -> bool:
        """Whether both are the same."""
        return self.made == self.stored

    def __str__(self) -> str:
        if self.holds:
            return f"ok  {self.what}: {self.stored}"
        return f"!!  {self.what}: made {self.made}, stored {self.stored}"


def findings(reader: Client, story: Story) -> Iterator[Finding]:
    """Yield every comparison."""
    project, dataset = story.project, story.dataset
    traces = reader.traces(project=project, limit=None)
    yield Finding("traces", story.week.n_calls, len(traces))
    yield Finding("spans", story.past.n_spans, sum(row["n_spans"] for row in traces))
    failed_calls = sum(row["status"] == "error" for row in traces)
    yield Finding("failed calls", story.past.n_failed_calls, failed_calls)
    failed = sum(row["n_errors"] for row in traces)
    yield Finding("failed spans", story.past.n_errors, failed)
    scores = reader.scores(project=project, origin="production", limit=None)
    yield Finding("scores on traffic", story.week.n_scores, len(scores))
    yield from in_korean(reader, project=project)
    rows = reader.dataset(dataset.name, project=project).rows
    yield Finding("dataset rows", len(dataset), len(rows))
    yield Finding("dataset rows are as they were sent", True, rows == dataset.rows)
    for version, result in story.results.items():
        run = reader.evaluation(result.evaluation_id, project=project)
        n_predictions = len(run.predictions())
        yield Finding(f"predictions of {version}", len(dataset) * TRIALS, n_predictions)
        for name, summary in result.summary.items():
            made = (summary.n, summary.mean)
            stored = (run.summary[name].n, run.summary[name].mean)
            yield Finding(f"{name} of {version} (n, mean)", made, stored)


def in_korean(reader: Client, *, project: str) -> Iterator[Finding]:
    """Compare a Korean question with what a search for it finds."""
    question = next(text for text in EXPECTED if "제주" in text)
    found = reader.traces(
        project=project, where=[("input", "contains", question)], order="start", limit=1
    )
    asked = [reader.trace(row["trace_id"]).spans[0]["input"] for row in found]
    said = [call["question"] for call in asked]
    said += [message["content"] for call in asked for message in call["history"]]
    yield Finding("a question in Korean, found by its text", True, question in said)
