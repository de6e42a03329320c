"""What a session adds up to, and what was said in it, turn by turn."""

import os

import pytest
from otlp_requests import (
    ON_EITHER_SHARD,
    START_NS,
    log_request,
    put,
    record,
    span,
    trace_request,
)
from reading import of, page, read

from collector.storage.engine import Store
from collector.storage.reads.scope import Scope
from collector.storage.reads.sessions import list_sessions, read_session

SECOND_NS = 10**9


def fill(store: Store, project: str, *seconds: int, session: str = "s") -> list[bytes]:
    """Store a turn every ten seconds, each this long; return their trace ids."""
    turns = [
        span(
            {
                "session.id": session,
                "tracer.input": f'{{"question": "질문 {number}"}}',
                "tracer.output": f'"{number}"',
            },
            start_time_unix_nano=START_NS + number * 10 * SECOND_NS,
            end_time_unix_nano=START_NS + (number * 10 + length) * SECOND_NS,
        )
        for number, length in enumerate(seconds)
    ]
    put(store, trace_request(*turns, project=project))
    return [turn.trace_id for turn in turns]


def judge(store: Store, project: str, values: dict[bytes, float], *, at: int) -> None:
    scores = [
        record(
            {"gen_ai.evaluation.name": "good", "gen_ai.evaluation.score.value": value},
            event_name="gen_ai.evaluation.result",
            trace_id=trace_id,
            time_unix_nano=START_NS + at,
            observed_time_unix_nano=START_NS + at,
        )
        for trace_id, value in values.items()
    ]
    put(store, log_request(*scores, project=project), signal="logs")


def test_a_session_has_the_latency_and_the_newest_scores_of_its_traces(
    store: Store, project: str
) -> None:
    one, other = fill(store, project, 1, 3)
    judge(store, project, {one: 0.0, other: 0.5, os.urandom(16): 1.0}, at=1)
    judge(store, project, {one: 1.0}, at=2)

    (row,) = read(store, list_sessions, of(project), page())[0]
    assert (row["latency_p50_ms"], row["duration_ms"]) == (2000, 13_000)
    summary = {"mean": 0.75, "n": 2, "label": None, "type": "number"}
    assert row["scores"] == {"good": summary}


@pytest.mark.parametrize(("status", "answer"), [({}, "네"), ({"code": 2}, None)])
def test_a_session_behind_http_spans_shows_what_the_steps_below_them_say(
    store: Store, project: str, status: dict[str, int], answer: str | None
) -> None:
    """Roots of web frameworks have no words; a failed one shows no answer of a step."""
    root = span({"session.id": "s"}, name="POST /ask", status=status)
    below = [
        span(
            {"tracer.input": f'"{asked}"', "tracer.output": f'"{said}"'},
            trace_id=root.trace_id,
            parent_span_id=root.span_id,
            start_time_unix_nano=START_NS + 1 + number,
        )
        for number, (asked, said) in enumerate([("되나요?", "네"), ("더?", "아니요")])
    ]
    put(store, trace_request(root, *below, project=project))
    (row,) = read(store, list_sessions, of(project), page())[0]
    assert (row["input_preview"], row["output_preview"]) == ("되나요?", answer)


def test_a_session_of_several_users_is_shown_with_that_of_its_latest_trace(
    store: Store, project: str
) -> None:
    """On a cluster it was one of them, another with each read."""
    for number, user in enumerate(["first", "last", ""]):
        who = {"session.id": "s"} | ({"user.id": user} if user else {})
        start_ns = START_NS + number * SECOND_NS
        for trace_id in (os.urandom(16) for _ in range(4)):
            one = span(who, trace_id=trace_id, start_time_unix_nano=start_ns)
            put(store, trace_request(one, project=project))
    (row,) = read(store, list_sessions, of(project), page())[0]
    assert (row["user_id"], row["n_traces"]) == ("last", 12)


def test_of_a_trace_in_two_projects_each_ones_session_has_its_own_spans(
    store: Store, project: str
) -> None:
    """The whole trace was in one of them, whichever was read first."""
    for number, each in enumerate((project, f"{project}-b"), 1):
        usage = {"session.id": project, "gen_ai.operation.name": "chat"}
        usage |= {"gen_ai.usage.input_tokens": number}
        one = span(usage, trace_id=ON_EITHER_SHARD[0])
        put(store, trace_request(one, project=each))
    both = Scope(projects=(project, f"{project}-b"))
    rows, _ = read(store, list_sessions, both, page())
    assert {row["project"]: row["input_tokens"] for row in rows} == {
        project: 1,
        f"{project}-b": 2,
    }


def test_sessions_can_be_listed_by_their_latest_activity(
    store: Store, project: str
) -> None:
    fill(store, project, 1, 1, 1, session="long")
    fill(store, project, 1, 1, session="short")
    first, cursor = read(
        store, list_sessions, of(project), page(order="-last", limit=1)
    )
    asked = page(order="-last", limit=1, cursor=cursor)
    second, end = read(store, list_sessions, of(project), asked)

    listed = [row["session_id"] for row in (*first, *second)]
    assert (listed, end) == (["long", "short"], None)


def test_the_latest_active_are_the_same_in_a_part_of_the_window_and_in_all_of_it(
    store: Store, project: str
) -> None:
    fill(store, project, *[1] * 60, session="long")
    fill(store, project, *[1] * 40, session="early")
    fill(store, project, *[1] * 59, session="late")
    window = {"since_ns": START_NS - 1, "until_ns": START_NS + 600 * SECOND_NS}

    def listed(limit: int) -> list[str]:
        asked = page(order="-last", limit=limit)
        rows, _ = read(store, list_sessions, of(project, **window), asked)
        return [row["session_id"] for row in rows]

    assert listed(3) == ["long", "late", "early"]
    assert listed(2) == ["long", "late"]
    assert listed(1) == ["long"]


def test_a_session_is_read_turn_by_turn_with_what_was_said(
    store: Store, project: str
) -> None:
    fill(store, project, 1, 1, 1)
    asked = page(order="start", limit=2)
    found = read(store, read_session, of(project), "s", asked)
    assert found is not None
    row, turns, cursor = found
    rest = read(
        store,
        read_session,
        of(project),
        "s",
        page(order="start", limit=2, cursor=cursor),
    )
    assert rest is not None

    assert (row["n_traces"], rest[2]) == (3, None)
    assert [turn["input"] for turn in (*turns, *rest[1])] == [
        {"question": f"질문 {number}"} for number in range(3)
    ]
    assert turns[1]["output"] == "1"


def test_sessions_of_one_name_in_two_projects_are_two(
    store: Store, project: str
) -> None:
    other = f"{project}-other"
    for name, seconds in ((project, (1, 1)), (other, (3,))):
        judge(store, name, {fill(store, name, *seconds)[0]: 1.0}, at=1)
    both = Scope(projects=(project, other))
    rows, _ = read(store, list_sessions, both, page(order="-last"))
    alone = read(store, read_session, both, "s", page(order="start"))

    assert [(row["project"], row["n_traces"]) for row in rows] == [
        (project, 2),
        (other, 1),
    ]
    assert [row["scores"]["good"]["n"] for row in rows] == [1, 1]
    assert alone is not None
    assert (alone[0]["project"], len(alone[1])) == (project, 2)


@pytest.mark.parametrize("session", ["never", ""])
def test_a_session_that_nothing_names_is_unknown(
    store: Store, project: str, session: str
) -> None:
    put(store, trace_request(span(), project=project))
    assert read(store, read_session, of(project), session, page(order="start")) is None
