"""A day at a ticket desk: every way of recording at once, through an outage.

    python -m examples.ticket_desk [--steps]

A decorated function streams an answer from the OpenAI client, threads of an executor
look things up, a forked worker closes tickets. With ``--steps`` it waits for Enter
before each part, so that you can stop the collector meanwhile, and start it again.
Set OPENAI_BASE_URL (and OPENAI_API_KEY), or it starts a small server of its own.
"""

import argparse
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from openai import OpenAI

import tracer
from examples.openai_server.running import running

PROJECT = "ticket-desk"
QUESTIONS = [
    "How do I return a pair of shoes?",
    "환불은 며칠 걸리나요?",
    "Where is order A-1001?",
    "배송지를 바꿀 수 있나요?",
]
PARTS = ("stream", "threads", "fork", "fails")


@tracer.trace(kind="retriever")
def look_up(question: str) -> list[str]:
    return [f"page about {word}" for word in question.split()[:3]]


@tracer.trace(kind="agent", accumulate="".join)
def answer(question: str, client: OpenAI) -> Iterator[str]:
    with ThreadPoolExecutor(2) as pool:
        pages = pool.map(tracer.in_context(look_up), [question, question.upper()])
    with tracer.span("rank", kind="reranker", input=[*pages]) as rank:
        rank.output = "the first page"
        rank.metadata["n_pages"] = 2
    stream = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
    )
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


@tracer.trace(kind="tool", tags=["worker"])
def close_ticket(number: int) -> str:
    if number % 5 == 4:
        raise LookupError(f"ticket {number} is locked")
    return f"ticket {number} closed"


def close_some(numbers: range) -> None:
    """Run in a forked worker, which delivers before it exits."""
    for number in numbers:
        try:
            close_ticket(number)
        except LookupError as error:
            print(f"  worker {os.getpid()}: {error}")


def run(part: str, client: OpenAI) -> None:
    """Do one part of the day."""
    if part == "stream":
        for number, question in enumerate(QUESTIONS):
            with tracer.using(
                user_id=f"u{number}", session_id="morning", tags=["desk"]
            ):
                print(f"  {question} → {''.join(answer(question, client))[:60]}")
    elif part == "threads":
        with ThreadPoolExecutor(8) as pool, tracer.span("lunch rush", kind="chain"):
            list(pool.map(tracer.in_context(look_up), QUESTIONS * 25))
    elif part == "fork":
        fork = multiprocessing.get_context("fork")
        workers = [
            fork.Process(target=close_some, args=(range(first, first + 10),))
            for first in (0, 10)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    elif part == "fails":
        broken = client.with_options(max_retries=0, base_url="http://127.0.0.1:9/v1")
        try:
            print("".join(answer("Is anybody there?", broken)))
        except Exception as error:
            print(f"  the model is away: {type(error).__name__}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="ticket_desk", description=__doc__)
    parser.add_argument("--steps", action="store_true", help="wait before each part")
    waits = parser.parse_args().steps
    tracer.configure(project=PROJECT)
    with ExitStack() as stack:
        base_url = os.environ.get("OPENAI_BASE_URL")
        if base_url is None:
            base_url = stack.enter_context(running())
        key = os.environ.get("OPENAI_API_KEY", "none")
        client = tracer.wrap_openai(OpenAI(base_url=base_url, api_key=key))
        for part in PARTS:
            if waits:
                input(f"Enter for: {part} ")
            else:
                print(part)
            run(part, client)
            print(f"  {tracer.flush()}", flush=True)
        if waits:
            input("Enter to end ")
    print(tracer.shutdown())


if __name__ == "__main__":
    main()
