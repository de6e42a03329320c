"""The page of evaluations in every state, over a collector that the SDK has sent to."""

from typing import Any

import pytest
from dashboard_pages import components, page, rows, said
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

import tracer
from dashboard.parts.runs import paged
from dashboard.texts import text
from tracer.client import Client

LANGUAGES = ("en", "ko")


def log_run(
    name: str,
    right: int,
    *,
    examples: range = range(20),
    **options: Any,
) -> str:
    """Log a run of one trial an example; the first `right` answers are."""
    log = tracer.EvaluationLogger(
        name="desk",
        display_name=name,
        model=name,
        dataset="questions",
        scorers=["correct", "cer", "tone"],
        **options,
    )
    with log:
        for number in examples:
            facts = {"language": LANGUAGES[number % 2]}
            with log.log_prediction(
                {"question": f"q {number}"}, example_id=f"e{number}", metadata=facts
            ) as prediction:
                prediction.output = f"answer {'yes' if number < right else 'no'}"
                prediction.log_score("correct", number < right)
                prediction.log_score("cer", 0.01 * number + (number >= right) / 2)
                prediction.log_score("tone", "warm" if number % 3 else "cold")
    return log.id


@pytest.fixture(scope="module")
def desk(collector: CollectorProcess) -> dict[str, str]:
    """Runs of one dataset: an old one, a better one, one of other examples."""
    tracer.configure(endpoint=collector.url, project="desk-runs")
    runs = {
        "old": log_run("old", 8, eval_attributes={"prompt": "v1"}),
        "new": log_run("new", 18, eval_attributes={"prompt": "v2"}),
        "like new": log_run("like new", 17),
        "elsewhere": log_run("elsewhere", 70, examples=range(60, 70)),
    }
    tracer.shutdown()
    return runs


def opened(collector: CollectorProcess, **params: str) -> AppTest:
    return page(collector, "evaluations", project="desk-runs", **params)


