"""JSON that senders put into attributes, as both ways of storing read it."""

from typing import Any

import otlp_requests
import pytest
from otlp_requests import START_NS, put, rows, span, trace_request

from collector.storage.engine import Store

BOTH_WAYS = pytest.mark.parametrize("few_bytes", [0, 1 << 30], ids=["engine", "python"])


def stored(store: Store, project: str, key: str, texts: list[str]) -> list[Any]:
    """Rows of spans that have the texts under a key, in their order."""
    spans = [
        span({key: text}, start_time_unix_nano=START_NS + place)
        for place, text in enumerate(texts)
    ]
    put(store, trace_request(*spans, project=project))
    return rows(store, project)


@BOTH_WAYS
def test_a_preview_is_the_first_text_of_a_message_or_the_content_as_it_is(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch, few_bytes: int
) -> None:
    monkeypatch.setattr(otlp_requests, "FEW_BYTES", few_bytes)
    shown = {
        '"환불"': "환불",
        '[{"role":"user","content":"plain"}]': "plain",
        '[{"parts":[{"content":"first"},{"content":"next"}]}]': "first",
        '[{"parts":[],"content":"beside"}]': "beside",
        '[{"parts":["x"],"content":7}]': "7",
        '[{"parts":{"a":{"content":"within"}}}]': "within",
        '[{"parts":[{"content":{"a":[1.50]}}]}]': '{"a":[1.5]}',
        '["a","b"]': '["a","b"]',
        "[]": "[]",
        "[1, 2": "[1, 2",
        '{"q":"환불"}': '{"q":"환불"}',
        "no JSON": "no JSON",
    }
    found = stored(store, project, "tracer.input", list(shown))
    assert [row["input_preview"] for row in found] == list(shown.values())


@BOTH_WAYS
def test_metadata_that_are_one_json_object_are_told_apart_by_type(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch, few_bytes: int
) -> None:
    monkeypatch.setattr(otlp_requests, "FEW_BYTES", few_bytes)
    told = {
        '{"team":"A","n":7,"on":true,"none":null}': {
            "team": "A",
            "n": "7",
            "on": "true",
            "none": "null",
        },
        '{"x":1.5,"deep":{"a":[1]}}': {"x": "1.5", "deep": '{"a":[1]}'},
        '{"long":12345678901234567890}': {"long": "12345678901234567890"},
        '{"broken":': {},
        "[1]": {},
        "no JSON": {},
    }
    found = stored(store, project, "metadata", list(told))
    assert [row["metadata"] for row in found] == list(told.values())
    types = {"n": "int", "on": "bool", "none": "json"}
    named = {f"tracer.metadata.{key}": type for key, type in types.items()}
    assert found[0]["attribute_types"] == named


@BOTH_WAYS
def test_half_a_letter_in_json_keeps_no_span_from_being_stored(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch, few_bytes: int
) -> None:
    monkeypatch.setattr(otlp_requests, "FEW_BYTES", few_bytes)
    half = '{"half":"\\ud83d"}'
    by_content = stored(store, project, "tracer.output", [half])
    by_metadata = stored(store, f"{project}-metadata", "metadata", [half])
    assert [len(by_content), len(by_metadata)] == [1, 1]
    assert by_metadata[0]["attributes"]["metadata"] == half


@BOTH_WAYS
def test_the_model_within_a_calls_parameters_is_what_they_say(
    store: Store, project: str, monkeypatch: pytest.MonkeyPatch, few_bytes: int
) -> None:
    monkeypatch.setattr(otlp_requests, "FEW_BYTES", few_bytes)
    models = {'{"model":"gpt-x"}': "gpt-x", '{"model":7}': "7", '{"n":1}': "", "x": ""}
    found = stored(store, project, "llm.invocation_parameters", list(models))
    assert [row["model"] for row in found] == list(models.values())
