from collections.abc import Iterator
from typing import Any

import pytest

import tracer.testing
from tracer import metrics
from tracer.errors import ConfigurationError
from tracer.stats._known_names import LOWER_IS_BETTER, MEASURES
from tracer.testing import Captured

NOT_METRICS = {
    "REGISTRY",
    "AsyncEmbeddingSimilarity",
    "BertScore",
    "Classification",
    "EmbeddingSimilarity",
    "Metric",
    "TokenMatch",
    "ToolCall",
    "cosine",
    "greedy_match",
    "label_pairs",
    "scorer",
    "tool_calls",
    "trajectory",
}


def test_every_metric_is_in_the_registry_under_its_name() -> None:
    assert set(metrics.__all__) - NOT_METRICS | {
        "embedding_similarity",
        "bert_score",
    } == set(metrics.REGISTRY)
    for name, metric in metrics.REGISTRY.items():
        assert metric.name == name
        if not isinstance(metric.make, type):
            assert metric.make is getattr(metrics, name)


ROWS = [
    {
        "question": "1",
        "output": '{"도시": "서울"}',
        "expected": '{"도시": "서울"}',
        "pattern": "서울",
        "tool_name": "search",
        "schema": {"type": "object"},
    }
]
LISTS = [{"question": "1", "output": ["a", "b"], "expected": ["b"]}]


@pytest.fixture
def captured() -> Iterator[Captured]:
    """What an evaluation sends."""
    with tracer.testing.capture() as recorded:
        yield recorded


def run(rows: Any, scorers: Any) -> dict[str, Any]:
    result = tracer.Evaluation(rows, scorers, name="metrics").run()
    assert result.rows[0].errors == {}
    return dict(result.rows[0].scores)


def test_a_metric_takes_the_part_of_the_output_that_it_is_told(
    captured: Captured,
) -> None:
    def embed(text: str) -> list[float]:
        return [float(len(text)), 1.0]

    within = {"column_map": {"output": "output.found.0"}}
    scorers = [
        metrics.scorer("korquad_f1", **within),
        metrics.scorer("cer", name="errors", **within),
        metrics.scorer("embedding_similarity", embed=embed, **within),
    ]
    row = {"question": "1", "output": {"found": ["서울"]}, "expected": "서울"}
    assert run([row], scorers) == {
        "korquad_f1": 1,
        "errors": 0,
        "embedding_similarity": pytest.approx(1),
    }


def test_metrics_are_scorers_as_they_are(captured: Captured) -> None:
    names = [
        name
        for name, metric in metrics.REGISTRY.items()
        if metric.over == "row"
        and set(metric.needs) <= {"expected", "pattern", "tool_name", "schema"}
        and not isinstance(metric.make, type)
        and name not in ("ndcg_at_k", "reciprocal_rank", "numeric_match", "perplexity")
    ]
    found = run(ROWS, [getattr(metrics, name) for name in names])
    assert list(found) == names
    assert [name for name in names if isinstance(found[name], bool)] == [
        name for name in names if metrics.REGISTRY[name].is_yes_no
    ]
    assert found["json_diff"] == 1.0
    assert found["trajectory_single_tool_use"] is False


def test_settings_are_filled_in_before_a_run(captured: Captured) -> None:
    found = run(
        LISTS,
        [
            metrics.scorer("precision_at_k", k=2),
            metrics.scorer("hit_rate_at_k", k=1, name="first"),
            metrics.scorer("reciprocal_rank"),
        ],
    )
    assert found == {"precision_at_k": 0.5, "first": False, "reciprocal_rank": 0.5}


def test_settings_win_over_columns_of_the_same_name(captured: Captured) -> None:
    row = {"question": "1", "k": 1, "output": ["a", "b"], "expected": ["b"]}
    found = run([row], [metrics.scorer("recall_at_k", k=2)])
    assert found == {"recall_at_k": 1.0}


def test_differences_are_recorded_as_the_scores_explanation(
    captured: Captured,
) -> None:
    rows = [{"question": "1", "output": '{"a": 1}', "expected": {"a": 2}}]
    assert run(rows, [metrics.json_diff]) == {"json_diff": 0.0}
    (score,) = captured.scores
    assert (score.value, score.explanation) == (0.0, "$.a: 1 instead of 2")


