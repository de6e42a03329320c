import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from types import SimpleNamespace
from typing import Any

import openai
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

import tracer.testing
from examples.openai_server import running
from examples.openai_server.embeddings import embed
from tracer import metrics
from tracer.errors import ConfigurationError, MissingExtraError
from tracer.metrics import AsyncEmbeddingSimilarity, BertScore, EmbeddingSimilarity

MODEL = "text-embedding-3-small"
vectors = st.lists(st.integers(-1_000, 1_000), min_size=3, max_size=3)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with running() as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=base_url, api_key="secret-key") as client:
        yield tracer.wrap_openai(client)


@settings(deadline=None)
@given(vectors, vectors)
def test_cosine_is_scikit_learns(left: list[int], right: list[int]) -> None:
    theirs = float(cosine_similarity([left], [right])[0][0])
    assert metrics.cosine(left, right) == pytest.approx(theirs, abs=1e-6)


def test_similarity_of_a_client_is_the_cosine_of_its_embeddings(
    client: openai.OpenAI,
) -> None:
    scorer = EmbeddingSimilarity(client, model=MODEL)
    output, expected = "환불은 삼일 걸립니다", "환불이 사흘 걸려요"
    theirs = metrics.cosine(embed(output), embed(expected))
    assert scorer.score(output, expected) == pytest.approx(theirs, abs=1e-6)
    assert scorer.score(output, [expected, output]) == pytest.approx(1)
    assert scorer.score(output, "환불은 이틀") > scorer.score(output, "점심 메뉴")


async def test_async_client_scores_the_same(base_url: str, client: Any) -> None:
    asynchronous = openai.AsyncOpenAI(base_url=base_url, api_key="secret-key")
    async with asynchronous as there:
        twin = AsyncEmbeddingSimilarity(there, model=MODEL)
        found = await asyncio.gather(
            twin.score("환불은 삼일", "환불이 삼일"), twin.score("환불", "배송")
        )
    scorer = EmbeddingSimilarity(client, model=MODEL)
    assert found == [
        pytest.approx(scorer.score("환불은 삼일", "환불이 삼일")),
        pytest.approx(scorer.score("환불", "배송")),
    ]


def test_texts_are_asked_for_once_and_many_at_a_time(client: openai.OpenAI) -> None:
    scorer = EmbeddingSimilarity(client, model=MODEL, batch_size=3)
    with tracer.testing.capture() as captured:
        scorer.vectors(["하나", "둘", "셋", "넷", "하나"])
        assert len(captured.spans) == 2
        scorer.score("하나", ["둘", "넷"])
        assert len(captured.spans) == 2
        scorer.score("다섯", "하나")
        assert len(captured.spans) == 3


def test_no_more_vectors_are_kept_than_was_said() -> None:
    asked: list[str] = []

    def vector(text: str) -> list[float]:
        asked.append(text)
        return embed(text)

    scorer = EmbeddingSimilarity(vector, max_cached=2)
    scorer.score("하나", "둘")
    scorer.score("둘", "셋")
    scorer.score("하나", "셋")
    assert asked == ["하나", "둘", "셋", "하나"]


async def test_either_twin_scores_in_an_evaluation(base_url: str) -> None:
    asynchronous = openai.AsyncOpenAI(base_url=base_url, api_key="secret-key")
    async with asynchronous as there:
        scorers = [
            AsyncEmbeddingSimilarity(there, model=MODEL, name="async"),
            EmbeddingSimilarity(embed, name="sync"),
        ]
        rows = [{"question": "1", "output": "환불은 삼일", "expected": "환불은 사흘"}]
        with tracer.testing.capture():
            result = await tracer.Evaluation(rows, scorers, name="same").evaluate()
    (row,) = result.rows
    assert row.errors == {}
    assert row.scores["async"] == pytest.approx(row.scores["sync"], abs=1e-6)


async def test_function_of_ones_own_may_embed() -> None:
    async def vector(text: str) -> list[float]:
        return embed(text)

    found = await AsyncEmbeddingSimilarity(vector).score("가나다", "가나다")
    assert found == pytest.approx(1)
    assert EmbeddingSimilarity(embed).score("가나다", "가나다") == pytest.approx(1)


