"""Compare, split, check, complete, and find what is nearly there twice."""

import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples.openai_server import running
from tracer.errors import ConfigurationError
from tracer.evaluation import Dataset, GenerationError, SchemaError

SHARES = {"train": 0.7, "dev": 0.1, "test": 0.2}


def numbered(n: int, **metadata: Any) -> Dataset:
    rows = ({"inputs": {"q": i}, "metadata": metadata} for i in range(n))
    return Dataset(rows, name="faq")


def test_a_difference_names_what_came_went_and_changed() -> None:
    before = Dataset(
        [{"id": "a", "q": 1}, {"id": "b", "q": 2, "expected": 1}, {"q": 3}]
    )
    after = Dataset(
        [
            {"id": "b", "q": 2, "expected": 2},
            {"q": 3, "source": {"trace_id": "t"}},
            {"id": "d", "q": 4},
        ]
    )
    found = before.diff(after)
    assert [one.id for one in found.added] == ["d"]
    assert [one.id for one in found.removed] == ["a"]
    ((changed),) = found.changed
    assert (changed.id, changed.parts) == ("b", ("expected",))
    assert (changed.before.expected, changed.after.expected) == (1, 2)
    assert str(found) == "1 added, 1 removed, 1 changed, 1 unchanged"
    assert not before.diff(before)


def test_a_row_that_is_there_twice_and_then_once_was_removed() -> None:
    twice = Dataset([{"q": 1}, {"q": 1}])
    assert len(twice.diff(Dataset([{"q": 1}])).removed) == 1


def test_splits_hold_every_row_once_in_about_its_share() -> None:
    dataset = numbered(5000)
    splits = dataset.split(SHARES)
    assert list(splits) == list(SHARES)
    assert splits["test"].name == "faq-test"
    ids = Counter(one.id for split in splits.values() for one in split)
    assert ids == Counter(one.id for one in dataset)
    for name, share in SHARES.items():
        assert abs(len(splits[name]) / 5000 - share) < 0.03


@settings(deadline=None)
@given(st.lists(st.integers(0, 99), unique=True), st.integers(0, 99))
def test_a_row_keeps_its_split_whatever_rows_are_put_wherever(
    questions: list[int], at: int
) -> None:
    rows = [{"q": one} for one in questions]
    grown = [*rows[:at], {"q": "new"}, *rows[at:], {"q": "more"}]
    before, after = Dataset(rows).split(SHARES), Dataset(grown).split(SHARES)
    for name, split in before.items():
        assert {one.id for one in split} <= {one.id for one in after[name]}


@settings(deadline=None)
@given(st.lists(st.sampled_from("가나다"), max_size=60), st.integers(0, 60))
def test_strata_have_their_shares_and_keep_them_when_rows_are_added(
    languages: list[str], n_first: int
) -> None:
    rows = [
        {"inputs": {"q": i}, "metadata": {"lang": lang}}
        for i, lang in enumerate(languages)
    ]
    whole = Dataset(rows).split(SHARES, stratify_by="lang")
    first = Dataset(rows[:n_first]).split(SHARES, stratify_by="lang")
    for name, share in SHARES.items():
        assert {one.id for one in first[name]} <= {one.id for one in whole[name]}
        counts = Counter(one.metadata["lang"] for one in whole[name])
        for lang, n_rows in Counter(languages).items():
            assert abs(counts[lang] - share * n_rows) < len(SHARES)


def test_rows_of_one_group_stay_together() -> None:
    rows = [
        {"inputs": {"q": i}, "metadata": {"user": f"u{i % 40}"}} for i in range(400)
    ]
    splits = Dataset(rows).split(SHARES, group_by="user")
    users = [{one.metadata["user"] for one in split} for split in splits.values()]
    assert all(not a & b for a, b in itertools.combinations(users, 2))
    assert all(users)


def test_another_seed_splits_otherwise_and_shares_are_one_together() -> None:
    dataset = numbered(100)
    one, other = dataset.split(SHARES), dataset.split(SHARES, seed=1)
    assert one["test"].rows != other["test"].rows
    with pytest.raises(ValueError, match="are 0.9 together"):
        dataset.split({"a": 0.5, "b": 0.4})
    with pytest.raises(ValueError, match="give one"):
        dataset.split(SHARES, group_by="a", stratify_by="b")


