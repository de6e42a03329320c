"""Exports of other systems, as their public documents and types have them."""

import copy
from collections.abc import Iterator
from typing import Any

TRACE = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"
SPAN = "0123456789abcdef"
NOW = "2026-10-01T09:00:0%dZ"


TIMES = {"createdAt": NOW % 0, "updatedAt": NOW % 0}


def langfuse() -> dict[str, list[dict[str, Any]]]:
    """Return objects of Langfuse's API by kind: two items, one run, two traces."""
    links = [_link(1, TRACE), _link(2, "not hex")]
    run = {
        "id": "run-1",
        "name": "short prompt",
        "description": None,
        "metadata": {"branch": "main"},
        "datasetId": "ds1",
        "datasetName": "faq",
        "datasetRunItems": links,
        **TIMES,
    }
    seen = [_observation("GENERATION", SPAN, None), _observation("TOOL", "x", SPAN)]
    correct = {"name": "correct", "value": 1, "stringValue": "True"}
    points = {"name": "points", "value": 0.5, "dataType": "NUMERIC"}
    tone = {"name": "tone", "value": 0, "stringValue": "polite", "comment": "짧다"}
    kind = {"dataType": "CATEGORICAL", "source": "ANNOTATION"}
    return {
        "items": _items(),
        "runs": [run],
        "traces": [_trace(TRACE, "9시", seen), _trace(OTHER, "네", [])],
        "scores": [
            _score("1", TRACE, **correct, dataType="BOOLEAN"),
            _score("2", TRACE, **points),
            _score("3", OTHER, **tone, **kind),
        ],
    }


def _items() -> list[dict[str, Any]]:
    item: dict[str, Any] = {"status": "ACTIVE", "datasetId": "ds1", **TIMES}
    item |= {"datasetName": "faq", "mediaReferences": []}
    first = {
        "id": "item-1",
        "input": {"question": "영업시간은?"},
        "expectedOutput": "9시",
        "metadata": {"language": "ko"},
        "sourceTraceId": OTHER,
        "sourceObservationId": None,
    }
    second = {"id": "item-2", "input": "주소는?", "expectedOutput": None}
    return [{**first, **item}, {**second, "metadata": None, **item}]


def _link(number: int, trace_id: str) -> dict[str, Any]:
    return {
        "id": f"link-{number}",
        "datasetRunId": "run-1",
        "datasetRunName": "short prompt",
        "datasetItemId": f"item-{number}",
        "traceId": trace_id,
        "observationId": None,
        **TIMES,
    }


def _trace(id: str, output: str, observations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": id,
        "timestamp": NOW % 1,
        "name": "answer",
        "input": {"question": "영업시간은?"},
        "output": output,
        "sessionId": "s1",
        "userId": "u1",
        "release": None,
        "version": None,
        "metadata": {"department": "support"},
        "tags": ["beta"],
        "public": False,
        "environment": "default",
        "htmlPath": "/project/p/traces/t",
        "latency": 1.5,
        "totalCost": 0.001,
        "observations": observations,
        "scores": [],
    }


def langfuse_experiment() -> dict[str, list[dict[str, Any]]]:
    """Return the same run as version 4 of Langfuse's API tells of it."""
    about = {"id": "run-1", "name": "short prompt", "metadata": {"branch": "main"}}
    times = {"startTime": NOW % 1, "endTime": NOW % 2}
    subject = {"kind": "trace", "id": TRACE}
    score = _score("1", TRACE, name="correct", value=1, dataType="BOOLEAN")
    kept = {key: value for key, value in score.items() if not key.endswith("Id")}
    new = {**kept, "value": True, "projectId": "p", "subject": subject}
    of_run = {**new, "id": "score-9", "subject": {"kind": "experiment", "id": "run-1"}}
    item = {
        "id": SPAN,
        "traceId": TRACE,
        "level": "DEFAULT",
        "environment": "default",
        "experimentId": "run-1",
        "experimentName": "short prompt",
        "experimentItemId": "item-1",
        "experimentDatasetId": "ds1",
        "input": {"question": "영업시간은?"},
        "output": "9시",
        "expectedOutput": "9시",
        "experimentItemMetadata": {"language": "ko"},
        "scores": [new],
        **times,
    }
    dataset = {"id": "ds1", "name": "faq", "projectId": "p", "metadata": None}
    created = {"createdAt": NOW % 0, "updatedAt": NOW % 0}
    seen = {**_observation("GENERATION", SPAN, None), "projectId": "p", "userId": "u1"}
    return {
        "datasets": [{**dataset, **created}],
        "experiments": [{**about, **times, "itemCount": 1, "datasetId": "ds1"}],
        "items": [item],
        "observations": [seen],
        "scores": [new, of_run],
    }


def _observation(kind: str, id: str, parent: str | None) -> dict[str, Any]:
    return {
        "id": id,
        "traceId": TRACE,
        "type": kind,
        "name": kind.lower(),
        "startTime": NOW % 1,
        "endTime": NOW % 2,
        "completionStartTime": None,
        "model": "gpt-4o-mini" if kind == "GENERATION" else None,
        "modelParameters": {},
        "input": [{"role": "user", "content": "영업시간은?"}],
        "output": {"role": "assistant", "content": "9시"},
        "version": None,
        "metadata": {"k": 3},
        "usageDetails": {"input": 12, "output": 3} if kind == "GENERATION" else {},
        "costDetails": {"total": 0.0221} if kind == "GENERATION" else {},
        "level": "DEFAULT",
        "statusMessage": None,
        "parentObservationId": parent,
        "promptId": None,
        "environment": "default",
    }


def _score(id: str, trace_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"score-{id}",
        "traceId": trace_id,
        "observationId": None,
        "sessionId": None,
        "datasetRunId": None,
        "source": "API",
        "timestamp": NOW % 3,
        "createdAt": NOW % 3,
        "updatedAt": NOW % 3,
        "authorUserId": None,
        "comment": None,
        "metadata": {},
        "configId": None,
        "queueId": None,
        "environment": "default",
        **fields,
    }


GONE = object()
DEPTH = 4


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything within an object, first items of lists only."""
    if len(before) == DEPTH:
        return
    keys = range(min(len(value), 1)) if isinstance(value, list) else value
    for key in keys if isinstance(value, dict | list) else ():
        yield (*before, key)
        yield from places(value[key], (*before, key))


def broken(whole: Any, place: tuple[Any, ...], wrong: object) -> Any:
    """Return a copy of an object with something else, or nothing, at a place."""
    whole = copy.deepcopy(whole)
    inner = whole
    for key in place[:-1]:
        inner = inner[key]
    if wrong is not GONE:
        inner[place[-1]] = wrong
    else:
        del inner[place[-1]]
    return whole
