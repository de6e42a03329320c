"""vLLM, or any server that speaks OpenAI's protocol: name its address, that is all.

Run it from a clone:

    pip install openai
    tracer up                                            # in one terminal
    vllm serve Qwen/Qwen3-8B --reasoning-parser qwen3    # in another, on port 8000
    OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=none \
        python -m examples.vllm_reasoning

Without a GPU, `python -m examples.openai_server --port 9000` answers as vLLM does, at
OPENAI_BASE_URL=http://127.0.0.1:9000/v1.

It shows a stream of a model that thinks before it speaks. vLLM sends its thoughts in a
field of its own, `reasoning` (older versions: `reasoning_content`). They are a part of
the recorded message, told apart from the answer, in the dashboard too.
"""

import os
from collections.abc import Iterator

from openai import OpenAI

import tracer

INSTRUCTIONS = """Answer politely, with every fact, from this passage:
<passage lang="en">Delivery takes 2 to 3 days. It is free from 30 dollars.</passage>"""
MODEL = os.environ.get("MODEL", "Qwen/Qwen3-8B")


def told(question: str, client: OpenAI) -> Iterator[tuple[str, str]]:
    """Yield what comes, as pairs: ``reasoning`` or ``text``, and a few words."""
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": INSTRUCTIONS},
            {"role": "user", "content": question},
        ],
        stream=True,
        stream_options={"include_usage": True},
    )
    for chunk in stream:
        for choice in chunk.choices:
            own = choice.delta.model_extra or {}  # fields that openai does not know
            if thought := own.get("reasoning") or own.get("reasoning_content"):
                yield "reasoning", thought
            if choice.delta.content:
                yield "text", choice.delta.content


def main() -> None:
    """Ask once, print both kinds of words, and read the trace back."""
    tracer.configure(project="vllm")
    client = tracer.wrap_openai(OpenAI())  # its address is in OPENAI_BASE_URL
    question = "How long does delivery take?"
    with tracer.span("ask", kind="chain", input=question) as span:
        heard = {"reasoning": "", "text": ""}
        for kind, words in told(question, client):
            heard[kind] += words
        span.output = heard["text"]
    print(f"thought: {heard['reasoning']}\nsaid:    {heard['text']}")

    print(tracer.flush())
    for one in tracer.Client().trace(span.trace_id).spans:
        for message in one["messages"] or ():
            for part in message["parts"]:
                print(f"{one['name']}: {message['role']}, {part['type']}")


if __name__ == "__main__":
    main()
