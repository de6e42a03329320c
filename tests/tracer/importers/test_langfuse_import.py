"""Langfuse's API objects; they are those that the real package's models accept."""

import json
from pathlib import Path
from typing import Any

import importer_exports
import langfuse.api
import pytest
from importer_exports import OTHER, SPAN, TRACE

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
        ("items", "DatasetItem"),
        ("runs", "DatasetRunWithItems"),
        ("traces", "TraceWithFullDetails"),
    ],
)
def test_the_objects_of_these_tests_are_those_of_the_real_package(
    kind: str, model: str
) -> None:
    reader: Any = getattr(langfuse.api, model)
    for one in importer_exports.langfuse()[kind]:
        assert reader.model_validate(one)


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