def test_empty_text_is_like_nothing_and_never_asked_for(client: openai.OpenAI) -> None:
    scorer = EmbeddingSimilarity(client, model=MODEL)
    with tracer.testing.capture() as captured:
        assert scorer.score("", "답") == 0.0
        assert scorer.score("", ["답", ""]) == 1.0
        assert scorer.score("답", "") == 0.0
    assert len(captured.spans) == 1


def test_client_without_a_model_is_an_error_at_once(client: openai.OpenAI) -> None:
    with pytest.raises(ConfigurationError, match="needs model="):
        EmbeddingSimilarity(client)
    with pytest.raises(ConfigurationError, match="async function or client"):
        AsyncEmbeddingSimilarity(model=MODEL)
    with pytest.raises(ConfigurationError, match="batch_size=0"):
        EmbeddingSimilarity(embed, batch_size=0)


def test_client_is_made_from_the_environment_if_none_is_given(
    base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    scorer = metrics.scorer("embedding_similarity", model=MODEL)
    assert scorer.score("가나다", "가나다") == pytest.approx(1)
    own = scorer._embed
    del scorer
    assert own.is_closed()
    with pytest.raises(openai.OpenAIError, match="OPENAI_API_KEY"):
        monkeypatch.delenv("OPENAI_API_KEY")
        metrics.scorer("embedding_similarity", model=MODEL)


FIGURE = [
    # Zhang et al. 2020, figure 1: "it is freezing today" x "the weather is cold today"
    [0.713, 0.462, 0.635, 0.479, 0.347],
    [0.597, 0.393, 0.858, 0.454, 0.361],
    [0.428, 0.515, 0.441, 0.796, 0.307],
    [0.408, 0.326, 0.441, 0.343, 0.913],
]
IDF = [1.27, 7.94, 1.82, 7.90, 8.88]


def test_greedy_match_gives_the_papers_worked_example() -> None:
    found = metrics.greedy_match(FIGURE, expected_weights=IDF)
    assert found.recall == pytest.approx(0.753, abs=5e-4)
    # by hand, without weights: (0.713 + 0.858 + 0.796 + 0.913) / 4
    assert found.precision == pytest.approx(0.82)
    total = found.precision + found.recall
    assert found.f1 == pytest.approx(2 * found.precision * found.recall / total)


def token_vectors(text: str) -> list[list[float]]:
    return [embed(word) for word in text.split()]


def test_bert_score_is_the_greedy_match_of_the_definition() -> None:
    output, expected = "환불은 삼일 걸립니다", "환불이 사흘 걸려요"
    found = BertScore(token_vectors).match(output, expected)
    rows = [
        [metrics.cosine(left, right) for right in token_vectors(expected)]
        for left in token_vectors(output)
    ]
    assert found.precision == pytest.approx(sum(map(max, rows)) / 3)
    columns = zip(*rows, strict=True)
    assert found.recall == pytest.approx(sum(map(max, columns)) / 3)


def test_bert_score_takes_the_best_reference_and_survives_empty_texts() -> None:
    scorer = BertScore(token_vectors)
    assert scorer.score("환불은 삼일", ["배송", "환불은 삼일"]) == pytest.approx(1)
    assert scorer.score("", "답") == 0
    assert scorer.score("", "") == 1


def test_bert_score_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "bert_score", None)
    with pytest.raises(MissingExtraError, match=r"tracer-evals\[bertscore\]"):
        metrics.scorer("bert_score", lang="ko").score("답", "정답")
    with pytest.raises(ConfigurationError, match="lang='ko'"):
        BertScore()


class Wire:
    """An embeddings client; it says what it was asked, and may refuse a text."""

    def __init__(self, refused: str = "") -> None:
        self.asked: list[list[str]] = []
        self.embeddings = self
        self._refused = refused

    def create(self, *, model: str, input: list[str]) -> Any:
        self.asked.append(input)
        if self._refused in input:
            raise ValueError(f"{self._refused!r} is too long")
        found = [
            SimpleNamespace(index=place, embedding=embed(text))
            for place, text in enumerate(input)
        ]
        return SimpleNamespace(data=found)


def stored(n: int) -> list[dict[str, Any]]:
    return [{"q": i, "output": f"답 {i}", "expected": f"정답 {i}"} for i in range(n)]


