"""``python -m examples.korean_rag``: answer, grade and print; see README.md."""

import os
from contextlib import ExitStack

from openai import OpenAI

import tracer
from examples.korean_rag import HandbookBot, grade, questions
from examples.openai_server import running
from tracer.judges import JudgeModel, Price, RagJudge, estimate

PRICE = Price(input_usd_per_mtok=0.15, output_usd_per_mtok=0.60)

if __name__ == "__main__":
    tracer.configure(project="korean-rag")
    with ExitStack() as stack:
        if "OPENAI_API_KEY" in os.environ:
            client = OpenAI()
        else:
            url = stack.enter_context(running())
            client = OpenAI(base_url=url, api_key="not-needed")
        judge = JudgeModel(
            "gpt-4o-mini",
            client=client,
            price=PRICE,
            spending_limit_usd=1.0,
            cache="judgements.sqlite",
        )
        bot = HandbookBot(tracer.wrap_openai(client))
        answered = bot.predict("연차는 며칠인가요?")
        print(estimate(RagJudge(judge, language="ko"), questions(), output=answered))
        print(grade(bot, judge))
        print(judge.spending)
    print(tracer.flush())
