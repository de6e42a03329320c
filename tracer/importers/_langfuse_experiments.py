"""What Langfuse's API calls experiments since version 4, as its runs of before."""

from collections.abc import Mapping
from typing import Any

from tracer.importers._records import Record
from tracer.importers._times import time_ns


def link_of(item: Record) -> Record:
    """Return an item of an experiment as an item of a run."""
    return {
        "id": str(item["id"]),
        "datasetRunId": str(item["experimentId"]),
        "datasetRunName": item.get("experimentName"),
        "datasetItemId": str(item["experimentItemId"]),
        "traceId": str(item["traceId"]),
        "createdAt": item.get("startTime"),
    }


def run_of(item: Record) -> Record:
    """Return what an item says of its experiment."""
    run = {
        "id": str(item["experimentId"]),
        "name": item.get("experimentName"),
        "createdAt": item.get("startTime"),
        "datasetId": item.get("experimentDatasetId"),
        "metadata": item.get("experimentMetadata"),
    }
    return {key: value for key, value in run.items() if value is not None}


def trace_of(item: Record) -> Record:
    """Return what an item says of its trace."""
    start_ns, end_ns = time_ns(item.get("startTime")), time_ns(item.get("endTime"))
    took_s = (end_ns - start_ns) / 1e9 if start_ns and end_ns else None
    trace = {"id": str(item["traceId"]), "timestamp": item.get("startTime")}
    fields = ("input", "output", "metadata", "environment")
    return {**trace, "latency": took_s, **{key: item.get(key) for key in fields}}


def example_of(item: Record) -> Record:
    """Return the item of a dataset that an item of an experiment was made of."""
    return {
        "id": str(item["experimentItemId"]),
        "input": item.get("input"),
        "expectedOutput": item.get("expectedOutput"),
        "metadata": item.get("experimentItemMetadata"),
        "datasetId": item.get("experimentDatasetId") or item.get("experimentName"),
    }


def with_target(score: Record, trace_id: Any = None) -> Record:
    """Return a score whose subject stands in the fields of before.

    Args:
        score: A score of either version.
        trace_id: The trace that it was found in, if it names none.
    """
    subject = score.get("subject")
    if not isinstance(subject, Mapping):
        return score if score.get("traceId") else {**score, "traceId": trace_id}
    kind, id = subject.get("kind"), subject.get("id")
    found = {
        "trace": {"traceId": id},
        "observation": {"traceId": subject.get("traceId"), "observationId": id},
    }
    return {**score, **found.get(str(kind), {"subjectKind": kind})}
