"""What users read and edit with `Client`, as a type checker sees it; never run."""

from datetime import UTC, datetime
from typing import Any, assert_type

import tracer
from tracer._client.datasets import DatasetChanges, DatasetPage
from tracer._delivery import DeliveryReport
from tracer.alerts.preview import Preview
from tracer.client import DatasetVersion, EvaluationRun, Row, Rows, Session, Trace
from tracer.evaluation.prediction import Prediction
from tracer.judges import Price
from tracer.stats import (
    AnnotatorAgreement,
    Interval,
    Measures,
    RankedRun,
    RunPair,
    RunSlice,
    ScoreComparison,
    ScoreSummary,
    Slice,
    Summaries,
)
from tracer.worker.estimating import JobEstimate

client = tracer.Client("http://127.0.0.1:4318", api_key="k", timeout_s=5, person="ann")
anywhere = tracer.Client()
tracer.Client(4318)  # type: ignore[arg-type]
assert_type(client.endpoint, str)


def traffic() -> None:
    where = [("metadata.department", "=", "accounting")]
    traces = client.traces(project="p", since="2026-01-01", where=where, limit=None)
    assert_type(traces, Rows)
    assert_type(traces.next, str | None)
    assert_type(traces.truncated, bool)
    for row in traces:
        assert_type(row, dict[str, Any])
    client.spans(since=datetime.now(UTC), until=1_760_000_000_000_000_000, cursor="c")
    client.spans(where={"user_id": "u1"})  # type: ignore[arg-type]
    client.traces("p")  # type: ignore[call-arg]
    assert_type(client.projects(), Rows)
    assert_type(client.entry_spans(origin="all"), Rows)
    trace = client.trace("0af7651916cd43dd8448eb211c80319c", content=False)
    assert_type(trace, Trace)
    assert_type(trace.trace_id, str)
    for span in trace.spans:
        assert_type(span, dict[str, Any])
    assert_type(client.span(trace.trace_id, "b7ad6b7169203331"), Row)
    assert_type(client.sessions(order="-last"), Rows)
    session = client.session("s1", limit=10)
    assert_type(session, Session)
    assert_type(session.turns.next, str | None)
    assert_type(client.stats(interval="hour", by="model", unit="spans"), Rows)
    assert_type(client.latency(by="tags"), Rows)
    assert_type(client.errors(since="7d"), Rows)
    assert_type(client.values("model", limit=5), Rows)
    assert_type(client.ledger(), Rows)
    print(traces.to_pandas(flat=True), traces.to_arrow().num_rows)


def scores() -> None:
    assert_type(client.scores(as_of="2026-01-01T00:00:00Z", versions=True), Rows)
    assert_type(client.score_trend("tone", "correct", interval="week"), Rows)
    assert_type(client.add_score("tone", 4, project="p", trace_id="a"), Row)
    client.add_score("tone", 4)  # type: ignore[call-arg]


def runs() -> None:
    assert_type(client.evaluations(project="p"), Rows)
    run = client.evaluation("one")
    assert_type(run, EvaluationRun)
    assert_type(run.status, str)
    assert_type(run.summary, Summaries)
    assert_type(run.summary["correct"], ScoreSummary)
    assert_type(run.summary["correct"].ci95, Interval | None)
    assert_type(run.measures, Measures)
    assert_type(run.slices("language"), list[RunSlice])
    assert_type(run.predictions(where=[("score.correct", "=", False)]), Rows)
    assert_type(run.scores(limit=10), Rows)
    assert_type(run.views(), Rows)
    compared = client.compare("one", "other", method="resampling")
    assert_type(compared, list[ScoreComparison])
    assert_type(compared[0].difference, float | None)
    assert_type(compared[0].is_better, bool | None)
    percentiles = client.compare_measures("one", "other", percentiles=(50, 95))
    assert_type(percentiles, list[ScoreComparison])
    assert_type(client.compare_runs("a", "b", baseline="c"), list[RunPair])
    assert_type(client.compare_slices("a", "b", by="language"), list[Slice])
    ranked = client.leaderboard("faq", "correct")
    assert_type(ranked, list[RankedRun])
    assert_type(ranked[0].is_apart, bool)