def test_labels_of_a_result_are_classified_with_trials(captured: Captured) -> None:
    rows = [{"text": "환불", "expected": "환불"}, {"text": "배송", "expected": "배송"}]

    def intent(text: str) -> str:
        return "환불"

    def label(output: str) -> str:
        return output

    result = tracer.Evaluation(rows, [label], name="intents", trials=2).run(intent)
    by_output = metrics.classification(metrics.label_pairs(result.rows))
    by_score = metrics.classification(metrics.label_pairs(result.rows, score="label"))
    assert (by_output.n, by_output.accuracy) == (4, 0.5)
    assert by_score == by_output


SETTINGS = {"k": 3, "pattern": "a", "tool_name": "search", "schema": {}}
PER_ROW = [name for name, one in metrics.REGISTRY.items() if one.over == "row"]


def embed(text: str) -> list[list[float]]:
    raise AssertionError(f"{text!r} was embedded, and there is nothing to compare")


def ready(name: str) -> Any:
    """A metric with all its settings, such that rows alone are wanted."""
    metric = metrics.REGISTRY[name]
    if isinstance(metric.make, type):
        return metric.make(embed)
    given = {key: value for key, value in SETTINGS.items() if key in metric.needs}
    return metrics.scorer(name, **given)


@pytest.mark.parametrize("name", PER_ROW)
def test_row_without_an_answer_or_a_reference_is_missing_to_every_metric(
    captured: Captured, name: str
) -> None:
    rows = [{"question": "1", "output": None, "expected": "a"}]
    if "expected" in metrics.REGISTRY[name].needs:
        rows += [{"question": "2", "output": "a", "expected": None}]
    result = tracer.Evaluation(rows, [ready(name)], name="metrics").run()
    assert [row.errors for row in result.rows] == [{}] * len(rows)
    summary = result.summary[name]
    counts = (summary.n, summary.n_missing, summary.n_errors)
    assert counts == (0, len(rows), 0)


@pytest.mark.parametrize("name", PER_ROW)
def test_metric_that_is_called_as_it_is_gives_none_for_no_answer(name: str) -> None:
    metric = metrics.REGISTRY[name]
    call = metric.make
    if isinstance(call, type):
        call = call(embed).score
    given = {"expected": "a", **SETTINGS}
    named = {key: value for key, value in given.items() if key in metric.needs}
    assert call(None, **named) is None
    assert call(output=None, **named) is None
    if "expected" in metric.needs:
        assert call("a", **named | {"expected": None}) is None


async def test_async_metric_gives_none_for_no_answer() -> None:
    async def embed(text: str) -> list[float]:
        raise AssertionError(text)

    similarity = metrics.AsyncEmbeddingSimilarity(embed)
    assert await similarity.score(None, "a") is None  # type: ignore[arg-type]
    assert await similarity.score("a", expected=None) is None  # type: ignore[arg-type]


def test_what_a_metric_needs_is_read_from_its_signature() -> None:
    needs = {name: one.needs for name, one in metrics.REGISTRY.items()}
    assert needs["cer"] == ("expected",)
    assert needs["recall_at_k"] == ("expected", "k")
    assert needs["json_schema_valid"] == ("schema",)
    assert needs["tool_call_valid"] == ()
    assert needs["embedding_similarity"] == ("expected",)
    assert metrics.REGISTRY["cer"].options == ("spaces",)


def test_errors_and_perplexity_alone_are_better_when_lower() -> None:
    lower = {name for name, one in metrics.REGISTRY.items() if not one.higher_is_better}
    assert lower == {"cer", "wer", "perplexity"}
    assert LOWER_IS_BETTER == lower | set(MEASURES)


def test_unknown_metrics_and_settings_are_named_in_the_error() -> None:
    with pytest.raises(ConfigurationError, match="metric 'charm' is unknown; name"):
        metrics.scorer("charm")
    with pytest.raises(ConfigurationError, match="has no setting 'q'; it has k"):
        metrics.scorer("recall_at_k", q=1)
    with pytest.raises(ConfigurationError, match="of a run as a whole"):
        metrics.scorer("classification")
