"""OpenAI's Agents SDK: agents, their tools and model calls as spans.

Run it from a clone:

    pip install openai-agents openinference-instrumentation-openai-agents
    tracer up                               # in one terminal
    python -m examples.openai_agents        # in another; needs OPENAI_API_KEY (*)

(*) Without a key: `python -m examples.openai_server --port 9000`, then
OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.

It shows the SDK's own events turned into spans by OpenInference's bridge, below a
decorated function; that nothing of them goes to OpenAI's own traces any more; and a
check of the answer in code, as a score of the trace.
"""

import json

from agents import Agent, Runner, function_tool
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

import tracer


@function_tool
def order_status(order_id: str) -> str:
    """Where an order is."""
    found = {"order_id": order_id, "status": "on its way", "arrives": "Friday"}
    return json.dumps(found)


DESK = Agent(
    name="desk",
    instructions="Look orders up. Answer politely, with every fact.",
    model="gpt-4o-mini",
    tools=[order_status],
)


@tracer.trace(kind="chain")
def answer(question: str) -> str:
    """Have the agent answer, and note whether it said when the parcel comes."""
    text = str(Runner.run_sync(DESK, question).final_output)
    tracer.score("says_when", "Friday" in text, source="code")
    return text


def main() -> None:
    """Ask once."""
    tracer.configure(project="openai-agents")
    OpenAIAgentsInstrumentor().instrument()  # takes the place of the SDK's exporter
    with tracer.using(user_id="ann", session_id="morning"):
        print(answer("Where is order A-1001?"))
    print(tracer.flush())


if __name__ == "__main__":
    main()