def datasets(rows: list[dict[str, Any]]) -> None:
    assert_type(client.datasets(), Rows)
    saved = client.save_dataset("faq", rows, project="p", append=True, note="more")
    assert_type(saved, Row)
    client.save_dataset("faq", "rows.jsonl", project="p")  # type: ignore[arg-type]
    assert_type(client.dataset("faq", saved["version"]), DatasetVersion)
    assert_type(client.dataset("faq").version, str)
    assert_type(client.dataset_versions("faq", counted=True), Rows)
    assert_type(client.dataset_rows("faq", text="refund"), DatasetPage)
    assert_type(client.dataset_rows("faq").n_matching, int)
    assert_type(client.dataset_splits("faq", "v"), Rows)
    assert_type(client.dataset_changes("faq", "v", "w"), DatasetChanges)
    assert_type(client.dataset_changes("faq", "v", "w").n_added, int)
    changed: dict[int, dict[str, Any] | None] = {0: {"q": 1}, 3: None}
    assert_type(client.edit_dataset("faq", project="p", base="v", changed=changed), Row)
    assert_type(client.copy_dataset("faq", "faq-2", project="p"), Row)
    assert_type(client.rename_dataset("faq", "faq-1", project="p"), Row)
    assert_type(client.describe_dataset("faq", project="p", schema=False), Row)
    client.delete_dataset("faq", project="p")


def documents() -> None:
    assert_type(client.views(project="p"), Rows)
    view = client.save_view("v", project="p", name="Slow", page="traces", params={})
    assert_type(view, Row)
    client.delete_view("v", project="p")
    assert_type(client.jobs(state="running"), Rows)
    job = client.start_job("ask_judge", {"judge": "j"}, project="p")
    assert_type(job, Row)
    assert_type(client.estimate_job("ask_judge", {}, project="p"), JobEstimate)
    assert_type(client.job(job["id"]), Row)
    assert_type(client.save_job(job), Row)
    assert_type(client.lease_job("me", kinds=["run_model"], lease_s=5), Row | None)
    assert_type(client.cancel_job(job["id"]), Row)
    assert_type(client.retry_job(job["id"], params={"n": 1}), Row)
    assert_type(client.workers(), Rows)
    assert_type(client.report_worker("me"), Row)
    client.forget_worker("me")


def judges_and_rules() -> None:
    assert_type(client.judges(), Rows)
    assert_type(client.judge("j"), Row)
    assert_type(client.save_judge("j", {"kind": "rubric"}, project="p"), Row)
    client.delete_judge("j", project="p")
    assert_type(client.price("gpt-4o-mini", at="2026-01-01"), Price)
    assert_type(client.online_rules(), Rows)
    assert_type(client.save_online_rule({"id": "r", "project": "p"}), Row)
    client.delete_online_rule("r", project="p")
    assert_type(client.alert_rules(), Rows)
    rule = client.save_alert_rule({"id": "a", "project": "p"})
    assert_type(rule, Row)
    assert_type(client.test_alert_rule("a", project="p"), Row)
    assert_type(client.preview_alert_rule(rule, days=7), Preview)
    client.delete_alert_rule("a", project="p")


def review() -> None:
    assert_type(client.queues(author="ann"), Rows)
    queue = client.save_queue({"id": "q", "project": "p", "form": []})
    assert_type(queue, Row)
    assert_type(client.queue("q"), Row)
    assert_type(client.add_queue_items("q", [{"trace_id": "a"}]), int)
    assert_type(client.fill_queue("q", limit=50), int)
    assert_type(client.queue_items("q", state="open"), Rows)
    assert_type(client.lease_queue_item("q", author="ann"), Row)
    client.lease_queue_item("q")  # type: ignore[call-arg]
    answered = client.answer_queue_item("q", "i", {"good": True}, author="ann")
    assert_type(answered, Row)
    assert_type(client.skip_queue_item("q", "i", author="ann"), Row)
    assert_type(client.undo_queue_item("q", "i", author="ann"), Row)
    assert_type(client.queue_answers("q"), Rows)
    agreed = client.queue_agreement("q")
    assert_type(agreed, dict[str, AnnotatorAgreement])
    assert_type(client.save_queue_dataset("q", items=["i"]), Row)
    client.delete_queue("q", project="p")


def administration() -> None:
    assert_type(client.keys(), Rows)
    key = client.create_key("ci", ["ingest", "read"], project="p", expires="90d")
    assert_type(key, Row)
    assert_type(client.revoke_key(key["id"]), Row)
    assert_type(client.retention(), Row)
    assert_type(client.save_retention("p", days=30), Row)
    client.save_retention("p", 30)  # type: ignore[call-arg]
    client.clear_retention("p")
    assert_type(client.disk(), Rows)
    assert_type(client.price_lists(), Row)
    assert_type(client.access(), Row)
    assert_type(client.health(), Row)
    found = client.sql("SELECT name FROM spans WHERE model = {m:String}", {"m": "x"})
    assert_type(found, Rows)


def delivery(prediction: Prediction) -> None:
    assert_type(tracer.flush(timeout_s=1.0), DeliveryReport)
    assert_type(tracer.shutdown(), DeliveryReport)
    assert_type(tracer.flush().sent, int)
    assert_type(prediction.trace_id, str)
