"""From spans to dataset rows, by a mapping that people may change."""

from typing import Any

from dashboard.shaping.datasets import mapping, nearness
from dashboard.shaping.datasets.mapping import Mapped
from dashboard.shaping.datasets.nearness import Near


def span(**fields: Any) -> dict[str, Any]:
    return {
        "trace_id": "t",
        "span_id": "s",
        "input": {"question": "환불?"},
        "output": "네",
        "expected": None,
        "messages": None,
        "metadata": {"plan": "pro"},
        "name": "answer",
        **fields,
    }


def message(role: str, text: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}], **more}


def call() -> dict[str, Any]:
    told = [message("system", "be brief"), message("user", "hi")]
    said = message("assistant", "hello", finish_reason="stop")
    return span(input=None, output=None, messages=[*told, said])


def test_a_span_becomes_a_row_that_knows_where_it_came_from() -> None:
    spans = [span()]
    row = mapping.example(spans[0], mapping.first_guess(spans))

    assert row == {
        "inputs": {"question": "환불?"},
        "expected": None,
        "output": "네",
        "metadata": {"plan": "pro"},
        "source": {"trace_id": "t", "span_id": "s"},
    }


def test_every_path_of_the_spans_is_offered_once() -> None:
    spans = [span(), span(input={"question": "?", "k": 3}, output={"answer": "네"})]

    assert mapping.paths(spans) == [
        *("input", "input.question", "input.k", "output", "output.answer"),
        *("metadata.plan", "name"),
    ]


def test_an_input_that_is_no_object_gets_a_name() -> None:
    spans = [span(input="hi")]

    row = mapping.example(spans[0], mapping.first_guess(spans))
    assert row["inputs"] == {"input": "hi"}


def test_a_model_call_is_asked_what_its_messages_say() -> None:
    guess = mapping.first_guess([call()])
    row = mapping.example(call(), guess)

    assert row["inputs"] == {"system": "be brief", "question": "hi"}
    assert row["output"] == "hello"
    whole = mapping.example(call(), Mapped(inputs={"": "input"}))
    assert [one["role"] for one in whole["inputs"]["messages"]] == ["system", "user"]


def test_what_was_retrieved_is_the_context() -> None:
    spans = [span(retriever={"output": ["조항 3"]})]

    row = mapping.example(spans[0], mapping.first_guess(spans))
    assert row["inputs"] == {"question": "환불?", "context": ["조항 3"]}


def test_a_reference_answer_is_found_by_its_name() -> None:
    assert mapping.first_guess([span(expected="예")]).expected == "expected"
    guess = mapping.first_guess([span(metadata={"정답": "예", "plan": "pro"})])
    assert guess.expected == "metadata.정답"
    assert guess.metadata == {"plan": "metadata.plan"}


def test_columns_are_called_as_people_say_and_never_twice_the_same() -> None:
    chosen = ["input.q", "metadata.q", "output"]
    names = {"input.q": "question", "metadata.q": " "}

    columns = mapping.columns_of(chosen, names)
    assert columns == {
        "question": "input.q",
        "q": "metadata.q",
        "output": "output",
    }
    assert list(mapping.columns_of(["input.q", "metadata.q"])) == ["q", "q_2"]


def test_a_path_at_which_nothing_stands_gives_no_input() -> None:
    mapped = Mapped(inputs={"question": "input.nothing"})

    assert mapping.example(span(), mapped)["inputs"] == {}


def test_a_column_cannot_be_called_with_a_dot() -> None:
    assert mapping.is_name("질문 1")
    assert not any(mapping.is_name(name) for name in ("", "a.b", ".", " a"))


def test_of_equal_inputs_only_the_newest_becomes_a_row() -> None:
    calls = [span(trace_id="new"), span(trace_id="old", output="no"), span(input="hi")]
    guess = Mapped(inputs={"": "input"})
    rows = [mapping.example(one, guess) for one in calls]

    assert mapping.distinct(rows) == [rows[0], rows[2]]


LONG = "환불은 어떻게 받나요? 지난주에 카드로 결제했고 아직 배송 전입니다"


def test_rows_that_repeat_stored_ones_or_each_other_are_found() -> None:
    stored = [
        {
            "place": 40,
            "inputs": {"q": f"{LONG}."},
        },
        {"place": 41, "inputs": {"q": "배송은 얼마나 걸리나요?"}},
    ]
    new = [
        {"inputs": {"q": f"{LONG}!"}},
        {"inputs": {"q": "주소를 바꿀 수 있나요? 이사를 했습니다."}},
        {"inputs": {"q": "주소를 바꿀 수 있나요?  이사를 했습니다."}},
        {"inputs": {"q": "영업시간은?"}},
    ]
    found = nearness.near_rows(new, stored)

    assert found.keys() == {0, 2}
    assert (found[0].place, found[0].is_stored) == (40, True)
    assert found[0].similarity >= nearness.ALIKE
    assert found[2] == Near(1, False, 1.0)


def test_rows_are_compared_by_what_they_ask_and_not_by_what_they_share() -> None:
    context = "조항 " * 200
    stored = [{"place": 0, "inputs": {"q": "환불은 어떻게 받나요?"}}]
    new = [
        {"inputs": {"q": "환불은 어떻게 받나요?", "context": context}},
        {"inputs": {"q": "주소를 바꿀 수 있나요?", "context": context}},
    ]

    assert nearness.near_rows(new, stored) == {0: Near(0, True, 1.0)}
    assert nearness.near_rows(new, []) == {}
