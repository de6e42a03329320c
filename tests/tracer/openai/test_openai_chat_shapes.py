"""Messages and tools in forms that the client's own types allow, and few use."""

from tracer._openai.chat import read_request, read_response


def test_functions_of_before_tools_are_tools_of_the_request() -> None:
    function = {"name": "look_up", "parameters": {"type": "object"}}
    read = read_request({"messages": [], "functions": [function]})

    assert read.content["gen_ai.tool.definitions"] == [
        {"type": "function", "name": "look_up", "parameters": {"type": "object"}}
    ]


def test_a_named_speaker_keeps_the_name() -> None:
    said = {"role": "user", "name": "지민", "content": "안녕"}
    read = read_request({"messages": [said]})

    assert read.content["gen_ai.input.messages"] == [
        {
            "role": "user",
            "name": "지민",
            "parts": [{"type": "text", "content": "안녕"}],
        }
    ]


def test_a_call_of_a_custom_tool_has_its_free_text_as_arguments() -> None:
    call = {"id": "c1", "type": "custom", "custom": {"name": "sql", "input": "SELECT"}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"finish_reason": "tool_calls", "message": message}
    read = read_response({"choices": [choice]})

    [told] = read.content["gen_ai.output.messages"]
    assert told["parts"] == [
        {"type": "tool_call", "id": "c1", "name": "sql", "arguments": "SELECT"}
    ]


def test_an_empty_choice_is_a_message_without_parts() -> None:
    read = read_response({"choices": [{"finish_reason": None, "message": None}]})

    [told] = read.content["gen_ai.output.messages"]
    assert told["role"] == "assistant"
    assert told["parts"] == []
