"""What rows can be graded by, and how jobs and judges read, without a page."""

from typing import Any

import pytest

from dashboard.parts.grading import agreeing
from dashboard.shaping import numbers
from dashboard.shaping.grading import choosing, jobs, judges
from dashboard.texts import section, text
from tracer.judges import READY
from tracer.judges.definition import check_definition
from tracer.metrics import REGISTRY
from tracer.stats import agreement
from tracer.worker.estimating import JobEstimate, on_paper

ROWS: list[dict[str, Any]] = [
    {"question": "환불?", "expected": "14일", "output": "14일 안에"},
    {"question": "배송?", "expected": None, "output": "내일"},
]


def offers(rows: list[dict[str, Any]], **more: Any) -> dict[str, choosing.Offer]:
    return {one.name: one for one in choosing.metric_offers(rows, **more)}


def test_every_metric_is_offered_or_says_what_it_lacks() -> None:
    found = offers(ROWS)
    assert found.keys() == REGISTRY.keys()
    assert found["chrf"].fits
    assert found["json_valid"].fits
    assert found["regex_match"].settings == ("pattern",)
    assert found["classification"].reason == "rows"
    assert found["bert_score"].reason == "model"
    assert found["trajectory_exact_match"].reason == "calls"
    assert found["perplexity"].reason.startswith("error:")


def test_a_metric_without_its_column_names_it() -> None:
    traffic = [{"question": "환불?", "output": "14일"}]
    assert offers(traffic)["cer"].lacks == ("expected",)
    assert offers([{"expected": "a"}])["cer"].lacks == ("output",)


def test_a_model_to_be_run_needs_no_stored_output() -> None:
    found = offers([{"expected": "a"}], with_outputs=False)
    assert found["cer"].fits
    assert found["cer"].reason == ""


def test_settings_become_part_of_what_a_job_asks_for() -> None:
    asked = choosing.asked_metrics(
        ["cer", "regex_match"], {"regex_match": {"pattern": "a"}}
    )
    assert asked == ["cer", {"metric": "regex_match", "pattern": "a"}]
    assert choosing.setting("k", "3") == 3
    assert choosing.setting("schema", '{"type": "object"}') == {"type": "object"}
    with pytest.raises(ValueError, match="invalid literal"):
        choosing.setting("k", "three")


def test_a_judge_says_which_part_no_row_has() -> None:
    definition = {"kind": "rag", "model": "judge-1", "language": "ko"}
    row = {"id": "rag-ko", "definition": definition}
    found = choosing.judge_offer(row, on_paper(definition), ROWS)
    assert (found.lacks, found.fits) == (("context",), False)
    assert found.about == "rag · ko · judge-1"
    with_context = [{**ROWS[0], "context": ["문서"]}]
    assert choosing.judge_offer(row, on_paper(definition), with_context).fits
    bare = [{"question": "?", "expected": "a", "context": ["b"]}]
    assert choosing.judge_offer(row, on_paper(definition), bare).lacks == ("output",)
    assert choosing.judge_offer(
        row, on_paper(definition), bare, with_outputs=False
    ).fits


def estimate(**more: Any) -> JobEstimate:
    known: dict[str, Any] = {
        "n_rows": 10,
        "n_predictions": 30,
        "n_requests": 60,
        "input_tokens": 12_345,
        "output_tokens": 9000,
        "cost_usd": 0.31,
    }
    return JobEstimate(**known | more)


def test_an_estimate_is_told_with_its_unknowns() -> None:
    texts = section("grading.estimate")
    shown = dict(choosing.estimate_facts(estimate(), texts))
    assert list(shown.values()) == ["30", "60", "≈ 12.3k + 9k", "≈ $0.310"]
    unknown = choosing.estimate_facts(estimate(cost_usd=None, unpriced=("m",)), texts)
    assert dict(unknown)["Cost"] == "?"
    nothing = estimate(n_requests=0, input_tokens=0, output_tokens=0, cost_usd=0.0)
    assert dict(choosing.estimate_facts(nothing, texts))["Cost"] == "$0.00"


def test_a_limit_is_suggested_with_room_and_in_round_figures() -> None:
    assert choosing.suggested_limit(estimate()) == 1.0
    assert choosing.suggested_limit(estimate(cost_usd=0.001)) == 0.01
    assert (
        choosing.suggested_limit(estimate(cost_usd=0.001, most_request_usd=0.05)) == 0.1
    )
    assert choosing.suggested_limit(estimate(cost_usd=100.0)) == 200.0
    assert choosing.suggested_limit(estimate(cost_usd=None, unpriced=("m",))) is None
    assert choosing.suggested_limit(estimate(n_requests=0)) is None


def job(**more: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": "j",
        "project": "p",
        "kind": "score_dataset",
        "params": {"dataset": "faq"},
        "state": "running",
        "progress": {
            "done": 40,
            "total": 200,
            "began_ns": 10**9,
            "judge_cost_usd": 0.5,
        },
        "result": None,
        "message": None,
        "asked_ns": 0,
        "asked_by": "지민",
    }
    return known | more


