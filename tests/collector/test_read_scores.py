"""Which version of a score holds, and what scores add up to over time."""

from typing import Any

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from otlp_requests import START_NS, log_request, put, record, span, trace_request
from reading import asked, of, page, read

from collector.api.refusals import Refusal
from collector.storage.conditions import Condition
from collector.storage.engine import Store
from collector.storage.reads.reader import Row
from collector.storage.reads.scope import Scope
from collector.storage.reads.scores import Versions, list_scores
from collector.storage.reads.traces import list_traces
from collector.storage.reads.trend import Trend, ask_trend

TRACE = b"t" * 16
DAY_NS = 86_400 * 10**9


def score(
    name: str = "good", *, at_ns: int = 0, trace_id: bytes = TRACE, **values: Any
) -> LogRecord:
    """A score `at_ns` after the beginning of the tests' time."""
    keys = {
        "value": "gen_ai.evaluation.score.value",
        "label": "gen_ai.evaluation.score.label",
        "author": "tracer.score.author",
        "source": "tracer.score.source",
        "deleted": "tracer.score.deleted",
        "example": "tracer.example.id",
        "evaluation": "tracer.evaluation.id",
        "trial": "tracer.trial",
    }
    return record(
        {"gen_ai.evaluation.name": name, **{keys[k]: v for k, v in values.items()}},
        event_name="gen_ai.evaluation.result",
        trace_id=trace_id,
        time_unix_nano=START_NS + at_ns,
        observed_time_unix_nano=START_NS + at_ns,
    )


def store_scores(store: Store, project: str, *scores: LogRecord) -> None:
    put(store, log_request(*scores, project=project), signal="logs")


def listed(
    store: Store, project: str, *where: tuple[Any, ...], **versions: Any
) -> list[Row]:
    asked = Versions(**versions)
    return read(store, list_scores, of(project), page(*where), asked)[0]


def values(rows: list[Row]) -> list[float]:
    return [row["value"] for row in rows]


def test_the_newest_version_of_a_score_is_shown(store: Store, project: str) -> None:
    store_scores(store, project, score(value=0.2, at_ns=1))
    store_scores(store, project, score(value=0.9, at_ns=2))
    assert values(listed(store, project)) == [0.9]
    assert sorted(values(listed(store, project, all=True))) == [0.2, 0.9]


def test_an_earlier_moment_is_answered_as_it_was_then(
    store: Store, project: str
) -> None:
    store_scores(store, project, score(value=0.2, at_ns=1), score(value=0.9, at_ns=5))
    assert values(listed(store, project, as_of_ns=START_NS + 4)) == [0.2]
    assert listed(store, project, as_of_ns=START_NS) == []


def test_a_score_that_was_taken_back_is_hidden(store: Store, project: str) -> None:
    store_scores(store, project, score(value=1.0, at_ns=1))
    store_scores(store, project, score(deleted=True, at_ns=2))
    assert listed(store, project) == []
    (row,) = listed(store, project, with_deleted=True)
    assert row["deleted"] is True


def test_two_authors_have_a_score_each(store: Store, project: str) -> None:
    store_scores(store, project, score(value=0.0, author="kim"))
    store_scores(store, project, score(value=1.0, author="이"))
    assert sorted(values(listed(store, project))) == [0.0, 1.0]
    assert values(listed(store, project, ("author", "=", "이"))) == [1.0]


def test_a_filter_on_the_value_sees_only_the_newest(store: Store, project: str) -> None:
    store_scores(store, project, score(value=0.2, at_ns=1), score(value=0.9, at_ns=2))
    assert listed(store, project, ("value", "<", 0.5)) == []
    assert values(listed(store, project, ("value", ">", 0.5))) == [0.9]