def test_rows_that_do_not_fit_a_schema_are_named_with_place_and_fault() -> None:
    schema = {
        "properties": {
            "inputs": {
                "required": ["question"],
                "properties": {"question": {"type": "string"}},
            },
            "expected": {"enum": ["yes", "no", None]},
        }
    }
    dataset = Dataset(
        [
            {"id": "ok", "question": "?", "expected": "yes"},
            {"id": "b", "question": 3, "expected": "maybe"},
            {"id": "c", "q": "?"},
        ]
    )
    with pytest.raises(SchemaError, match="2 rows do not fit the schema") as caught:
        dataset.validate(schema)
    assert [str(error) for error in caught.value.errors] == [
        "row 1 (b) at inputs.question: 3 is not of type 'string'",
        "row 1 (b) at expected: 'maybe' is not one of ['yes', 'no', None]",
        "row 2 (c) at inputs: 'question' is a required property",
    ]
    Dataset([{"question": "?"}]).validate(schema)
    with pytest.raises(ValueError, match="this is no JSON Schema"):
        dataset.validate({"type": "nothing"})


def test_near_duplicates_are_grouped_in_any_language() -> None:
    dataset = Dataset(
        [
            {"q": "환불은 며칠 안에 신청할 수 있나요?"},
            {"q": "How do I reset my password on the site?"},
            {"q": "환불은  며칠 안에 신청할 수 있나요"},
            {"q": "배송은 언제 오나요?"},
            {"q": "HOW DO I RESET MY PASSWORD ON THE SITE"},
            {"q": "환불 규정이 궁금합니다."},
        ]
    )
    first, second = dataset.near_duplicates()
    assert (first.numbers, second.numbers) == ((0, 2), (1, 4))
    assert first.ids == (dataset[0].id, dataset[2].id)
    assert 0.8 <= first.similarity < 1
    with pytest.raises(ValueError, match="threshold=0.1"):
        dataset.near_duplicates(threshold=0.1)


def jaccard(one: str, other: str) -> float:
    a, b = (
        {text[i : i + 3] for i in range(max(1, len(text) - 2))} for text in (one, other)
    )
    return len(a & b) / len(a | b)


@settings(deadline=None)
@given(st.lists(st.text("가나ab", min_size=1, max_size=12), max_size=14))
def test_groups_are_those_of_comparing_all_pairs(texts: list[str]) -> None:
    dataset = Dataset([{"id": str(i), "q": text} for i, text in enumerate(texts)])
    groups = [set(group) for group in map(lambda i: {i}, range(len(texts)))]
    for one, other in itertools.combinations(range(len(texts)), 2):
        if jaccard(texts[one], texts[other]) >= 0.8:
            both = [group for group in groups if {one, other} & group]
            groups = [group for group in groups if group not in both]
            groups.append(set().union(*both))
    wanted = {tuple(sorted(group)) for group in groups if len(group) > 1}
    assert {group.numbers for group in dataset.near_duplicates()} == wanted


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with running() as url:
        yield url


def test_missing_answers_are_made_by_a_function() -> None:
    asked: list[str] = []

    def model(question: str) -> str:
        asked.append(question)
        return question.upper()

    dataset = Dataset([{"question": "a"}, {"question": "b", "output": "own"}])
    made = dataset.generate("response", model)
    assert [one.output for one in made] == ["A", "own"]
    assert asked == ["a"]
    both = made.generate("baseline_model_response", model)
    assert [one.columns["baseline_model_response"] for one in both] == ["A", "B"]
    assert [one.id for one in both] == [one.id for one in dataset]


@pytest.mark.parametrize("kind", [openai.OpenAI, openai.AsyncOpenAI])
async def test_missing_answers_are_made_by_a_client(kind: Any, base_url: str) -> None:
    client = kind(base_url=base_url, api_key="secret-key")
    rows = [
        {"prompt": "수도는?", "history": [{"role": "user", "content": "안녕"}]},
        {"messages": [{"role": "user", "content": "hi"}]},
        {"question": "영업시간은?"},
    ]
    made = await Dataset(rows).agenerate("response", "gpt-4o-mini", client=client)
    assert all(one.output for one in made)
    closed = client.close()
    if closed is not None:
        await closed


def test_what_a_model_could_not_answer_is_named_and_the_rest_kept() -> None:
    def model(q: int) -> int:
        return 10 // q

    dataset = Dataset([{"q": 0, "id": "zero"}, {"q": 5}])
    with pytest.raises(
        GenerationError, match="1 rows have no response still"
    ) as caught:
        dataset.generate("response", model)
    assert isinstance(caught.value.errors["zero"], ZeroDivisionError)
    again = Dataset.of(caught.value.examples)
    assert [one.output for one in again] == [None, 2]
    assert [one.output for one in again.generate("response", lambda q: -1)] == [-1, 2]


def test_what_cannot_be_asked_is_said_before_the_first_call() -> None:
    dataset = Dataset([{"a": 1, "b": 2}])
    with pytest.raises(ConfigurationError, match="give the client that knows it"):
        dataset.generate("response", "gpt-4o")
    with pytest.raises(ConfigurationError, match="give one of response"):
        dataset.generate("answer", len)
