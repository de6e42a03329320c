"""Each kind of judge, over a real socket, in both languages."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import Wire

from tracer.errors import ConfigurationError, UnreadableJudgementError
from tracer.evaluation import Scored
from tracer.judges import (
    AnswerRelevancy,
    Checklist,
    ContextPrecision,
    ContextRecall,
    Faithfulness,
    LabelJudge,
    RagJudge,
    Rubric,
    RubricSetJudge,
)
from tracer.judges._asking import Asker, Reply
from tracer.judges.claims import mean_precision

ROW: dict[str, Any] = {
    "question": "환불은 며칠 안에 가능한가요?",
    "context": [
        "환불은 구매 후 14일 안에 가능합니다. 배송비는 고객이 냅니다.",
        "매장은 오전 9시에 엽니다.",
    ],
    "reference": "환불은 구매 후 14일 안에 가능합니다.",
}
RIGHT = "환불은 구매 후 14일 안에 가능합니다."
MADE_UP = "환불은 불가하고 그 대신 적립금 삼천 포인트를 드립니다."


@pytest.mark.parametrize("language", ["en", "ko"])
def test_rag_is_graded_by_four_criteria_and_their_total(
    wire: Wire, language: str
) -> None:
    judge = RagJudge(wire.model(), language=language)
    found = judge.judge(RIGHT, **ROW)
    assert list(found) == [
        *("answer_correctness", "context_relevance", "faithfulness"),
        *("context_recall", "total"),
    ]
    assert found["answer_correctness"].value == found["context_recall"].value == 5
    grades = [found[name].value for name in list(found)[:4]]
    assert found["total"].value == sum(grades) <= 20
    assert all(found[name].explanation for name in found)
    assert len(wire.bodies) == 1


def test_a_made_up_answer_gets_few_points(wire: Wire) -> None:
    judge = RagJudge(wire.model(), language="ko")
    good, bad = judge.judge(RIGHT, **ROW), judge.judge(MADE_UP, **ROW)
    for name in ("answer_correctness", "faithfulness", "total"):
        assert bad[name].value < good[name].value
    assert bad["context_recall"].value == good["context_recall"].value


def test_the_korean_judge_is_told_everything_in_korean(wire: Wire) -> None:
    RagJudge(wire.model(), language="ko").judge(RIGHT, **ROW)
    system = wire.bodies[0]["messages"][0]["content"]
    assert "답변이 모범 답안과 같은 내용을 말하는가?" in system
    assert "You are" not in system
    assert "모범 답안" in wire.data


def test_context_and_answer_are_found_within_the_output(wire: Wire) -> None:
    judge = RagJudge(wire.model(), language="ko")
    output = {"answer": RIGHT, "context": ROW["context"]}
    row = {"question": ROW["question"], "expected": ROW["reference"]}
    assert judge.judge(output, **row) == judge.judge(RIGHT, **ROW)


def test_columns_of_other_names_are_mapped(wire: Wire) -> None:
    maps = {
        "context": "output.found.texts",
        "reference": "모범",
        "output": "output.text",
    }
    judge = RagJudge(wire.model(), column_map=maps)
    output = {"text": RIGHT, "found": {"texts": ROW["context"]}}
    found = judge.judge(output, prompt=ROW["question"], 모범=ROW["reference"])
    assert found["answer_correctness"].value == 5


def test_a_part_that_is_nowhere_is_an_error_before_any_request(wire: Wire) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RagJudge(wire.model()).judge(RIGHT, question="?", expected=None)
    said = str(refused.value)
    assert "needs 'context'" in said and "has output, question" in said
    assert wire.bodies == []


def test_faithfulness_is_the_share_of_supported_statements(wire: Wire) -> None:
    scored = Faithfulness(wire.model(), language="ko").judge(
        f"{RIGHT} 적립금 삼천 포인트도 드려요.", **ROW
    )
    assert scored.value == 0.5
    assert scored.metadata == {"n_statements": 2, "n_yes": 1}
    assert scored.explanation is not None
    assert [line[0] for line in scored.explanation.splitlines()] == ["+", "-"]


def test_context_recall_is_the_share_of_the_references_statements(wire: Wire) -> None:
    reference = f"{RIGHT} 사은품은 돌려주지 않아도 괜찮아요."
    judge = ContextRecall(wire.model(), language="ko")
    assert judge.judge(None, **(ROW | {"reference": reference})).value == 0.5


def test_answer_relevancy_is_the_share_of_statements_to_the_point(wire: Wire) -> None:
    answer = "환불은 14일 안에 가능합니다. 하늘이 파랗네."
    judge = AnswerRelevancy(wire.model(), language="ko")
    assert judge.judge(answer, question=ROW["question"]).value == 0.5


@pytest.mark.parametrize("order", [1, -1])
def test_context_precision_rewards_useful_passages_that_come_first(
    wire: Wire, order: int
) -> None:
    row = ROW | {"context": ROW["context"][::order]}
    scored = ContextPrecision(wire.model()).judge(None, **row)
    assert scored.value == (1.0 if order == 1 else 0.5)
    assert scored.metadata == {"n_passages": 2, "n_yes": 1}


@pytest.mark.parametrize(
    ("useful", "precision"),
    [
        ([], 0.0),
        ([False, False], 0.0),
        ([True], 1.0),
        ([False, True], 1 / 2),
        ([True, False, True], (1 + 2 / 3) / 2),
        ([False, True, True], (1 / 2 + 2 / 3) / 2),
    ],
)
def test_mean_precision_is_ragas_context_precision(
    useful: list[bool], precision: float
) -> None:
    assert mean_precision(useful) == pytest.approx(precision)


@given(st.lists(st.booleans(), min_size=1))
def test_mean_precision_is_the_formula_of_ragas(useful: list[bool]) -> None:
    weighted = sum(
        sum(useful[:k]) / k * useful[k - 1] for k in range(1, len(useful) + 1)
    )
    wanted = weighted / sum(useful) if any(useful) else 0.0
    assert mean_precision(useful) == pytest.approx(wanted)


def test_an_answer_that_states_nothing_is_a_missing_score(wire: Wire) -> None:
    scored = Faithfulness(wire.model()).judge("?!", **ROW)
    assert (scored.value, scored.error) == (None, None)
    assert scored.explanation == "no statements in the output"


def test_nothing_is_supported_by_an_empty_context(wire: Wire) -> None:
    assert Faithfulness(wire.model()).judge(RIGHT, **(ROW | {"context": []})).value == 0
    assert ContextPrecision(wire.model()).judge(**(ROW | {"context": []})).value is None


def answered(judge: Any, replies: Sequence[str]) -> Any:
    """Carry a judgement by replies that stand in the test."""
    steps = judge.steps(judge.parts(RIGHT, ROW), Asker("en"))
    next(steps)
    for reply in replies:
        try:
            steps.send(Reply(reply))
        except StopIteration as ended:
            return ended.value
    raise AssertionError("it asks on")


@pytest.mark.parametrize(
    "verdicts",
    [
        "[]",
        '[{"number": 1, "explanation": "", "yes": true}]',
        '[{"number": 1, "explanation": "", "yes": true},'
        ' {"number": 1, "explanation": "", "yes": false}]',
        '[{"number": 1, "explanation": "", "yes": true},'
        ' {"number": 3, "explanation": "", "yes": false}]',
    ],
)
def test_verdicts_that_are_not_one_a_statement_are_no_judgement(
    wire: Wire, verdicts: str
) -> None:
    listed, bad = '{"statements": ["a", "b"]}', f'{{"verdicts": {verdicts}}}'
    with pytest.raises(UnreadableJudgementError, match="give one on each of 1 to 2"):
        answered(Faithfulness(wire.model()), [listed, bad, bad])


def test_verdicts_in_another_order_belong_to_their_numbers(wire: Wire) -> None:
    verdicts = (
        '{"verdicts": [{"number": 2, "explanation": "no", "yes": false},'
        ' {"number": 1, "explanation": "ok", "yes": true}]}'
    )
    scored = answered(
        Faithfulness(wire.model()), ['{"statements": ["a", "b"]}', verdicts]
    )
    assert scored.explanation == "+ a (ok)\n- b (no)"


def test_a_checklist_answers_each_question_and_their_share(wire: Wire) -> None:
    questions = {"refund": "환불 14일", "greets": "안녕 반가워 고마워"}
    found = Checklist(wire.model(), questions, language="ko").judge(RIGHT)
    assert (found["refund"].value, found["greets"].value) == (True, False)
    assert (found["share"].value, found["share"].explanation) == (0.5, "1 of 2")
    assert found["refund"].explanation


def test_a_label_is_one_of_those_that_there_are(wire: Wire) -> None:
    labels = {"환불": "환불 14일 이야기", "배송": "배송 조회 이야기"}
    scored = LabelJudge(wire.model(), labels, name="topic", language="ko").judge(RIGHT)
    assert scored.value == "환불"
    [body] = wire.bodies
    schema = body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["label"]["enum"] == ["환불", "배송"]


def test_judges_that_could_not_say_anything_are_refused(wire: Wire) -> None:
    model = wire.model()
    style = Rubric.ready("style")
    for make in (
        lambda: Checklist(model, {}),
        lambda: Checklist(model, {"share": "?"}),
        lambda: LabelJudge(model, {"only": "one"}, name="n"),
        lambda: RubricSetJudge(model, [], name="n"),
        lambda: RubricSetJudge(model, [style, style], name="n"),
        lambda: RubricSetJudge(
            model, [style, Rubric.ready("toxicity", "ko")], name="n"
        ),
        lambda: Faithfulness(model, language="fr"),
        lambda: Faithfulness(model, repeats=0),
    ):
        with pytest.raises(ConfigurationError):
            make()


def test_the_author_names_judge_version_and_model(wire: Wire) -> None:
    model = wire.model(model="judge-author")
    rubric = Rubric("tone", "?", {1: "bad", 2: "good"}, version="7")
    judge = RubricSetJudge(model, [rubric], name="set", total=False)
    assert judge.author == "set@7:judge-author"
    assert list(judge.judge("x")) == ["tone"]
    assert isinstance(judge.judge("x")["tone"], Scored)
