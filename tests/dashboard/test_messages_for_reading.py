"""Messages of every kind become a conversation, exactly as they were sent."""

import json
from typing import Any

import pytest

from dashboard.shaping.conversation import messages
from dashboard.shaping.conversation.messages import conversation


def parts(*given: Any, **message: Any) -> list[dict[str, Any]]:
    [shown] = conversation([{"role": "assistant", "parts": list(given), **message}])
    found: list[dict[str, Any]] = shown["parts"]
    return found


def test_text_stays_as_it_is_markup_and_all() -> None:
    [part] = parts({"type": "text", "content": "<b>환불</b> costs $5 and $6"})

    assert part == {
        "type": "text",
        "text": "<b>환불</b> costs $5 and $6",
        "code": False,
    }


def test_a_tool_call_shows_its_name_and_arguments() -> None:
    call = {"type": "tool_call", "name": "lookup", "arguments": '{"order": "환불-1"}'}
    [part] = parts(call)

    assert part["name"] == "lookup"
    assert part["text"] == '{\n  "order": "환불-1"\n}'


def test_a_tools_answer_names_the_call_it_belongs_to() -> None:
    asked = {"type": "tool_call", "id": "call_1", "name": "lookup", "arguments": {}}
    other = {"type": "tool_call", "id": "call_2", "name": "weather", "arguments": {}}
    answer = {"type": "tool_call_response", "id": "call_1", "response": "sent"}
    said, told = conversation(
        [
            {"role": "assistant", "parts": [asked, other]},
            {"role": "tool", "parts": [answer]},
        ]
    )

    (call, alone), [result] = said["parts"], told["parts"]
    assert (result["name"], result["id"], result["text"]) == (
        "lookup",
        "call_1",
        "sent",
    )
    assert (call["to"], result["to"]) == (result["anchor"], call["anchor"])
    assert "to" not in alone


def test_an_answer_in_json_is_laid_out_and_copied_as_it_was() -> None:
    answer = '{"city":"서울","ok":true}'
    [shown] = conversation([{"role": "assistant", "content": answer}])
    [asked] = conversation([{"role": "user", "content": answer}])

    [part] = shown["parts"]
    assert (part["code"], part["text"]) == (True, messages.pretty(json.loads(answer)))
    assert shown["copy"] == answer
    assert asked["parts"][0]["text"] == answer


@pytest.mark.parametrize("text", ["[1, 2", "{not json}", "[" * 100_000])
def test_an_answer_that_only_begins_like_json_stays_text(text: str) -> None:
    [shown] = conversation([{"role": "assistant", "content": text}])

    assert not shown["parts"][0]["code"]
    assert shown["parts"][0]["text"] == text


def test_a_refusal_is_told_from_an_answer() -> None:
    [part] = parts({"type": "refusal", "content": "I cannot help with that."})

    assert (part["type"], part["title"]) == ("refusal", "refusal")
    assert part["text"] == "I cannot help with that."


def test_a_text_of_megabytes_is_cut_and_says_how_much_is_left() -> None:
    [part] = parts({"type": "text", "content": "가" * 1_000_000})

    assert len(part["text"]) + part["cut"] == 1_000_000
    assert part["cut"] == 1_000_000 - messages.MOST_CHARACTERS


def test_reasoning_is_told_from_what_was_said() -> None:
    [part] = parts({"type": "reasoning", "content": "first look it up"})

    assert part["type"] == "reasoning"


def test_an_image_is_shown_only_from_its_own_bytes() -> None:
    blob = {"type": "blob", "modality": "image", "mime_type": "image/png"}
    [inside] = parts({**blob, "content": "aGk="})
    [outside] = parts({"type": "uri", "modality": "image", "uri": "http://x.test/a"})

    assert inside["image"] == "data:image/png;base64,aGk="
    for url in (
        "data:image/svg+xml;base64,aGk=",
        "data:text/html;base64,aGk=",
        "data:image/png,<svg onload=alert(1)>",
        "javascript:alert(1)",
    ):
        [other] = parts({"type": "uri", "modality": "image", "uri": url})
        assert "image" not in other
    assert "image" not in outside
    assert "http://x.test/a" in outside["text"]


