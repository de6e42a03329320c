"""Scores that come on spans, as events or attributes, become scores like any other."""

from dataclasses import replace
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import START_NS, attributes, otlp_request, put, rows, span
from otlp_requests import trace_request as request

from collector.prepared import prepare
from collector.storage import writes
from collector.storage.commit import store_group
from collector.storage.engine import Store
from collector.storage.repeated import once

JUDGED = {
    "gen_ai.evaluation.name": "helpful",
    "gen_ai.evaluation.score.value": 0.5,
    "gen_ai.evaluation.score.label": "그럭저럭",
    "gen_ai.evaluation.explanation": "짧다",
}


def event(values: dict[str, Any]) -> Span.Event:
    return Span.Event(
        name="gen_ai.evaluation.result",
        time_unix_nano=START_NS + 5,
        attributes=attributes(values),
    )


def indexed(key: str, **fields: Any) -> dict[str, Any]:
    return {f"{key}.{name}": value for name, value in fields.items()}


def test_a_result_sent_as_a_span_event_is_a_score_of_the_span(
    store: Store, project: str
) -> None:
    one = span(events=[event(JUDGED)])
    put(store, request(one, project=project))
    (score,) = rows(store, project, "scores")
    assert (score["name"], score["value"]) == ("helpful", 0.5)
    assert (score["label"], score["explanation"]) == ("그럭저럭", "짧다")
    assert score["trace_id"] == one.trace_id
    assert score["span_id"] == one.span_id
    (row,) = rows(store, project)
    assert "gen_ai.evaluation.result" in row["events"]


@pytest.mark.parametrize(
    ("kind", "source"), [("HUMAN", "human"), ("LLM", "model"), ("CODE", "code")]
)
def test_an_annotation_is_a_score_by_whoever_made_it(
    store: Store, project: str, kind: str, source: str
) -> None:
    values = indexed(
        "annotations.0.annotation",
        name="tone",
        score=4,
        explanation="polite",
        annotator_kind=kind,
        identifier="judge-1",
        metadata='{"rubric": "v2", "steps": 3}',
    ) | indexed("annotations.1.annotation", name="style", label="formal")
    put(store, request(span(values), project=project))
    by_name = {score["name"]: score for score in rows(store, project, "scores")}
    tone, style = by_name["tone"], by_name["style"]
    assert (tone["value"], tone["source"], tone["author"]) == (4, source, "judge-1")
    assert tone["metadata"] == {"rubric": "v2", "steps": "3"}
    assert (style["type"], style["label"]) == ("label", "formal")


def test_an_evaluation_of_the_trace_names_no_span(store: Store, project: str) -> None:
    one = span(indexed("trace.evaluations.0.evaluation", name="done", score=True))
    put(store, request(one, project=project))
    (score,) = rows(store, project, "scores")
    assert (score["type"], score["value"]) == ("bool", 1)
    assert score["trace_id"] == one.trace_id
    assert score["span_id"] == bytes(8)


def test_a_judge_with_one_link_scores_what_it_links_to(
    store: Store, project: str
) -> None:
    judged = span()
    link = Span.Link(trace_id=judged.trace_id, span_id=judged.span_id)
    values = indexed("evaluations.0.evaluation", name="late", score=1.0)
    put(store, request(judged, span(values, links=[link]), project=project))
    (score,) = rows(store, project, "scores")
    assert score["trace_id"] == judged.trace_id
    assert score["span_id"] == judged.span_id


@pytest.mark.parametrize(
    "values",
    [
        {"gen_ai.evaluation.score.value": 1.0},
        {"gen_ai.evaluation.name": "x", "gen_ai.evaluation.score.value": "much"},
    ],
)
def test_what_is_no_score_harms_neither_its_span_nor_its_neighbours(
    store: Store, project: str, values: dict[str, Any]
) -> None:
    outcome = put(
        store,
        request(span(events=[event(values), event(JUDGED)]), project=project),
    )
    assert (outcome.status, outcome.n_rejected) == (200, 0)
    assert len(rows(store, project)) == len(rows(store, project, "scores")) == 1


def test_scores_of_spans_that_are_refused_are_not_stored(
    store: Store, project: str
) -> None:
    for wrong in ({"trace_id": bytes(16)}, {"parent_span_id": b"short"}):
        bad = span(events=[event(JUDGED)], **wrong)
        assert put(store, request(bad, project=project)).n_rejected == 1
    other = request(span(events=[event(JUDGED)]), project=f"{project}-other")
    put(store, other, key_project=project)
    assert rows(store, project, "scores") == []
    assert rows(store, f"{project}-other", "scores") == []


def test_scores_of_a_request_that_was_cut_off_are_deleted_before_it_is_sent_again(
    store: Store, project: str
) -> None:
    sent = otlp_request(request(span(events=[event(JUDGED)]), project=project))
    prepared = prepare(sent, max_bytes=1 << 20)
    with store.handle("write") as client:
        writes.insert_rows(client, prepared.scores)  # type: ignore[union-attr]
        assert once.clear_way(store, client, [sent], living=set) == set()
        assert rows(store, project, "scores") == []
        store_group(client, [prepared])  # type: ignore[list-item]
    assert len(rows(store, project, "scores")) == 1


def test_scores_tell_which_collector_is_storing_their_request(
    store: Store, project: str
) -> None:
    """They were nobody's: a repeat had another collector delete them."""
    body = request(span(events=[event(JUDGED)]), project=project)
    sent = replace(otlp_request(body), number=(7 << 32) + 1)
    prepared = prepare(sent, max_bytes=1 << 20)
    with store.handle("write") as client:
        writes.insert_rows(client, prepared.scores)  # type: ignore[union-attr]
        busy = once.clear_way(store, client, [sent], living=lambda: {7})
    assert busy == {sent.digest}
    assert len(rows(store, project, "scores")) == 1
