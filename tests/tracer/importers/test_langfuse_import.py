"""Langfuse's API objects; those of today are accepted by the real package's types."""

import json
from pathlib import Path
from typing import Any

import importer_exports
import langfuse.api
import pytest
from importer_exports import OTHER, SPAN, TRACE
from langfuse.api.core.pydantic_utilities import parse_obj_as

from tracer import semconv
from tracer.importers import Found
from tracer.importers import langfuse as importer


def exported(folder: Path, *kinds: str) -> list[Path]:
    """Write one file a kind: a page of the API."""
    paths = []
    for kind in kinds:
        page = {"data": importer_exports.langfuse()[kind], "meta": {"page": 1}}
        path = folder / f"{kind}.json"
        path.write_text(json.dumps(page), "utf-8")
        paths.append(path)
    return paths


@pytest.fixture
def found(tmp_path: Path) -> Found:
    kinds = ("scores", "traces", "runs", "items")
    return importer.read(exported(tmp_path, *kinds))


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("datasets", langfuse.api.Dataset),
        ("experiments", langfuse.api.Experiment),
        ("items", langfuse.api.ExperimentItem),
        ("observations", langfuse.api.ObservationV2),
        ("scores", langfuse.api.ScoreV3_Boolean),
    ],
)
def test_the_objects_of_experiments_are_those_of_the_real_package(
    kind: str, model: Any
) -> None:
    for one in importer_exports.langfuse_experiment()[kind]:
        assert parse_obj_as(model, one)


def test_the_older_items_and_scores_are_those_of_the_real_package() -> None:
    objects = importer_exports.langfuse()
    assert parse_obj_as(list[langfuse.api.DatasetItem], objects["items"])
    assert parse_obj_as(list[langfuse.api.Score], objects["scores"])


def test_an_experiment_of_today_is_a_run_like_those_of_before(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    objects = importer_exports.langfuse_experiment()
    lines = [json.dumps(one) + "\n" for kind in objects.values() for one in kind]
    path.write_text("".join(lines), "utf-8")
    found = importer.read([path])
    (run,) = found.runs
    assert (run.id, run.display_name, run.dataset) == ("run-1", "short prompt", "faq")
    assert run.metadata == {"branch": "main"}
    (prediction,) = run.predictions
    assert (prediction.example_id, prediction.root.trace_id) == ("item-1", TRACE)
    assert prediction.root.content[semconv.OUTPUT] == "9시"
    assert [(one.name, one.value) for one in prediction.scores] == [("correct", True)]
    (generation,) = prediction.below
    assert generation.attributes[semconv.USER_ID] == "u1"
    assert found.datasets[0][0].expected == "9시"
    assert [str(one) for one in found.unread] == [
        "score score-9: a score of experiment as a whole; here scores are of traces"
    ]


def test_items_become_a_dataset_with_their_ids_and_sources(found: Found) -> None:
    (dataset,) = found.datasets
    assert dataset.name == "faq"
    first, second = dataset
    assert (first.id, first.inputs) == ("item-1", {"question": "영업시간은?"})
    assert (first.expected, first.metadata) == ("9시", {"language": "ko"})
    assert first.source == {"system": "langfuse", "id": "item-1", "trace_id": OTHER}
    assert second.inputs == {"input": "주소는?"}


def test_a_run_keeps_its_id_and_its_traces(found: Found) -> None:
    (run,) = found.runs
    assert (run.id, run.display_name, run.dataset) == ("run-1", "short prompt", "faq")
    assert run.metadata == {"branch": "main"}
    first, second = run.predictions
    assert (first.example_id, first.root.trace_id) == ("item-1", TRACE)
    assert first.root.content == {
        semconv.INPUT: {"question": "영업시간은?"},
        semconv.OUTPUT: "9시",
        semconv.EXPECTED: "9시",
    }
    assert [(one.name, one.value) for one in first.scores] == [
        ("correct", True),
        ("points", 0.5),
    ]
    generation, tool = first.below
    assert (generation.kind, generation.span_id) == ("llm", SPAN)
    assert generation.parent_span_id == first.root.span_id
    assert (tool.parent_span_id, tool.metadata["langfuse.id"]) == (SPAN, "x")
    assert generation.attributes[semconv.USAGE_OUTPUT_TOKENS] == 3
    assert second.root.metadata["langfuse.trace_id"] == "not hex"


def test_a_trace_that_is_of_no_run_comes_with_its_scores(found: Found) -> None:
    (span,) = found.spans
    assert (span.trace_id, span.name) == (OTHER, "answer")
    assert span.attributes[semconv.USER_ID] == "u1"
    assert span.end_ns - span.start_ns == 1_500_000_000
    (score,) = found.scores
    assert (score.trace_id, score.label, score.value) == (OTHER, "polite", None)
    assert (score.source, score.explanation) == ("human", "짧다")


def test_a_run_whose_traces_are_missing_says_so(found: Found) -> None:
    assert [str(one) for one in found.unread] == [
        "run run-1, item item-2: its trace is not in the files; export it too for "
        "output and time"
    ]
