"""Does the collector hold what the demo made? Asked through the client."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.demo import working
from dashboard.demo.keeping import ALERTS, QUALITY, QUEUE
from dashboard.demo.story import Story
from dashboard.demo.trial import TRIALS
from dashboard.demo.week import EXPECTED
from tracer.client import Client
from tracer.judges import judge_agreement


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
    sources = Counter(row["source"] for row in scores)
    n_scores = sources["code"] + sources["user"]
    yield Finding("scores on traffic", story.week.n_scores, n_scores)
    yield from in_korean(reader, project=project)
    yield from looked_after(reader, story)
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


def looked_after(reader: Client, story: Story) -> Iterator[Finding]:
    """Compare what people and the worker were asked for with what is stored of it."""
    project = story.project
    read = {row["item"] for row in reader.queue_answers(QUEUE["id"], project=project)}
    queue = reader.queue(QUEUE["id"], project=project)
    yield Finding("answers read", story.n_read, queue["n_answers"])
    yield Finding("items done", True, 0 < queue["n_done"] < len(read))
    agreed = reader.queue_agreement(QUEUE["id"], project=project)
    yield Finding("people agree, or not, on", {"correct", QUALITY}, set(agreed))
    for job_id in story.jobs:
        job = reader.job(job_id, project=project)
        yield Finding(f"job {job['kind']}", "done", job["state"])
    judged = reader.scores(
        project=project, where=[("name", "=", QUALITY)], origin="production", limit=None
    )
    both = judge_agreement(judged, QUALITY)
    yield Finding("answers that a judge and people scored", True, both is not None)
    fired = working.alerts(reader, project=project)
    yield Finding("alerts that are judged", {one["id"] for one in ALERTS}, set(fired))
    yield Finding("an alert that is calm", False, fired.get("cost-of-a-day"))


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
