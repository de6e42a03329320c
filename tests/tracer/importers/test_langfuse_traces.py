"""A trace of Langfuse keeps what it says itself, whichever SDK sent it."""

import json
import re
from pathlib import Path
from typing import Any

import importer_exports
import pytest
from importer_exports import NOW, TRACE

from collector.conventions import langfuse as live
from tracer import semconv
from tracer.importers import langfuse as importer
from tracer.importers._found import ImportedSpan
from tracer.importers._langfuse_models import TOKENS


def spans(folder: Path, trace: dict[str, Any], *seen: Any) -> list[ImportedSpan]:
    """Read one trace with changed fields, and observations with changed fields."""
    kinds = importer_exports.langfuse()
    whole, first = kinds["traces"][0], kinds["traces"][0]["observations"][0]
    observations = [
        {**first, "id": f"o{number}", **one} for number, one in enumerate(seen)
    ]
    path = folder / "trace.json"
    path.write_text(json.dumps({**whole, "observations": observations, **trace}))
    found = importer.read([path])
    assert found.unread == []
    return found.spans


def test_a_trace_above_parentless_observations_is_a_root_of_its_own(
    tmp_path: Path,
) -> None:
    """Version 2 of its SDK sends them; the trace's own answer was lost."""
    root, first, second = spans(tmp_path, {"version": "v7"}, {"output": "half"}, {})
    assert (root.name, root.parent_span_id) == ("answer", None)
    assert root.content[semconv.INPUT] == {"question": "영업시간은?"}
    assert root.content[semconv.OUTPUT] == "9시"
    assert root.metadata == {"department": "support", "langfuse.version": "v7"}
    assert root.attributes[semconv.USER_ID] == "u1"
    assert root.end_ns - root.start_ns == 1_500_000_000
    assert {first.parent_span_id, second.parent_span_id} == {root.span_id}
    assert first.metadata == {"k": 3, "langfuse.id": "o0"}


def test_a_root_is_as_long_as_its_observations(tmp_path: Path) -> None:
    last = {"startTime": NOW % 3, "endTime": NOW % 5}
    root, *_ = spans(tmp_path, {"latency": None}, {"startTime": NOW % 0}, last)
    assert root.end_ns - root.start_ns == 5_000_000_000


def test_the_only_observation_that_says_what_its_trace_says_is_the_root(
    tmp_path: Path,
) -> None:
    same = {"name": "answer", "output": "9시", "version": "v2"}
    same["input"] = importer_exports.langfuse()["traces"][0]["input"]
    below = {"parentObservationId": "o0"}
    root, child = spans(tmp_path, {"version": "v2"}, same, below)
    assert (root.trace_id, root.parent_span_id) == (TRACE, None)
    assert child.parent_span_id == root.span_id
    assert root.metadata["department"] == "support"
    assert root.metadata["langfuse.version"] == "v2"
    assert child.metadata == {"k": 3, "langfuse.id": "o1"}
    silent = {"name": None, "input": None, "output": None, "metadata": {"k": 4}}
    above, below_it = spans(tmp_path, silent, {})
    assert (above.metadata["k"], below_it.metadata["k"]) == (4, 3)


def test_a_generation_keeps_cost_cached_tokens_settings_and_its_first_token(
    tmp_path: Path,
) -> None:
    seen = {
        "usageDetails": {"input": 60, "input_cached_tokens": 40, "output": 3},
        "costDetails": {"input": 0.02, "output": 0.0021, "total": 0.0221},
        "calculatedTotalCost": 0.0221,
        "modelParameters": {"temperature": 0.2, "top_p": 0.9, "logit_bias": {"1": 2}},
        "completionStartTime": "2026-10-01T09:00:01.250Z",
        "level": "WARNING",
        "statusMessage": "cut off",
        "version": "v2",
        "metadata": None,
    }
    _, span = spans(tmp_path, {}, seen)
    said = {
        semconv.USAGE_INPUT_TOKENS: 100,
        semconv.USAGE_OUTPUT_TOKENS: 3,
        semconv.USAGE_CACHE_READ_INPUT_TOKENS: 40,
        semconv.USAGE_COST: 0.0221,
        semconv.REQUEST_TEMPERATURE: 0.2,
        semconv.REQUEST_TOP_P: 0.9,
        semconv.RESPONSE_TIME_TO_FIRST_CHUNK: 0.25,
    }
    assert {key: span.attributes[key] for key in said} == said
    assert span.error is None
    assert span.metadata == {
        "langfuse.id": "o0",
        "langfuse.level": "WARNING",
        "langfuse.status_message": "cut off",
        "langfuse.version": "v2",
        "langfuse.model_parameters": {"logit_bias": {"1": 2}},
    }


