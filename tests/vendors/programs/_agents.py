"""The story told with OpenAI's Agents SDK: its own runner calls model and tool."""

import asyncio

import story
from agents import Agent, RunConfig, Runner, function_tool
from agents.tracing import custom_span, set_trace_processors, trace
from openai import OpenAI
from story import STORY

set_trace_processors([])  # its own would send to its maker


@function_tool
def order_status(order_id: str) -> str:
    """Where an order is."""
    return story.order_status(order_id)


async def run(agent: Agent) -> None:
    with trace(
        "answer",
        group_id=STORY["session"],
        metadata={"user_id": STORY["user"], **STORY["metadata"]},
    ):
        with custom_span("search", {"question": STORY["question"]}):
            story.search(STORY["question"])
        result = Runner.run_streamed(agent, STORY["question"], run_config=RunConfig())
        async for _ in result.stream_events():
            pass
        story.embed(OpenAI())
        absent = agent.clone(model=STORY["absent_model"], tools=[])
        try:
            await Runner.run(absent, STORY["question"])
        except Exception as error:
            if "does not exist" not in str(error):
                raise


def tell() -> None:
    agent = Agent(
        name="support",
        instructions=STORY["system"],
        model=STORY["model"],
        tools=[order_status],
    )
    asyncio.run(run(agent))
