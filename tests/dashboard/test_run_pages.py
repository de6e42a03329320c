"""Pages of runs, over a real collector that a real SDK has sent to."""

from dashboard_pages import components, page, rows
from processes import CollectorProcess

import tracer
from tracer.client import Client


def run_ids(collector: CollectorProcess, project: str) -> dict[str, str]:
    client = Client(collector.url, "")
    return {
        run["display_name"]: run["id"] for run in client.evaluations(project=project)
    }


def test_runs_are_listed_with_means_intervals_and_n(
    collector: CollectorProcess, told: str
) -> None:
    app = page(collector, "evaluations", project=told)

    after, before = rows(app, "runs")
    assert after["name"]["text"] == "after"
    assert after["score:correct"]["text"].startswith("75.0% [")
    assert "n 12 · 6 examples · 95%" in after["score:correct"]["title"]
    assert before["n"]["text"] == "6 × 2"


def test_one_run_shows_every_trial_and_each_opens_its_trace(
    collector: CollectorProcess, told: str
) -> None:
    run = run_ids(collector, told)["before"]
    app = page(collector, "evaluations", project=told, evaluation=run)

    grid = rows(app, "grid")
    marks = [[row["trial:0"]["score"], row["trial:1"]["score"]] for row in grid]
    assert sorted(marks) == sorted(
        [["✓", "✓"], ["✓", "✓"], ["✓", "✗"], ["✗", "✗"], ["✗", "✗"], ["✗", "✗"]]
    )
    opened = page(
        collector,
        "evaluations",
        project=told,
        evaluation=run,
        trace=grid[0]["trial:0"]["open"],
    )
    assert any(key.startswith("steps-") for key in components(opened))


def test_a_prediction_links_to_the_call_that_is_attached_to_it(
    live: Client, collector: CollectorProcess, project: str
) -> None:
    with tracer.span("the call") as call:
        pass
    with tracer.EvaluationLogger(name="graded") as log:
        prediction = log.log_prediction({"q": 1}, "a", trace_id=call.trace_id)
        prediction.finish()
    tracer.flush()
    trace_id = prediction.trace_id
    app = page(collector, "traces", project=project, trace=trace_id, look="links")

    table = components(app)[f"links-{prediction.span_id}"]
    assert table["opens"]
    [link] = table["rows"]
    assert (link["id"], link["cells"]["name"]["text"]) == (call.trace_id, "attached")
    assert link["cells"]["span"] is None


def test_views_of_a_run_are_markdown_without_html_and_images_or_text(
    collector: CollectorProcess, told: str
) -> None:
    run = run_ids(collector, told)["before"]
    app = page(collector, "evaluations", project=told, evaluation=run, tab="about")

    report, html = list(app.expander)[-2:]
    assert (report.label, html.label) == ("보고서 \\*1\\*", "page")
    [markdown] = report.markdown
    assert markdown.value.startswith("# before")
    assert "!\\[](http" in markdown.value
    assert not markdown.allow_html
    assert [code.value for code in html.code] == ["<h1>before</h1>"]


def test_flaky_examples_can_be_shown_alone(
    collector: CollectorProcess, told: str
) -> None:
    run = run_ids(collector, told)["before"]
    app = page(collector, "evaluations", project=told, evaluation=run, show="flaky")

    [row] = rows(app, "grid")
    assert [row["trial:0"]["score"], row["trial:1"]["score"]] == ["✓", "✗"]


def test_two_runs_are_compared_score_by_score_and_example_by_example(
    collector: CollectorProcess, told: str
) -> None:
    runs = run_ids(collector, told)
    app = page(
        collector,
        "evaluations",
        project=told,
        evaluation=runs["after"],
        baseline=runs["before"],
    )

    compared = {row["score"]["text"]: row for row in rows(app, "compared")}
    assert compared["correct"]["difference"]["text"] == "+33.3 pp [−9.5, +76.2]"
    assert compared["correct"]["n"] == "6"
    assert compared["tone"]["verdict"]["badge"]["text"] == "not shown"
    assert len(rows(app, "compared-examples")) == 6


def test_the_score_looked_at_is_in_the_address(
    collector: CollectorProcess, told: str
) -> None:
    runs = run_ids(collector, told)
    run = {"project": told, "evaluation": runs["after"]}
    two = {**run, "baseline": runs["before"]}
    for opened in (run, two):
        app = page(collector, "evaluations", **opened, score="tone")
        choice = app.segmented_control(key="score-tone")
        assert choice.value == "tone"

        choice.set_value("correct").run()
        assert app.segmented_control(key="score-correct").value == "correct"
