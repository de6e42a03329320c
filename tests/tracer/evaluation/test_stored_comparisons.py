"""Stored runs: what they took, the judge's noise, several runs, slices of two."""

from collections.abc import Iterator

import pytest
from processes import CollectorProcess

import tracer
from tracer.client import Client

LANGUAGES = ("ko", "en")
N_EXAMPLES, TRIALS = 12, 2


def log_run(name: str, gain: float) -> str:
    """Log a run whose tone is `gain` better, in Korean; return its id."""
    with tracer.EvaluationLogger("faq", name) as log:
        for number in range(N_EXAMPLES):
            language = LANGUAGES[number % 2]
            for trial in range(TRIALS):
                prediction = log.log_prediction(
                    {"q": number},
                    "answer",
                    metadata={"language": language},
                    duration_s=0.1 * (1 + trial),
                )
                better = gain if language == "ko" else 0.0
                tone = number % 3 + 0.1 * ((number + trial) % 4) + better
                prediction.log_score("tone", tone)
                prediction.finish()
        with pytest.raises(ValueError), log.log_prediction({"q": "fails"}):
            raise ValueError("no answer")
    return log.id


@pytest.fixture(scope="module")
def client(collector: CollectorProcess) -> Client:
    return Client(collector.url)


@pytest.fixture(scope="module")
def runs(client: Client) -> Iterator[list[str]]:
    tracer.configure(endpoint=client.endpoint, project="stored-comparisons")
    ids = [log_run("a", 0.0), log_run("b", 0.5), log_run("c", 0.01)]
    assert tracer.flush().pending == 0
    tracer.shutdown()
    yield ids


def test_a_stored_run_says_what_its_predictions_took(
    client: Client, runs: list[str]
) -> None:
    measures = client.evaluation(runs[0]).measures
    latency, failed = measures["latency_ms"], measures["failed"]
    assert (latency.n, latency.n_examples) == (25, 13)
    assert latency.p95 == pytest.approx(200, rel=0.05)
    assert (failed.n, failed.total) == (25, 1)
    assert "cost_usd" not in measures  # nothing was reported


def test_a_stored_run_has_the_quantiles_of_its_scores(
    client: Client, runs: list[str]
) -> None:
    quantiles = client.evaluation(runs[0]).summary["tone"].quantiles
    assert (quantiles[0.0], quantiles[1.0]) == (0.0, pytest.approx(2.3))


def test_the_judges_own_noise_is_seen_where_it_judged_more_than_once(
    client: Client, runs: list[str]
) -> None:
    project = "stored-comparisons"
    for number, row in enumerate(client.evaluation(runs[2]).examples[:4]):
        for trial in range(TRIALS):
            for repeat in range(3):
                client.add_score(
                    "judged",
                    number + trial / 2 + (repeat - 1) * 0.1,
                    project=project,
                    evaluation_id=runs[2],
                    example_id=row["example_id"],
                    trial=trial,
                    source="model",
                    author="judge",
                    repeat=repeat,
                )
    variance = client.evaluation(runs[2]).summary["judged"].variance
    assert variance is not None and variance.judge is not None
    assert variance.judge == pytest.approx(0.01)
    assert variance.within == pytest.approx(0.125 - 0.01 / 3)


def test_several_stored_runs_are_compared_with_one_correction(
    client: Client, runs: list[str]
) -> None:
    pairs = client.compare_runs(*runs)
    assert [(one.baseline, one.candidate) for one in pairs] == [
        (runs[0], runs[1]),
        (runs[0], runs[2]),
        (runs[1], runs[2]),
    ]
    tone = {score.name: score for score in pairs[0].scores}["tone"]
    assert tone.p is not None and tone.p_adjusted is not None
    assert tone.p < tone.p_adjusted
    against = client.compare_runs(runs[1], runs[2], baseline=runs[0])
    assert [one.candidate for one in against] == runs[1:]


def test_slices_of_stored_runs_follow_the_examples_metadata(
    client: Client, runs: list[str]
) -> None:
    slices = client.compare_slices(runs[0], runs[1], by="language")
    means = {one.value: one.scores[0].difference for one in slices}
    assert means == {"ko": pytest.approx(0.5), "en": pytest.approx(0.0)}
    assert [one.n_examples for one in slices] == [6, 6]