def test_pages_of_scores_hold_every_score_once(store: Store, project: str) -> None:
    scores = [score(f"s{i}", value=1.0, at_ns=i // 2) for i in range(5)]
    store_scores(store, project, *scores)
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        rows, cursor = read(
            store, list_scores, of(project), page(limit=2, cursor=cursor)
        )
        seen += [row["name"] for row in rows]
    assert cursor is None
    assert sorted(seen) == ["s0", "s1", "s2", "s3", "s4"]


def test_pages_of_versions_hold_those_of_one_time_too(
    store: Store, project: str
) -> None:
    """A page that ended between two of them had the next one begin behind both."""
    for value in (1.0, 2.0, 3.0):
        scored = score("s", value=value, at_ns=5)
        scored.observed_time_unix_nano = int(value)
        store_scores(store, project, scored)
    seen: list[float] = []
    cursor = None
    for _ in range(3):
        asked = page(limit=1, cursor=cursor)
        versions = Versions(all=True)
        rows, cursor = read(store, list_scores, of(project), asked, versions)
        seen += values(rows)
    assert (seen, cursor) == ([3.0, 2.0, 1.0], None)


def test_a_trace_row_shows_mean_and_number_of_its_newest_scores(
    store: Store, project: str
) -> None:
    one = span(name="one")
    put(store, trace_request(one, project=project))
    marks: dict[str, Any] = {"trace_id": one.trace_id}
    store_scores(
        store,
        project,
        score(value=0.0, author="a", at_ns=1, **marks),
        score(value=1.0, author="a", at_ns=2, **marks),
        score(value=0.0, author="b", **marks),
        score("tone", label="polite", **marks),
    )
    (row,) = read(store, list_traces, of(project), page())[0]
    assert row["scores"] == {
        "good": {"mean": 0.5, "n": 2, "label": None, "type": "number"},
        "tone": {"mean": None, "n": 1, "label": "polite", "type": "label"},
    }


def trend(store: Store, project: str, **wanted: Any) -> list[Row]:
    return asked(store, lambda _: ask_trend(of(project), Trend(**wanted)))


def test_a_trend_gives_sums_by_day_with_examples_as_clusters(
    store: Store, project: str
) -> None:
    run: dict[str, Any] = {"evaluation": "e"}
    store_scores(
        store,
        project,
        score(value=1.0, example="a", trial=0, **run),
        score(value=0.0, example="a", trial=1, **run),
        score(value=1.0, example="b", trial=0, **run),
        score(value=0.5, at_ns=DAY_NS, trace_id=b"u" * 16),
    )
    first, second = trend(store, project)
    sums = {key: first[key] for key in first if key not in ("bucket", "bucket_ns")}
    assert sums == {
        "name": "good",
        "group": None,
        "type": "number",
        "n": 3,
        "n_clusters": 2,
        "sum": 2,
        "sum_squares": 2,
        "cluster_sum_squares": 2,
        "cluster_sum_counts": 3,
        "cluster_count_squares": 5,
        "scale_low": None,
        "scale_high": None,
    }
    assert second["bucket_ns"] - first["bucket_ns"] == DAY_NS
    assert second["sum"] == 0.5


def test_a_trend_keeps_what_people_gave_apart_from_what_scorers_did(
    store: Store, project: str
) -> None:
    store_scores(
        store,
        project,
        score(value=1.0, source="model"),
        score(value=0.0, source="human", author="영희"),
        score("helpful", value=1.0, source="user"),
    )

    def sums(**asked: Any) -> dict[tuple[str, str | None], float]:
        rows = trend(store, project, **asked)
        return {(row["name"], row["group"]): row["sum"] for row in rows}

    assert sums() == {
        ("good", None): 1,
        ("good · people", None): 0,
        ("helpful", None): 1,
    }
    assert sums(names=["good"]) == {("good", None): 1}
    assert sums(names=["good · people"]) == {("good · people", None): 0}
    assert sums(names=["good"], by="source") == {
        ("good", "model"): 1,
        ("good", "human"): 0,
    }


def test_a_trend_counts_only_the_newest_version(store: Store, project: str) -> None:
    store_scores(store, project, score(value=0.0, at_ns=1), score(value=1.0, at_ns=2))
    (row,) = trend(store, project)
    assert (row["n"], row["sum"]) == (1, 1)


@pytest.mark.parametrize("trace_ids", [(TRACE, TRACE), (TRACE, b"u" * 16)])
@pytest.mark.parametrize("values", [(True, 3.0), (3.0, True)])
def test_a_trend_of_yes_and_no_beside_numbers_is_one_of_numbers(
    store: Store, project: str, values: Any, trace_ids: Any
) -> None:
    for value, trace_id, author in zip(values, trace_ids, "ab", strict=True):
        one = score(value=value, trace_id=trace_id, author=author)
        store_scores(store, project, one)
    (row,) = trend(store, project)
    assert (row["type"], row["n"], row["sum"]) == ("number", 2, 4)


def test_a_trend_of_one_project_and_of_all_take_the_same_versions(
    store: Store, project: str
) -> None:
    name = f"good of {project}"
    store_scores(
        store,
        project,
        score(name, value=1.0, at_ns=1, trace_id=b"a" * 16),
        score(name, value=0.0, at_ns=1, trace_id=b"b" * 16),
        score(name, value=0.5, at_ns=2, trace_id=b"b" * 16),
        score(name, value=1.0, at_ns=1, trace_id=b"c" * 16),
        score(name, value=1.0, at_ns=2, trace_id=b"c" * 16, deleted=True),
    )
    store_scores(store, project, score(name, value=0.5, at_ns=2, trace_id=b"b" * 16))
    wanted = Trend(names=[name])
    one = asked(store, lambda _: ask_trend(of(project), wanted))
    (row,) = one
    assert (row["n"], row["n_clusters"], row["sum"]) == (2, 2, 1.5)
    assert asked(store, lambda _: ask_trend(Scope(), wanted)) == one


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("author", ["kim", None]),
        ("source", ["code"]),
        ("model", ["m-1", None]),
        ("prompt_version", ["v7", None]),
        ("prompt_name", ["faq", None]),
        ("tags", ["a", "b", None]),
        ("evaluation", [None]),
    ],
)
def test_a_trend_is_split_by_what_was_judged_or_who_judged(
    store: Store, project: str, by: str, groups: list[str | None]
) -> None:
    values = {"gen_ai.response.model": "m-1", "gen_ai.prompt.version": "v7"}
    values |= {"gen_ai.prompt.name": "faq", "tracer.tags": ["a", "b"]}
    one = span(values)
    put(store, trace_request(one, project=project))
    store_scores(
        store,
        project,
        score(value=1.0, trace_id=one.trace_id, author="kim"),
        score(value=0.0, trace_id=b"w" * 16),
    )
    assert [row["group"] for row in trend(store, project, by=by)] == groups


