"""The support bot answers from what it finds; its second prompt is really better."""

from collections.abc import Iterator
from statistics import fmean

import openai
import pytest

import tracer.testing
from examples.openai_server import running
from examples.support_bot import (
    QUESTIONS,
    Question,
    answer,
    answers_in_language,
    conversations,
    dataset_rows,
    hold,
    is_polite,
    mentions_facts,
)
from examples.support_bot.questions import REFUSED

TRIALS = 2


@pytest.fixture(scope="module")
def client() -> Iterator[openai.OpenAI]:
    with running() as url, openai.OpenAI(base_url=url, api_key="key") as client:
        yield tracer.wrap_openai(client)


Answers = dict[str, list[list[str]]]
"""By prompt version; for every question its trials."""


@pytest.fixture(scope="module")
def answers(client: openai.OpenAI) -> Answers:
    return {
        version: [
            [
                answer(question.text, client=client, prompt_version=version)
                for _ in range(TRIALS)
            ]
            for question in QUESTIONS
        ]
        for version in ("v1", "v2")
    }


def test_both_languages_and_every_department_are_asked() -> None:
    assert len(QUESTIONS) >= 40
    assert {question.language for question in QUESTIONS} == {"en", "ko"}
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question.department for question in QUESTIONS}) == 4


def test_the_second_prompt_is_better_by_every_scorer(answers: Answers) -> None:
    expected = [row["expected"] for row in dataset_rows()]
    means = {}
    for version, texts in answers.items():
        judged = [
            (
                mentions_facts(text, wanted),
                answers_in_language(text, wanted),
                is_polite(text),
            )
            for trials, wanted in zip(texts, expected, strict=True)
            for text in trials
        ]
        means[version] = [fmean(column) for column in zip(*judged, strict=True)]

    for worse, better in zip(means["v1"], means["v2"], strict=True):
        assert worse + 0.15 < better
    assert 0.5 < means["v1"][0]
    assert means["v2"][0] < 1.0


def test_trials_of_one_question_differ(answers: Answers) -> None:
    varied = [texts for texts in answers["v1"] if len(set(texts)) > 1]

    assert len(varied) > len(QUESTIONS) / 3


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("How much is return shipping?", {"llm": 1, "retriever": 1, "guardrail": 1}),
        ("주문 A-1042는 어디쯤 왔나요?", {"llm": 2, "tool": 1, "agent": 1}),
    ],
)
def test_an_answer_is_one_trace_with_every_step(
    client: openai.OpenAI, question: str, kinds: dict[str, int]
) -> None:
    with tracer.testing.capture() as captured:
        said = answer(question, client=client)

    found = [span.kind for span in captured.spans]
    bot = captured.span("support_bot")
    assert {kind: found.count(kind) for kind in kinds} == kinds
    assert {span.trace_id for span in captured.spans} == {bot.trace_id}
    assert bot.input["question"] == question
    assert bot.output == said
    assert bot.attributes["gen_ai.prompt.version"] == "v2"


def test_a_tool_that_times_out_is_an_error_that_the_bot_survives(
    client: openai.OpenAI,
) -> None:
    with tracer.testing.capture() as captured:
        said = answer("What is the status of order C-9099?", client=client)

    tool = captured.span("order_status")
    assert "cannot look up" in said
    assert (tool.status, tool.attributes["error.type"]) == ("error", "TimeoutError")
    assert captured.span("support_bot").status == "ok"


@pytest.mark.parametrize("question", REFUSED)
def test_what_must_not_be_answered_reaches_no_model(
    client: openai.OpenAI, question: str
) -> None:
    with tracer.testing.capture() as captured:
        answer(question, client=client)

    assert [span.kind for span in captured.spans] == ["guardrail", "agent"]
    assert captured.span("support_bot").tags == ("declined",)


def test_a_conversation_carries_customer_session_and_department(
    client: openai.OpenAI,
) -> None:
    [conversation] = conversations(1, prompt_version="v1", seed=3)
    with tracer.testing.capture() as captured:
        said = hold(conversation, client=client)

    turns = [span for span in captured.spans if span.kind == "agent"]
    assert len(said) == len(conversation.turns) == len(turns)
    for span in captured.spans:
        assert span.attributes["user.id"] == conversation.user_id
        assert span.attributes["session.id"] == conversation.session_id
        assert span.metadata["department"] == conversation.department


def test_a_model_that_fails_leaves_an_error_and_the_conversation_goes_on() -> None:
    [conversation] = conversations(1, prompt_version="v2", seed=3)
    with (
        running(failure_rate=1.0) as url,
        openai.OpenAI(base_url=url, api_key="key", max_retries=0) as client,
        tracer.testing.capture() as captured,
    ):
        said = hold(conversation, client=tracer.wrap_openai(client))

    assert set(said) == {None}
    assert {span.status for span in captured.spans if span.kind == "agent"} == {"error"}


def test_conversations_are_the_same_for_the_same_seed() -> None:
    first, again, other = (
        list(conversations(30, prompt_version="v1", seed=seed)) for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other
    assert max(len(conversation.turns) for conversation in first) >= 3


@pytest.mark.parametrize(
    ("text", "expected", "share"),
    [
        ("14일 이내에 반품", {"facts": [["14 days", "14일"], ["free"]]}, 0.5),
        ("Within 14 DAYS, free.", {"facts": [["14 days"], ["free"]]}, 1.0),
        ("", {"facts": [["14 days"]]}, 0.0),
    ],
)
def test_facts_are_found_in_any_of_their_forms(
    text: str, expected: dict[str, list[list[str]]], share: float
) -> None:
    assert mentions_facts(text, expected) == share


def test_an_answer_is_in_the_language_that_it_mostly_uses() -> None:
    korean = "주문 A-1042의 상태는 배송 중이며 목요일에 도착합니다."
    assert answers_in_language(korean, {"language": "ko"})
    assert not answers_in_language("It is on its way (배송 중).", {"language": "ko"})


def test_every_row_of_the_dataset_has_its_question_and_facts() -> None:
    rows = dataset_rows()
    question: Question = QUESTIONS[0]

    assert len(rows) == len(QUESTIONS)
    assert rows[0]["inputs"] == {"question": question.text}
    assert all(row["expected"]["facts"] for row in rows)