def test_runs_can_be_filtered_by_model_metadata_status_and_name(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    def names(app: AppTest) -> list[str]:
        return [row["name"]["text"] for row in rows(app, "runs")]

    app = opened(collector, state="done")
    assert names(app) == ["elsewhere", "like new", "new", "old"]
    app.multiselect(key="where-").set_value(["metadata.prompt = v2"]).run()
    assert names(app) == ["new"]
    app.multiselect(key="where-metadata.prompt = v2").set_value(["new"]).run()
    assert names(app) == ["like new", "new"]
    app = opened(collector, where="model = nobody")
    assert [info.value for info in app.info] == [text("evaluations.none_match")]


def test_two_scores_have_columns_and_others_can_be_chosen(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    def heads(app: AppTest) -> list[str]:
        return [one["label"] for one in components(app)["runs"]["columns"]][5:-4]

    app = opened(collector)
    assert heads(app) == ["correct", "cer ↓"]
    app.multiselect(key="scores-correct|cer").set_value(["cer"]).run()
    assert heads(app) == ["cer ↓", "Others"]


def test_examples_are_read_a_page_at_a_time(
    collector: CollectorProcess,
    desk: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paged, "PAGE_EXAMPLES", 6)
    app = opened(collector, evaluation=desk["old"], order="worst", page="2")

    shown = [row["example"]["text"] for row in rows(app, "grid")]
    assert shown == [f"e{number}" for number in range(14, 20)]
    captions = [caption.value for caption in app.caption]
    assert text("evaluations.page_of", first=7, last=12, n=20) in captions


def test_the_worst_examples_are_those_with_most_errors_where_lower_is_better(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["old"], score="cer", order="worst")

    shown = [row["example"]["text"] for row in rows(app, "grid")]
    assert shown[:2] == ["e19", "e18"]


def test_every_score_has_its_figures_and_distribution(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["old"], tab="scores", score="tone")

    scores = {row["score"]["title"]: row for row in rows(app, "scores")}
    assert scores["correct"]["mean"]["text"] == "40.0%"
    assert scores["cer"]["score"]["text"] == "cer ↓"
    assert [row["value"]["text"] for row in rows(app, "distribution")] == [
        "warm",
        "cold",
    ]


def test_what_a_person_gave_stands_beside_the_score_and_is_not_compared(
    collector: CollectorProcess,
) -> None:
    name, project = "correct · people", "graded-runs"
    tracer.configure(endpoint=collector.url, project=project)
    graded, other = log_run("graded", 17), log_run("other", 18)
    tracer.shutdown()
    Client(collector.url, "").add_score(
        "correct", False, project=project, evaluation_id=graded,
        example_id="e1", trial=0, source="human", author="mina",
    )  # fmt: skip

    def on(**params: str) -> AppTest:
        return page(collector, "evaluations", project=project, **params)

    app = on(evaluation=graded, tab="scores", score=name)
    scores = {row["score"]["title"]: row for row in rows(app, "scores")}
    assert scores["correct"]["mean"]["text"] == "85.0%"
    assert scores[name]["n"] == "1"
    assert text("evaluations.beside_note") in [one.value for one in app.caption]
    slices = on(evaluation=graded, tab="slices", by="language", score=name)
    assert [row["slice"]["text"] for row in rows(slices, "slices")] == ["ko"]
    compared = on(evaluation=graded, baseline=other)
    assert name not in {row["score"]["title"] for row in rows(compared, "compared")}
    told = " ".join(said(one) for one in compared.caption)
    assert text("compare.beside", scores=name) in told


def test_a_run_is_seen_by_groups_of_its_examples(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["old"], tab="slices", by="language")

    assert [row["slice"]["text"] for row in rows(app, "slices")] == ["en", "ko"]


def test_a_run_without_groups_is_told_how_to_have_them(
    collector: CollectorProcess, told: str
) -> None:
    run = Client(collector.url, "").evaluations(project=told)[0]["id"]
    app = page(collector, "evaluations", project=told, evaluation=run, tab="slices")

    assert "metadata=" in app.code[0].value


def test_what_a_run_took_is_shown_with_its_n(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["old"], tab="measures")

    [latency, failed] = rows(app, "measures")
    assert (latency["n"], failed["mean"]["text"][:3]) == ("20", "0% ")


def test_scorers_late_scores_and_facts_stand_under_about(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    Client(collector.url, "").add_score(
        "liked", True, project="desk-runs", evaluation_id=desk["like new"],
        example_id="e1", trial=0, source="human", author="mina@2",
    )  # fmt: skip
    app = opened(collector, evaluation=desk["like new"], tab="about")

    given = {row["score"]["text"]: row for row in rows(app, "scorers")}
    assert (given["liked"]["author"]["text"], given["liked"]["version"]["text"]) == (
        "mina",
        "2",
    )
    assert given["liked"]["late"] == "1"
    assert text("evaluations.late", n=1) in [one.value for one in app.caption]


def test_why_predictions_and_scorers_failed_is_said(
    live: Client, collector: CollectorProcess, project: str
) -> None:
    with tracer.EvaluationLogger(name="failing") as log:
        for number in range(4):
            prediction = log.log_prediction({"q": number})
            if number < 3:
                prediction.fail(TimeoutError("no answer in 2 s"))
                continue
            prediction.output = "x"
            prediction.log_score("judge", float("nan"))
            prediction.finish()
    tracer.flush()
    app = page(
        collector, "evaluations", project=project, evaluation=log.id, tab="failures"
    )

    first, second = rows(app, "causes")
    assert (first["n"], first["cause"]["text"]) == ("3", "no answer in 2 s")
    assert second["what"]["text"] == "judge"


def test_a_running_run_says_how_far_it_is(
    live: Client, collector: CollectorProcess, project: str
) -> None:
    log = tracer.EvaluationLogger(name="going", n_planned=8)
    log.log_prediction({"q": 1}, "a").finish()
    tracer.flush()
    app = page(collector, "evaluations", project=project, evaluation=log.id)
    log.finish()

    shown = [element.proto for element in app.main if element.type == "progress"]
    assert [(one.value, one.text) for one in shown] == [(12, "1 of 8 predictions")]


def test_a_wanted_difference_is_planned_for(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["old"], tab="scores")
    app.number_input(key="plan-correct").set_value(10.0).run()

    plans = rows(app, "plan")
    assert [row["trials"] for row in plans] == ["1", "3", "5", "10"]
    needed = [int(row["examples"].replace(",", "")) for row in plans]
    assert needed == sorted(needed, reverse=True)


def test_an_incomplete_run_says_how_it_is_taken_up_again(
    live: Client, collector: CollectorProcess, project: str
) -> None:
    log = tracer.EvaluationLogger(name="cut", scorers=["ok"])
    log.log_prediction({"q": 1}, "a").finish()
    log.finish(KeyboardInterrupt())
    tracer.flush()
    app = page(collector, "evaluations", project=project, evaluation=log.id)

    assert any(f"resume('{log.id}')" in code.value for code in app.code)


def test_a_better_run_is_said_to_be_better_and_the_higher_error_rate_worse(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["new"], baseline=desk["old"])

    compared = {row["score"]["title"].split()[0]: row for row in rows(app, "compared")}
    assert compared["correct"]["verdict"]["badge"]["text"] == "better"
    assert compared["cer"]["verdict"]["badge"]["text"] == "better"
    back = opened(collector, evaluation=desk["old"], baseline=desk["new"])
    compared = {row["score"]["title"].split()[0]: row for row in rows(back, "compared")}
    assert compared["cer"]["verdict"]["badge"] == {
        "text": "worse",
        "tone": "bad",
        "dot": False,
    }


def test_an_example_of_a_comparison_shows_both_outputs_word_by_word(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    two = {"evaluation": desk["new"], "baseline": desk["old"]}
    app = opened(collector, **two, example="e10", show="better")

    pieces = components(app)["words-e10-0"]["pieces"]
    assert pieces == [["same", "answer "], ["del", "no"], ["ins", "yes"]]
    assert len(rows(app, "compared-examples")) == 10


def test_runs_without_a_common_example_are_compared_unpaired_and_it_is_said(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, evaluation=desk["elsewhere"], baseline=desk["old"])

    [warning] = app.warning
    assert "not paired" in said(warning)


def test_several_runs_are_compared_against_one_baseline(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    two = {"evaluation": desk["new"], "baseline": desk["old"]}
    app = opened(collector, **two, also=desk["like new"])

    shown = [
        (row["score"]["text"], row["run"]["text"]) for row in rows(app, "compared")
    ]
    assert shown == [
        ("correct", "new"),
        ("correct", "like new"),
        ("cer ↓", "new"),
        ("cer ↓", "like new"),
    ]


@pytest.mark.parametrize(
    ("tab", "table", "n"),
    [("slices", "compared-slices", 2), ("measures", "compared-measures", 4)],
)
def test_two_runs_are_compared_by_groups_and_by_what_they_took(
    collector: CollectorProcess, desk: dict[str, str], tab: str, table: str, n: int
) -> None:
    two = {"evaluation": desk["new"], "baseline": desk["old"]}
    app = opened(collector, **two, tab=tab)

    assert len(rows(app, table)) == n


def test_a_comparison_can_be_copied_as_a_gate(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    two = {"evaluation": desk["new"], "baseline": desk["old"]}
    app = opened(collector, **two, tab="gate")

    [command] = [code.value for code in app.code]
    assert command.startswith(f"tracer gate {desk['old']} {desk['new']}")
    assert "--require 'cer <= 1.05x'" in command


def test_the_leaderboard_marks_what_cannot_be_told_from_the_best(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, view="board", rank="correct")

    board = {row["name"]["text"]: row for row in rows(app, "board")}
    assert list(board) == ["elsewhere", "new", "like new", "old"]
    assert board["old"]["best"] is not None


def test_a_leaderboard_of_an_error_rate_begins_with_the_lowest(
    collector: CollectorProcess, desk: dict[str, str]
) -> None:
    app = opened(collector, view="board", rank="cer")

    assert components(app)["board"]["order"] == "cer"
    names = [row["name"]["text"] for row in rows(app, "board")]
    assert names.index("new") < names.index("old")


def test_without_a_dataset_there_is_no_leaderboard_but_a_word_how_to_have_one(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "evaluations", project=told, view="board")

    assert text("board.empty.title") in app.markdown[0].value


def test_where_nothing_was_called_the_page_teaches_evaluating_and_not_tracing(
    collector: CollectorProcess, project: str
) -> None:
    app = page(collector, "evaluations", project=project)

    assert text("runs.empty.title") in app.markdown[0].value
    assert "EvaluationLogger" in app.code[0].value
