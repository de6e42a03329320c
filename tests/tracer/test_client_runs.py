"""What `Client` tells of runs of a dataset: groups, measures, ranks; saved views."""

from collections.abc import Iterator

import pytest
from processes import CollectorProcess

import tracer
from tracer.client import Client, Rows
from tracer.errors import ConflictError
from tracer.evaluation import Dataset

LANGUAGES = ("ko", "ko", "en", ["ko", "en"], None)
"""Of the examples: one has two, one says nothing."""


@pytest.fixture(scope="module")
def runs(collector: CollectorProcess) -> Iterator[tuple[Client, str, list[str]]]:
    """A client, a project, and the ids of two runs: of 1 right answer, and of 4."""
    project = "client-runs"
    tracer.configure(endpoint=collector.url, project=project)
    rows = [
        {"n": n, "expected": n, "metadata": {"language": one} if one else {}}
        for n, one in enumerate(LANGUAGES)
    ]
    dataset = Dataset(rows, name="faq")
    ids = []
    try:
        for n_right in (1, 4):

            def answer(n: int, n_right: int = n_right) -> int:
                return n if n < n_right else -1

            def right(output: int, expected: int) -> bool:
                return output == expected

            evaluation = tracer.Evaluation(name="faq", dataset=dataset, scorers=[right])
            ids.append(evaluation.run(answer).evaluation_id)
        tracer.flush()
    finally:
        tracer.shutdown()
    yield Client(collector.url), project, ids


def test_a_run_is_told_by_groups_of_its_examples(
    runs: tuple[Client, str, list[str]],
) -> None:
    client, _, (_, better) = runs
    found = {one.value: one for one in client.evaluation(better).slices("language")}
    sizes = {value: one.n_examples for value, one in found.items()}
    assert sizes == {"ko": 2, "en": 1, "['ko', 'en']": 1}


def test_the_runs_of_a_dataset_are_ranked_by_a_score(
    runs: tuple[Client, str, list[str]],
) -> None:
    client, project, (worse, better) = runs
    ranked = client.leaderboard("faq", "right", project=project)
    assert [one.name for one in ranked] == [better, worse]
    assert client.leaderboard("faq", "wrong", project=project) == []
    assert client.leaderboard("no such", "right", project=project) == []


def test_what_two_runs_took_is_compared(runs: tuple[Client, str, list[str]]) -> None:
    client, _, ids = runs
    found = {one.name: one for one in client.compare_measures(*ids, percentiles=[50])}
    assert list(found) == ["latency_ms", "latency_p50_ms", "failed"]
    assert {one.n_examples for one in found.values()} == {len(LANGUAGES)}
    assert (found["failed"].difference, found["failed"].ties) == (0.0, len(LANGUAGES))
    assert not any(one.higher_is_better for one in found.values())


def test_a_saved_view_is_changed_by_who_saw_its_newest_version_and_deleted(
    collector: CollectorProcess, project: str
) -> None:
    client = Client(collector.url)
    view = {"project": project, "name": "느린 호출", "page": "traces"}
    saved = client.save_view("slow", params={"min": "5"}, **view)
    client.save_view("slow", params={"min": "9"}, replaces=saved["version"], **view)
    with pytest.raises(ConflictError):
        client.save_view("slow", params={}, replaces=saved["version"], **view)
    [found] = client.views(project=project)
    assert (found["id"], found["name"], found["params"]) == (
        "slow",
        "느린 호출",
        {"min": "9"},
    )
    client.delete_view("slow", project=project)
    assert client.views(project=project) == []


def test_a_stored_run_is_printed_with_its_scores_and_named_in_a_line(
    runs: tuple[Client, str, list[str]],
) -> None:
    client, _, (_, better) = runs
    run = client.evaluation(better)
    head, *table = str(run).splitlines()
    assert head == f"{run.row['display_name']} · answer · 5 predictions · done"
    assert table == str(run.summary).splitlines()
    assert (
        repr(run) == f"EvaluationRun({run.row['display_name']!r}, id={better!r}, done)"
    )


def test_objects_of_rows_are_columns_where_they_are_asked_for_flat(
    runs: tuple[Client, str, list[str]],
) -> None:
    client, project, (_, better) = runs
    frame = client.evaluation(better).predictions().to_pandas(flat=True)
    by_n = frame.set_index("input.n")["scores.right"].sort_index()
    assert list(by_n) == [True] * 4 + [False]
    assert "input" not in frame and "scores" not in frame
    traces = client.traces(project=project, origin="all").to_pandas(flat=True)
    assert sorted(traces["scores.right"]) == [0] * 5 + [1] * 5


def test_a_flat_score_is_its_value_or_its_label() -> None:
    scores = {
        "yes": {"value": 1, "label": None, "type": "bool"},
        "none": {"value": None, "label": None, "type": "bool"},
        "points": {"value": 2.5, "label": "good", "type": "number"},
        "kind": {"value": None, "label": "ko", "type": "label"},
        "odd": 7,
    }
    (row,) = Rows([{"scores": scores}]).to_pandas(flat=True).to_dict("records")
    found = {name: row[f"scores.{name}"] for name in scores}
    assert found == {"yes": True, "none": None, "points": 2.5, "kind": "ko", "odd": 7}
