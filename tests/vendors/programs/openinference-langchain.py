"""LangChain through OpenInference: its runnables, retriever, tool and chat model."""

import _otel
import story
from langchain_core.documents import Document
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation import using_attributes
from openinference.instrumentation.langchain import LangChainInstrumentor
from story import STORY


class Search(BaseRetriever):
    """What is known, by question."""

    def _get_relevant_documents(self, query: str, **_: object) -> list[Document]:
        return [Document(page_content=text) for text in story.search(query)]


@tool
def order_status(order_id: str) -> str:
    """Where an order is."""
    return story.order_status(order_id)


def answer(question: str) -> str:
    Search(name="search").invoke(question)
    model = ChatOpenAI(model=STORY["model"], temperature=0, stream_usage=True)
    messages = [SystemMessage(STORY["system"]), HumanMessage(question)]
    asked = model.bind_tools([order_status]).invoke(messages)
    [call] = asked.tool_calls
    result: ToolMessage = order_status.invoke(call)
    text = "".join(str(c.content) for c in model.stream([*messages, asked, result]))
    try:
        ChatOpenAI(model=STORY["absent_model"]).invoke([HumanMessage(question)])
    except Exception as error:
        if "does not exist" not in str(error):
            raise
    return text


LangChainInstrumentor().instrument(tracer_provider=_otel.spans)
with using_attributes(
    user_id=STORY["user"],
    session_id=STORY["session"],
    tags=STORY["tags"],
    metadata=STORY["metadata"],
):
    RunnableLambda(answer, name="answer").invoke(STORY["question"])
_otel.shutdown()
