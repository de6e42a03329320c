"""LangChain through OpenInference: a chain with retrieval, and its steps as spans.

Run it from a clone:

    pip install langchain-core langchain-openai numpy \
        openinference-instrumentation-langchain
    tracer up                               # in one terminal
    python -m examples.langchain_rag        # in another; needs OPENAI_API_KEY (*)

(*) Without a key: `python -m examples.openai_server --port 9000`, then
OPENAI_BASE_URL=http://127.0.0.1:9000/v1 and OPENAI_API_KEY=none.

It shows that an instrumentor of OpenInference needs nothing but a provider, which
`configure` makes: no exporter, no address. LangChain's spans hang below the decorated
function and carry user, session and tags. LangChain tells nobody of its embeddings.
"""

from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from openinference.instrumentation.langchain import LangChainInstrumentor

import tracer

PASSAGES = [
    "Delivery takes 2 to 3 days. Orders placed before 11 a.m. leave the same day.",
    "You may return an item within 14 days. The refund is paid 3 business days later.",
    "The hotline is open from 9 a.m. to 6 p.m. on working days.",
]
PROMPT = ChatPromptTemplate.from_messages(
    [
        ("system", "Answer politely, with every fact, from these passages:\n{context}"),
        ("user", "{question}"),
    ]
)


def as_text(documents: list[Document]) -> str:
    """Return what was found as the prompt has it."""
    return "\n".join(
        f'<passage lang="en">{document.page_content}</passage>'
        for document in documents
    )


def make_chain() -> Runnable[str, str]:
    """Return the chain: retrieve, fill in the prompt, ask, take the text."""
    # Otherwise it counts tokens first, by a table that it loads from the network.
    embeddings = OpenAIEmbeddings(
        model="text-embedding-3-small", check_embedding_ctx_length=False
    )
    store = InMemoryVectorStore.from_texts(PASSAGES, embeddings)
    found = store.as_retriever(search_kwargs={"k": 1}) | as_text
    return (
        {"context": found, "question": RunnablePassthrough()}
        | PROMPT
        | ChatOpenAI(model="gpt-4o-mini")
        | StrOutputParser()
    )


# The chain is no input that anybody wants to read: only the question is recorded.
@tracer.trace(kind="chain", process_inputs=lambda given: given["question"])
def answer(question: str, chain: Runnable[str, str]) -> str:
    """Have the chain answer; its spans hang below this one."""
    return chain.invoke(question)


def main() -> None:
    """Ask twice in one session."""
    tracer.configure(project="langchain")
    LangChainInstrumentor().instrument()  # after `configure`, which has the provider
    chain = make_chain()
    with tracer.using(user_id="ann", session_id="morning", tags=["langchain"]):
        print(answer("How long does delivery take?", chain))
        print(answer("When is my refund paid?", chain))
    print(tracer.flush())


if __name__ == "__main__":
    main()
