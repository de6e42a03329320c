"""LlamaIndex through OpenInference: a query engine over an index, as spans.

Run it from a clone:

    pip install llama-index-core llama-index-llms-openai llama-index-embeddings-openai \
        openinference-instrumentation-llama-index
    tracer up                               # in one terminal
    python -m examples.llamaindex_rag       # in another; needs OPENAI_API_KEY (*)

(*) Without a key: `python -m examples.openai_server --port 9000`, then
OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.

It shows that an instrumentor of OpenInference needs nothing but a provider, which
`configure` makes: no exporter, no address. Query, retrieval, embeddings and the model
call hang below the decorated function, and carry user and session.
"""

import os

from llama_index.core import ChatPromptTemplate, Document, VectorStoreIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai import OpenAI
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor

import tracer

PASSAGES = [
    "Delivery takes 2 to 3 days. Orders placed before 11 a.m. leave the same day.",
    "You may return an item within 14 days. The refund is paid 3 business days later.",
    "The hotline is open from 9 a.m. to 6 p.m. on working days.",
]
PROMPT = ChatPromptTemplate.from_messages(
    [
        ("system", "Answer politely, with every fact, from these:\n{context_str}"),
        ("user", "{query_str}"),
    ]
)


def make_engine() -> BaseQueryEngine:
    """Return a query engine over the passages, in memory."""
    # LlamaIndex does not read the address from OPENAI_BASE_URL by itself.
    address = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
    index = VectorStoreIndex.from_documents(
        [Document(text=f'<passage lang="en">{text}</passage>') for text in PASSAGES],
        embed_model=OpenAIEmbedding(model="text-embedding-3-small", api_base=address),
    )
    return index.as_query_engine(
        llm=OpenAI(model="gpt-4o-mini", api_base=address),
        text_qa_template=PROMPT,
        similarity_top_k=1,
    )


# The engine is no input that anybody wants to read: only the question is recorded.
@tracer.trace(kind="chain", process_inputs=lambda given: given["question"])
def answer(question: str, engine: BaseQueryEngine) -> str:
    """Have the engine answer; its spans hang below this one."""
    return str(engine.query(question))


def main() -> None:
    """Ask twice in one session."""
    tracer.configure(project="llamaindex")
    LlamaIndexInstrumentor().instrument()  # after `configure`, which has the provider
    with tracer.span("build the index", kind="chain"):  # else each step is a trace
        engine = make_engine()
    with tracer.using(user_id="ann", session_id="morning", tags=["llamaindex"]):
        print(answer("How long does delivery take?", engine))
        print(answer("When is my refund paid?", engine))
    print(tracer.flush())


if __name__ == "__main__":
    main()