@pytest.mark.parametrize(
    ("costs", "usd"),
    [
        ({"costDetails": {"input": 0.5, "output": 0.25}}, 0.75),
        ({"costDetails": {"total": 0}}, 0.0),
        ({"totalCost": 0, "costDetails": {}}, None),
        ({"totalCost": 0.5}, 0.5),
    ],
)
def test_a_cost_is_the_total_else_its_parts_and_unknown_without_details(
    tmp_path: Path, costs: dict[str, Any], usd: float | None
) -> None:
    _, span = spans(tmp_path, {}, costs)
    assert span.attributes[semconv.USAGE_COST] == usd


def test_units_of_ones_own_are_metadata_and_parts_have_their_attributes(
    tmp_path: Path,
) -> None:
    usage = {"input": 5, "input_cache_creation": 4, "output": 2, "pages": 3, "total": 9}
    _, span = spans(tmp_path, {}, {"usageDetails": usage | {"output_reasoning": 1}})
    assert span.attributes[semconv.USAGE_INPUT_TOKENS] == 9
    assert span.attributes[semconv.USAGE_OUTPUT_TOKENS] == 3
    assert span.attributes[semconv.USAGE_CACHE_WRITE_INPUT_TOKENS] == 4
    assert span.attributes[semconv.USAGE_REASONING_OUTPUT_TOKENS] == 1
    assert span.metadata["langfuse.usage_details"] == {"pages": 3}


def test_an_observation_without_its_trace_tells_the_name_of_the_trace(
    tmp_path: Path,
) -> None:
    """Version 4 lists observations only, each with what its trace is called."""
    (seen,) = importer_exports.langfuse_experiment()["observations"]
    named = {"traceName": "answer", "timeToFirstToken": 0.5}
    below = {"id": "below", "parentObservationId": seen["id"]}
    path = tmp_path / "observations.json"
    path.write_text(json.dumps([seen | named, seen | named | below]))
    top, inner = importer.read([path]).spans
    assert top.metadata["langfuse.trace_name"] == "answer"
    assert "langfuse.trace_name" not in inner.metadata
    assert top.attributes[semconv.RESPONSE_TIME_TO_FIRST_CHUNK] == 0.5


def test_imported_tokens_are_added_up_like_those_that_the_sdk_sends() -> None:
    sums = live.VENDOR.sums["langfuse.observation.usage_details"]
    assert list(TOKENS.values()) == list(sums.values())


def snake(value: Any, *, within: str = "") -> Any:
    """Spell an object of the API as Langfuse's packages for Python do."""
    if isinstance(value, list):
        return [snake(one, within=within) for one in value]
    if not isinstance(value, dict) or within in ("input", "metadata", "usageDetails"):
        return value
    return {
        re.sub("[A-Z]", lambda found: "_" + found[0].lower(), key): snake(
            inner, within=key
        )
        for key, inner in value.items()
    }


def test_an_export_in_the_spelling_of_python_says_the_same(tmp_path: Path) -> None:
    """Its observations were refused, and its trace lost user and session."""
    kinds = importer_exports.langfuse(), importer_exports.langfuse_experiment()
    objects = [one for kind in kinds for some in kind.values() for one in some]
    whole, spelt = tmp_path / "all.jsonl", tmp_path / "snake" / "all.jsonl"
    spelt.parent.mkdir()
    whole.write_text("\n".join(map(json.dumps, objects)))
    spelt.write_text("\n".join(json.dumps(snake(one)) for one in objects))
    assert spelt.read_text() != whole.read_text()
    assert "trace_id" in spelt.read_text()
    said, known = importer.read([spelt]), importer.read([whole])
    assert (said.runs, said.spans, said.scores) == (
        known.runs,
        known.spans,
        known.scores,
    )
    assert [one.version for one in said.datasets] == [known.datasets[0].version]
    assert said.unread == known.unread