def test_a_job_that_runs_tells_how_far_it_is_and_how_long_it_takes() -> None:
    running = job()
    assert jobs.counted(running) == "40 / 200"
    assert jobs.share(running) == 0.2
    assert jobs.left_s(running, now_ns=11 * 10**9) == 40
    assert jobs.cost_usd(running) == 0.5
    waiting = job(state="queued", progress={"done": 0, "total": None})
    assert (jobs.left_s(waiting), jobs.share(waiting)) == (None, 0.0)
    assert (jobs.counted(waiting), jobs.cost_usd(waiting)) == ("–", None)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "1 s"), (7.26, "7 s"), (89, "89 s"), (100, "2 min"), (9000, "2 h")],
)
def test_the_time_that_is_left_is_told_roughly(seconds: float, told: str) -> None:
    assert jobs.roughly(seconds) == told


def test_a_job_that_its_limit_ended_is_neither_done_nor_failed() -> None:
    stopped = job(state="done", result={"stopped": "spending_limit", "n_left": 3})
    assert jobs.state(stopped) == "limit"
    assert jobs.can_retry(stopped)
    assert not jobs.can_retry(job(state="done", result={}))
    assert jobs.can_retry(job(state="failed"))


def test_each_kind_of_job_says_what_it_is_about() -> None:
    model = job(kind="run_model", params={"model": "m", "dataset": "faq"})
    where = job(kind="score_traces", params={"where": [["name", "=", "a"]]})
    chosen = job(kind="score_traces", params={"trace_ids": ["a", "b"]})
    tried = job(kind="ask_judge", params={"definition": {"kind": "rag"}})
    other = job(kind="fly", params={})
    whole = job(kind="score_traces", params={"where": []})
    asked = (job(), model, where, whole, chosen, tried, other)
    found = [jobs.subject(one, section("jobs.subjects")) for one in asked]
    told = ["faq", "m → faq", "name = a", "all traffic", "2 checked traces", "rag", ""]
    assert found == told
    assert jobs.kind(other, {}) == "fly"


def test_why_a_job_failed_goes_before_its_commonest_fault() -> None:
    failed = job(state="failed", message="no such dataset")
    assert jobs.said(failed) == "no such dataset"
    causes = [["style: tracer.errors.JudgeError: it broke", 3]]
    faulty = job(result={"causes": causes, "errors": 3})
    assert (jobs.said(faulty), jobs.errors(faulty)) == (
        "style: JudgeError: it broke",
        3,
    )


def test_a_worker_that_fell_silent_is_not_counted_on() -> None:
    heard = [{"worker": "a", "seen_ns": 100 * 10**9}, {"worker": "b", "seen_ns": 0}]
    assert jobs.alive(heard, now_ns=110 * 10**9) == heard[:1]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", judges.TEMPLATES)
def test_every_template_makes_a_judge_once_it_has_a_model(
    name: str, language: str
) -> None:
    definition = judges.template(name, language)
    made = judges.with_model(
        definition, "judge-1", input_usd=0.1, output_usd=0.2, repeats=2
    )
    check_definition(made)
    assert judges.language_of(made) == language
    assert made["model"]["price"]["output_usd_per_mtok"] == 0.2
    assert judges.suggested_id(name, language)


def test_ready_rubrics_are_all_offered() -> None:
    assert {f"rubric.{name}" for name in READY} < set(judges.TEMPLATES)


def test_a_model_keeps_its_limits_and_loses_a_price_that_was_taken_away() -> None:
    held = {"model": "m", "temperature": 0.5, "price": {"input_usd_per_mtok": 1}}
    definition = {"kind": "rag", "model": held, "repeats": 3}
    made = judges.with_model(
        definition, "n", input_usd=None, output_usd=None, repeats=1
    )
    assert made == {"kind": "rag", "model": {"model": "n", "temperature": 0.5}}
    assert judges.model_of({"model": "m"}) == {"model": "m"}
    assert judges.model_of({}) == {}


def test_tables_that_were_edited_lose_their_empty_rows() -> None:
    table = [{"level": "1", "meaning": "bad"}, {"level": "", "meaning": ""}]
    assert judges.pairs(table, "level", "meaning") == {"1": "bad"}


@pytest.mark.parametrize(
    ("old", "new"), [("1", "2"), ("v9", "v10"), ("final", "final.2")]
)
def test_the_next_version_counts_on(old: str, new: str) -> None:
    assert judges.next_version(old) == new


def test_a_judge_tells_what_it_looks_at() -> None:
    assert judges.criteria({"kind": "rubric", "rubric": "style"}).startswith("Is ")
    assert judges.criteria({"kind": "labels", "labels": {"a": "is a"}}) == "is a"
    assert judges.criteria(
        {"kind": "rubrics", "rubrics": ["style", {"name": "x"}]}
    ) == ("style, x")


def test_kappa_is_shown_with_its_interval_or_with_why_there_is_none() -> None:
    found = agreement((i, i % 3, (i + i // 9) % 3) for i in range(24))
    few = agreement([(1, 5, 5), (2, 4, 3), (3, 1, 1)])
    alike = agreement([(1, 5, 5)])
    assert found is not None and few is not None and alike is not None

    whole, short, nothing = map(agreeing.kappa, (found, few, alike))

    assert isinstance(whole, dict) and isinstance(short, dict)
    assert whole["text"] == "0.06 [−0.49 – 0.41]"
    assert short["text"] == "0.94"
    assert short["title"] == text("judges.no_kappa_interval")
    assert isinstance(nothing, dict) and nothing["text"] == numbers.NOTHING
