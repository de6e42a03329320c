"""``python -m examples.support_bot "환불은 며칠 이내에 가능한가요?"``: ask it once."""

import os
import sys
from contextlib import ExitStack

from openai import OpenAI

import tracer
from examples.openai_server import running
from examples.support_bot import answer

if __name__ == "__main__":
    question = " ".join(sys.argv[1:]) or "How long do I have to return an item?"
    tracer.configure(project="support-bot")
    with ExitStack() as stack:
        if "OPENAI_API_KEY" in os.environ:
            client = OpenAI()
        else:
            url = stack.enter_context(running())
            client = OpenAI(base_url=url, api_key="not-needed")
        print(answer(question, client=tracer.wrap_openai(client)))
    print(tracer.flush())
