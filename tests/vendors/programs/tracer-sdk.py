"""Our own SDK: the reference."""

import story
from openai import OpenAI
from story import STORY

import tracer


@tracer.trace(kind="retriever")
def search(question: str) -> list[str]:
    return story.search(question)


@tracer.trace(kind="tool")
def order_status(order_id: str) -> str:
    return story.order_status(order_id)


@tracer.trace(kind="chain")
def answer(question: str) -> str:
    client = tracer.wrap_openai(OpenAI())
    text = story.tell(client, search=search, order_status=order_status)
    score = STORY["score"]
    tracer.score(score["name"], score["value"], comment=score["explanation"])
    return text


tracer.configure(project="support")
with tracer.using(
    user_id=STORY["user"],
    session_id=STORY["session"],
    tags=STORY["tags"],
    metadata=STORY["metadata"],
    prompt_name=STORY["prompt"]["name"],
    prompt_version=STORY["prompt"]["version"],
):
    answer(STORY["question"])
with tracer.EvaluationLogger(name=STORY["evaluation"]["name"]) as log:
    with log.log_prediction({"question": STORY["question"]}) as prediction:
        prediction.output = STORY["documents"][0]
        prediction.log_score("correct", True)
tracer.flush()