def test_bytes_that_were_not_recorded_are_named_and_measured_instead() -> None:
    blob = {"type": "blob", "modality": "image", "mime_type": "image/png"}
    [drawn] = parts({**blob, "size_bytes": 1_234, "size": "1024x1024"})
    [given] = parts({**blob, "name": "cat.png"})
    [file] = parts({"type": "file", "modality": "document", "file_id": "file-1"})

    assert "image" not in drawn
    assert drawn["title"] == "image · blob"
    assert drawn["text"] == "image/png · 1,234 bytes · 1024x1024"
    assert given["text"] == "cat.png · image/png"
    assert file["text"] == "file-1"


def test_a_tool_of_the_api_shows_what_it_was_asked_and_what_it_found() -> None:
    call, answer = parts(
        {
            "type": "server_tool_call",
            "id": "ci_1",
            "name": "code_interpreter",
            "server_tool_call": {"type": "code_interpreter", "code": "print(42)"},
        },
        {
            "type": "server_tool_call_response",
            "id": "ci_1",
            "server_tool_call_response": {"type": "code_interpreter", "outputs": [42]},
        },
    )

    assert (call["type"], call["name"]) == ("tool_call", "code_interpreter")
    assert json.loads(call["text"]) == {"code": "print(42)"}
    assert (answer["title"], answer["name"]) == ("tool result", "code_interpreter")
    assert answer["to"] == call["anchor"]
    assert json.loads(answer["text"]) == {"outputs": [42]}


def test_messages_of_other_shapes_are_shown_and_not_dropped() -> None:
    shown = conversation(
        [
            {"role": "user", "content": "plain"},
            {"content": None},
            {"parts": ["word", 7]},
        ]
    )

    texts = [[part["text"] for part in message["parts"]] for message in shown]
    assert texts == [["plain"], [""], ["word", "7"]]


def test_the_reason_why_a_choice_ended_stands_beside_its_role() -> None:
    [shown] = conversation(
        [{"role": "assistant", "parts": [], "finish_reason": "length"}]
    )

    assert shown["note"] == "finish: length"


def test_an_input_of_named_fields_is_read_field_by_field_and_copied_whole() -> None:
    turns = [
        {"role": "user", "content": "안녕하세요"},
        {"role": "assistant", "content": "Hello"},
    ]
    shown = messages.value_message("input", {"question": "Why?", "history": turns})

    parts = [(part["title"], part["text"], part["code"]) for part in shown["parts"]]
    assert parts == [
        ("question", "Why?", False),
        ("history", "user: 안녕하세요\nassistant: Hello", False),
    ]
    assert json.loads(shown["copy"]) == {"question": "Why?", "history": turns}


def test_a_list_of_plain_objects_is_read_item_by_item() -> None:
    passages = [{"id": "fees", "score": 0.9}, {"id": "returns", "score": 0.4}]
    shown = messages.value_message("output", passages)

    texts = [(part["title"], part["text"]) for part in shown["parts"]]
    assert texts == [("1", "id: fees\nscore: 0.9"), ("2", "id: returns\nscore: 0.4")]


def test_what_is_nested_deeper_stays_json() -> None:
    [part] = messages.value_message("input", {"options": {"a": [1, 2]}})["parts"]

    assert part["code"]
    assert json.loads(part["text"]) == {"a": [1, 2]}


def test_empty_values_take_a_line_and_no_block() -> None:
    given = {"question": "Why?", "history": [], "filters": {}, "note": "", "user": None}
    shown = messages.value_message("input", given)

    assert [(part["title"], part.get("empty", False)) for part in shown["parts"]] == [
        ("question", False),
        *((name, True) for name in ("history", "filters", "note", "user")),
    ]
    assert json.loads(shown["copy"]) == given
    [alone] = messages.value_message("output", [])["parts"]
    assert (alone["text"], alone["empty"]) == ("[]", True)


def test_an_empty_text_beside_a_call_is_left_out_and_alone_it_says_so() -> None:
    call = {"type": "tool_call", "name": "now", "arguments": {}}
    [asked] = parts({"type": "text", "content": " \n"}, call)

    assert (asked["type"], asked["empty"]) == ("tool_call", True)
    assert parts({"type": "text", "content": ""}) == [
        {"type": "text", "text": "", "code": False, "empty": True}
    ]
    assert "empty" not in parts({"type": "text", "content": "[]"}, role="user")[0]
    assert parts()[0]["empty"]
