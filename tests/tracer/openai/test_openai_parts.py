"""Parts of messages follow the GenAI schema; media are references."""

from typing import Any

import pytest

from tracer._openai.parts import content_parts, file_part, tool_call_part

PIXELS = "A" * 4000


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "text", "text": "안녕"}, {"type": "text", "content": "안녕"}),
        (
            {"type": "image_url", "image_url": {"url": "https://a/b.png"}},
            {"type": "uri", "modality": "image", "uri": "https://a/b.png"},
        ),
        (
            {
                "type": "image_url",
                "image_url": {"url": f"data:image/png;base64,{PIXELS}"},
            },
            {
                "type": "blob",
                "modality": "image",
                "mime_type": "image/png",
                "size_bytes": 3000,
            },
        ),
        (
            {"type": "input_image", "image_url": "https://a/b.png"},
            {"type": "uri", "modality": "image", "uri": "https://a/b.png"},
        ),
        (
            {"type": "input_image", "file_id": "file-1"},
            {"type": "file", "modality": "image", "file_id": "file-1"},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": PIXELS, "format": "wav"}},
            {
                "type": "blob",
                "modality": "audio",
                "mime_type": "audio/wav",
                "size_bytes": 3000,
            },
        ),
        (
            {"type": "file", "file": {"file_id": "file-2"}},
            {"type": "file", "modality": "document", "file_id": "file-2"},
        ),
        ({"type": "refusal", "refusal": "no"}, {"type": "refusal", "content": "no"}),
        (
            {"type": "hologram", "data": PIXELS, "depth": 3},
            {"type": "hologram", "data": "<base64: 3,000 bytes>", "depth": 3},
        ),
    ],
)
def test_a_part_is_translated(part: dict[str, Any], expected: dict[str, Any]) -> None:
    assert content_parts([part]) == [expected]


def test_a_file_given_as_data_is_a_reference_with_its_name() -> None:
    data = f"data:application/pdf;base64,{PIXELS}"
    assert file_part({"filename": "a.pdf", "file_data": data}) == {
        "type": "blob",
        "modality": "document",
        "mime_type": "application/pdf",
        "size_bytes": 3000,
        "name": "a.pdf",
    }


@pytest.mark.parametrize("content", [None, "", []])
def test_no_content_is_no_parts(content: Any) -> None:
    assert content_parts(content) == []


@pytest.mark.parametrize(
    ("arguments", "value"),
    [('{"a": 1}', {"a": 1}), ("{", "{"), ("", ""), (None, None), ({"a": 1}, {"a": 1})],
)
def test_arguments_are_their_value_where_they_have_one(
    arguments: Any, value: Any
) -> None:
    assert tool_call_part(None, "f", arguments)["arguments"] == value
