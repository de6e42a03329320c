"""Pydantic AI: an agent with a tool, a streaming one, an embedder, through Logfire."""

import asyncio
import json
from typing import Any

import logfire
import story
from pydantic_ai import Agent, Embedder
from pydantic_ai.models.openai import OpenAIChatModel
from story import STORY

logfire.configure(send_to_logfire=False, console=False)
logfire.instrument_pydantic_ai()
Embedder.instrument_all()

agent = Agent(
    OpenAIChatModel(STORY["model"]),
    name="answer",
    system_prompt=STORY["system"],
    metadata=STORY["metadata"],
    model_settings={"temperature": 0},
)
absent = Agent(OpenAIChatModel(STORY["absent_model"]), name="absent")


@agent.tool_plain(description=STORY["tool"]["function"]["description"])
def order_status(order_id: str) -> Any:
    return json.loads(story.order_status(order_id))


async def answer() -> None:
    with logfire.span("search", documents=story.search(STORY["question"])):
        pass
    asked = agent.iter(STORY["question"], conversation_id=STORY["session"])
    async with asked as run:
        async for node in run:
            # the first request asks for the tool, the second is streamed
            if Agent.is_model_request_node(node) and len(run.all_messages()) > 1:
                async with node.stream(run.ctx) as stream:
                    async for _ in stream:
                        pass
    embedder = Embedder(f"openai:{STORY['embedding_model']}")
    await embedder.embed_query(STORY["question"])
    try:
        await absent.run(STORY["question"])
    except Exception as error:
        if "does not exist" not in str(error):
            raise


async def main() -> None:
    with logfire.span("answer", _tags=STORY["tags"]):
        await answer()


who = {"user.id": STORY["user"], "session.id": STORY["session"]}
with logfire.set_baggage(**who):
    asyncio.run(main())
logfire.shutdown()