@pytest.mark.parametrize("by", ["release", "environment", "service"])
def test_a_trend_is_split_by_the_process_that_was_judged(
    store: Store, project: str, by: str
) -> None:
    one = span()
    names = {"release": "service__version", "service": "service__name"}
    key = names.get(by, "deployment__environment__name")
    put(store, trace_request(one, project=project, **{key: "x-1"}))
    store_scores(store, project, score(value=1.0, trace_id=one.trace_id))
    assert [row["group"] for row in trend(store, project, by=by)] == ["x-1"]


def test_a_trend_may_be_one_total_or_by_weeks(store: Store, project: str) -> None:
    store_scores(
        store,
        project,
        score(value=1.0, at_ns=7 * DAY_NS, trace_id=b"v" * 16),
        score(value=0.0, at_ns=14 * DAY_NS, trace_id=b"w" * 16),
    )
    (total,) = trend(store, project, interval="total")
    assert (total["bucket"], total["n"], total["sum"]) == (None, 2, 1)
    first, second = trend(store, project, interval="week")
    assert second["bucket_ns"] - first["bucket_ns"] == 7 * DAY_NS
    assert (first["bucket_ns"] // DAY_NS - 4) % 7 == 0  # a Monday


def test_a_trend_can_be_of_named_scores_only(store: Store, project: str) -> None:
    store_scores(store, project, score("a", value=1.0), score("b", value=1.0))
    assert [row["name"] for row in trend(store, project, names=["b"])] == ["b"]


def test_a_trend_cannot_be_filtered_by_what_versions_change(
    store: Store, project: str
) -> None:
    with pytest.raises(Refusal, match="no field 'value'"):
        trend(store, project, where=[Condition("value", ">", 0)])
