"""What a request sets can be filtered by; what nobody filters by stays out."""

from typing import Any

import pytest
from openai_calls import ASK, MODEL, ORDER_TOOL, scenario
from openai_ways import Way

import tracer
from tracer._openai.settings import request_settings
from tracer.testing import Captured

FUNCTION = {"name": "order_status"}


@pytest.mark.parametrize(
    ("given", "attributes"),
    [
        ({"stop": ["a", "b"]}, {"gen_ai.request.stop_sequences": ["a", "b"]}),
        ({"top_k": 20}, {"gen_ai.request.top_k": 20}),
        ({"tool_choice": "required"}, {"tracer.request.tool_choice": "required"}),
        (
            {"tool_choice": {"type": "function", "function": FUNCTION}},
            {"tracer.request.tool_choice": "order_status"},
        ),
        (
            {"tool_choice": {"type": "function", **FUNCTION}},
            {"tracer.request.tool_choice": "order_status"},
        ),
        (
            {"tool_choice": {"type": "file_search"}},
            {"tracer.request.tool_choice": "file_search"},
        ),
        (
            {"parallel_tool_calls": False},
            {"tracer.request.parallel_tool_calls": False},
        ),
        ({"store": True}, {"tracer.request.store": True}),
        ({"background": False}, {}),
        ({"verbosity": "low"}, {"tracer.request.verbosity": "low"}),
        ({"text": {"verbosity": "low"}}, {"tracer.request.verbosity": "low"}),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "Ticket", "schema": {}},
                }
            },
            {"gen_ai.output.type": "json", "tracer.request.schema": "Ticket"},
        ),
        (
            {"text": {"format": {"type": "json_schema", "name": "Ticket"}}},
            {"gen_ai.output.type": "json", "tracer.request.schema": "Ticket"},
        ),
        ({"prompt_cache_key": "faq"}, {"tracer.request.prompt_cache_key": "faq"}),
        ({"safety_identifier": "h1"}, {"user.id": "h1"}),
        ({"user": "u1", "safety_identifier": "h1"}, {"user.id": "u1"}),
        ({"prompt": "Once upon"}, {}),
        ({"conversation": {"id": "c1"}}, {"gen_ai.conversation.id": "c1"}),
        ({"temperature": "hot", "seed": True, "n": 1, "service_tier": "auto"}, {}),
        ({"temperature": None, "stop": None, "store": None}, {}),
        ({"logit_bias": {"5": 1}, "extra": "x"}, {}),
    ],
)
def test_a_setting_becomes_its_attribute(
    given: dict[str, Any], attributes: dict[str, Any]
) -> None:
    assert request_settings(given) == attributes


async def test_a_stored_completion_is_told_with_its_metadata(
    way: Way, captured: Captured
) -> None:
    await way.ask(
        "chat.completions.create", **ASK, store=True, metadata={"부서": "회계"}
    )
    await way.ask("responses.create", model=MODEL, input="hi", metadata={"a": "b"})

    stored, response = captured.spans
    assert stored.metadata == {"부서": "회계"}
    assert stored.attributes["tracer.request.store"] is True
    assert response.metadata == {"a": "b"}
    assert "tracer.request.store" not in response.attributes


async def test_the_user_of_a_request_is_the_user_unless_the_app_says_who_it_is(
    way: Way, captured: Captured
) -> None:
    await way.ask("chat.completions.create", **ASK, user="from-request")
    with tracer.using(user_id="from-app"):
        await way.ask("chat.completions.create", **ASK, user="from-request")

    users = [span.attributes["user.id"] for span in captured.spans]
    assert users == ["from-request", "from-app"]


async def test_the_search_of_chat_completions_is_a_tool_that_was_offered(
    way: Way, captured: Captured
) -> None:
    await way.ask(
        "chat.completions.create",
        **ASK,
        tools=[ORDER_TOOL],
        web_search_options={"search_context_size": "low"},
    )

    order, search = captured.spans[0].content["gen_ai.tool.definitions"]
    assert (order["type"], order["name"]) == ("function", "order_status")
    assert search["name"] == "web_search"
    assert search["search_context_size"] == "low"


@pytest.mark.parametrize("streamed", [False, True])
async def test_what_vllm_adds_does_no_harm_and_its_stop_reason_is_kept(
    way: Way, captured: Captured, streamed: bool
) -> None:
    ask = way.stream if streamed else way.ask
    await ask("chat.completions.create", **ASK, **scenario("vllm"))

    [span] = captured.spans
    assert span.attributes["tracer.response.stop_reasons"] == ("128009",)
    assert span.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert "prompt_logprobs" not in repr(span)