def test_a_run_over_stored_outputs_embeds_many_rows_in_one_request() -> None:
    wire = Wire()
    scorer = EmbeddingSimilarity(wire, model=MODEL)
    with tracer.testing.capture():
        result = tracer.Evaluation(stored(100), [scorer]).run()
    assert result.summary["embedding_similarity"].n == 100
    assert [len(texts) for texts in wire.asked] == [128, 72]
    assert sorted(sum(wire.asked, [])) == sorted(
        row[name] for row in stored(100) for name in ("output", "expected")
    )


def test_a_run_of_a_model_embeds_the_references_in_one_request() -> None:
    wire = Wire()
    scorer = EmbeddingSimilarity(wire, model=MODEL)
    with tracer.testing.capture():
        evaluation = tracer.Evaluation(stored(40), [scorer], concurrency=1)
        evaluation.run(lambda q: "답 0")
    assert [len(texts) for texts in wire.asked] == [41]


async def test_the_async_twin_embeds_many_rows_in_one_request() -> None:
    wire = Wire()

    class Awaited:
        embeddings: Any = None

        async def create(self, **asked: Any) -> Any:
            await asyncio.sleep(0)
            return wire.create(**asked)

    client = Awaited()
    client.embeddings = client
    scorer = AsyncEmbeddingSimilarity(client, model=MODEL)
    with tracer.testing.capture():
        await tracer.Evaluation(stored(64), [scorer]).evaluate()
    assert [len(texts) for texts in wire.asked] == [128]
    await asyncio.gather(*(scorer.vectors([f"새 {i}"]) for i in range(20)))
    assert [len(texts) for texts in wire.asked] == [128, 1, 19]


def test_rows_that_wait_for_a_request_are_embedded_by_the_next_one() -> None:
    begun, go_on = threading.Event(), threading.Event()
    wire = Wire()

    class Slow(Wire):
        def create(self, **asked: Any) -> Any:
            begun.set()
            assert go_on.wait(30)
            return wire.create(**asked)

    scorer = EmbeddingSimilarity(Slow(), model=MODEL)
    with futures.ThreadPoolExecutor(9) as pool:
        first = pool.submit(scorer.score, "하나", "하나")
        assert begun.wait(30)
        others = [pool.submit(scorer.score, f"답 {i}", "하나") for i in range(8)]
        while len(scorer._queue._wanted) < 8:
            threading.Event().wait(0.001)
        go_on.set()
        assert first.result(30) == pytest.approx(1)
        assert all(other.result(30) <= 1 for other in others)
    assert [len(texts) for texts in wire.asked] == [1, 8]


def test_text_that_cannot_be_embedded_fails_its_own_row_alone() -> None:
    wire = Wire(refused="답 3")
    scorer = EmbeddingSimilarity(wire, model=MODEL)
    with tracer.testing.capture():
        result = tracer.Evaluation(stored(6), [scorer], concurrency=1).run()
    failed = [row.example_id for row in result.rows if row.errors]
    assert [row.inputs["q"] for row in result.rows if row.errors] == [3], failed
    assert result.summary["embedding_similarity"].n == 5


def test_a_function_is_asked_text_by_text_and_for_nothing_ahead() -> None:
    asked: list[str] = []

    def vector(text: str) -> list[float]:
        asked.append(text)
        return embed(text)

    scorer = EmbeddingSimilarity(vector)
    scorer.prepare_rows(stored(9))
    scorer.score("답 0", "정답 0")
    assert asked == ["답 0", "정답 0"]


def test_rows_that_cannot_be_scored_are_not_embedded_ahead() -> None:
    wire = Wire()
    scorer = EmbeddingSimilarity(wire, model=MODEL)
    rows: list[Any] = [{"output": "a", "expected": None}, {"output": 3, "expected": 4}]
    scorer.prepare_rows([*rows, {"output": "", "expected": ["b", 5, ""]}, {}])
    scorer.score("c", "c")
    assert wire.asked == [["c", "b"]]


def test_texts_that_a_run_left_are_not_embedded_by_the_next() -> None:
    wire = Wire()
    scorer = EmbeddingSimilarity(wire, model=MODEL)
    scorer.prepare_rows(stored(9))
    scorer.prepare_rows([{"output": "가", "expected": "나"}])
    scorer.score("다", "라")
    assert wire.asked == [["다", "라", "가", "나"]]
