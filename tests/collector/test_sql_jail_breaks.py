"""Ways out of users' SQL that were tried stay closed, on chDB and on a server."""

import threading
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from otlp_requests import (
    ON_EITHER_SHARD,
    log_request,
    put,
    record,
    rows,
    span,
    trace_request,
)
from processes import wait_until
from sql_breaks import OUTSIDE

from collector.api.refusals import Refusal
from collector.storage.engine import Store
from collector.storage.nodes import change_rows
from collector.storage.reads.reader import EngineError, kill
from collector.storage.reads.sql import run_jailed
from collector.storage.sql.jail import jail

MINE, THEIRS = "jail-mine", "jail-theirs"


def ask(store: Store, sql: str, *, project: str | None = MINE, **given: Any) -> str:
    """Return the answer as text; only one project's unless told."""
    jailed = jail(sql, given, project=project)
    return run_jailed(store, jailed, mark="test").decode().strip()


@pytest.mark.parametrize("sql", OUTSIDE)
def test_what_leaves_the_views_is_refused(sql: str) -> None:
    with pytest.raises(Refusal) as refusal:
        jail(sql, {"a": "x", "given_0": "access_keys"}, project=MINE)
    assert (refusal.value.status, refusal.value.code) == (400, "bad_sql")


@pytest.fixture(scope="module")
def two(store: Store) -> Iterator[Store]:
    """A store with two projects in the same parts, as merges bring them together."""
    for project in (MINE, THEIRS):
        if not rows(store, project):
            fill(store, project)
    for table in ("spans", "scores", "evaluation_events"):
        change_rows(store, "OPTIMIZE TABLE {table} FINAL", table, {})
    yield store


def fill(store: Store, project: str) -> None:
    is_mine = project == MINE
    name, text = ("7", "42") if is_mine else ("HIDDEN", "SECRET")
    values = {"tracer.input": text, "user.id": text, "tracer.metadata.n": text}
    # of two shards that fail at the same moment one may end for good (engine 26.7)
    spans = [span(values, name=name, trace_id=ON_EITHER_SHARD[0]) for _ in range(20)]
    put(store, trace_request(*spans, project=project))
    score = {"gen_ai.evaluation.name": name, "gen_ai.evaluation.explanation": text}
    score["gen_ai.evaluation.score.value"] = 1.0 if is_mine else 0.0  # type: ignore[assignment]
    event = "gen_ai.evaluation.result"
    started = {"tracer.evaluation.id": text, "tracer.evaluation.name": name}
    records = [
        record(score, event_name=event, trace_id=spans[0].trace_id),
        record(started, event_name="tracer.evaluation.started"),
    ]
    put(store, log_request(*records, project=project), signal="logs")


CONFINED = [
    "SELECT * FROM {}",
    "SELECT * FROM public_v1.{}",
    "SELECT * FROM {} AS public_v1_spans",
    "SELECT * FROM {0} WHERE project = 'jail-theirs' OR 1",
    "SELECT 'jail-theirs' AS project, name FROM {} WHERE project = 'jail-theirs'",
    "SELECT * FROM {0} AS a LEFT JOIN {0} AS b ON 1",
    "SELECT * FROM {0} AS a FULL JOIN {0} AS b ON a.project != b.project",
    "SELECT * FROM {0} AS a, {0} AS b",
    "SELECT * FROM (SELECT * FROM {0} UNION ALL SELECT * FROM public_v1.{0})",
    "SELECT * FROM {0} EXCEPT SELECT * FROM {0} WHERE project = 'jail-mine'",
    "WITH {0} AS (SELECT * FROM public_v1.{0}) SELECT * FROM {0}",
    "WITH a AS (SELECT * FROM {0}), b AS (SELECT * FROM a) SELECT * FROM b JOIN a ON 1",
    "WITH public_v1_{0} AS (SELECT 'jail-theirs' AS project) SELECT * FROM {0}",
    "SELECT (SELECT groupArray(name) FROM {0}) AS x",
    "SELECT name IN (SELECT name FROM {0}) AS x, name FROM {0}",
    "SELECT (SELECT max(name) FROM {0} AS i WHERE i.name != o.name) FROM {0} AS o",
    "WITH access_keys AS (SELECT * FROM access_keys) SELECT * FROM access_keys",
    "SELECT * EXCEPT(name) FROM {}",
    "SELECT 1 /* /* */ ; DROP TABLE {} -- */",
    "SELECT t FROM {} ARRAY JOIN [name, input] AS t",
    "SELECT t FROM {0} AS l JOIN {0} AS r ON 1 ARRAY JOIN [l.name, r.name] AS t",
    "SELECT a.name FROM ({0}) AS a",
    "SELECT EXISTS(SELECT 1 FROM {0} WHERE name = 'HIDDEN') AS x, name FROM {0}",
    "SELECT groupUniqArray(name) OVER () AS x FROM {}",
    "SELECT name FROM {0} GROUP BY ALL HAVING name != ''",
    "SELECT arrayMap(project -> project, groupArray(name)) AS x FROM {}",
    "SELECT * FROM {0} ORDER BY (SELECT max(name) FROM {0})",
    "SELECT * FROM {0} LIMIT (SELECT count() FROM {0})",
    "SELECT name, count() FROM {0} GROUP BY ROLLUP(name)",
    "SELECT * FROM (SELECT * FROM (SELECT * FROM {0} AS a) AS project) AS spans",
    "SELECT given_0 FROM (SELECT name AS given_0 FROM {0})",
]


@pytest.mark.parametrize("view", ["spans", "scores", "evaluations"])
@pytest.mark.parametrize("sql", CONFINED)
def test_a_project_sees_nothing_of_another(two: Store, sql: str, view: str) -> None:
    try:
        answer = ask(two, sql.format(view))
    except Refusal as refused:
        answer = str(refused)
    told = answer.replace("'jail-theirs'", "").replace('"project":"jail-theirs"', "")
    assert not {"HIDDEN", "SECRET", THEIRS} & set(told.replace('"', " ").split())
    assert "HIDDEN" not in answer and "SECRET" not in answer


ORACLES = [
    "SELECT count() AS n FROM {} WHERE toInt64({name}) = 7",
    "SELECT count() AS n FROM {} WHERE NOT (toInt64({name}) != 7)",
    "SELECT count() AS n FROM {} WHERE 7 = toInt64({name}) AND intDiv(1, {name} = '7')",
    "SELECT count() AS n FROM {} WHERE (1 OR {name} = 'x') AND toInt64({name}) = 7",
    "SELECT sum(toInt64({name})) > 0 AS n FROM {}",
    "SELECT toInt64({name}) AS k, count() AS n FROM {} GROUP BY k HAVING k = 7",
    "SELECT toInt64({name}) AS k, max(k) AS n FROM {} GROUP BY k",
    "SELECT count() AS n FROM (SELECT toInt64({name}) AS k FROM {}) WHERE k = 7",
    "SELECT count() AS n FROM (SELECT * FROM {0} UNION ALL SELECT * FROM {0})"
    " WHERE toInt64({name}) = 7",
    "WITH a AS (SELECT * FROM {} WHERE toInt64({name}) = 7) SELECT count() AS n FROM a",
    "SELECT count() AS n FROM {0} WHERE {name} IN"
    " (SELECT {name} FROM {0} WHERE toInt64({name}) = 7)",
    "SELECT count() AS n FROM {0} AS a JOIN {0} AS b ON toInt64(a.{name}) = 7",
    "SELECT count() AS n FROM {0} AS a JOIN {0} AS b ON a.project = b.project"
    " WHERE toInt64(b.{name}) = 7 AND toInt64(a.{name}) = 7",
    "SELECT toInt64({name}) AS n FROM {} ORDER BY toInt64({name}) LIMIT 1",
    "SELECT toInt64({name}) AS n FROM {} LIMIT 1 BY toInt64({name})",
    "SELECT DISTINCT toInt64({name}) AS n FROM {}",
    "SELECT max(toInt64({name})) OVER (PARTITION BY toInt64({name})) AS n FROM {}",
    "SELECT arrayJoin([toInt64({name})]) AS n FROM {} WHERE n = 7",
    "SELECT n FROM (SELECT arrayJoin([toInt64({name})]) AS n FROM {}) WHERE n = 7",
    "SELECT max(toInt64({name})) AS n FROM {}",
    "SELECT min(toInt64({name})) AS n FROM {} WHERE toInt64({name}) > 0",
    "SELECT count() AS n FROM {} WHERE length(range(toUInt64({name}))) = 7",
]


@pytest.mark.parametrize(
    ("view", "name"),
    [
        *(("spans", name) for name in ("name", "input", "user_id", "metadata['n']")),
        *(("scores", "name"), ("scores", "explanation")),
        *(("evaluations", "name"), ("evaluations", "id")),
    ],
)
def test_an_error_tells_nothing_of_another_projects_rows(
    two: Store, view: str, name: str
) -> None:
    """Merged with the project's condition, these were tried on every row first."""
    for sql in ORACLES:
        filled = sql.replace("{name}", name).replace("{0}", view).replace("{}", view)
        if name in ("input", "user_id", "explanation", "id", "metadata['n']"):
            filled = filled.replace("7", "42")
        answer = ask(two, filled)
        assert orjson.loads(answer.partition("\n")[0])["n"], filled


@pytest.mark.parametrize(
    "wrong",
    [
        "toDate(concat('x', input))",
        "toFloat64(concat('x', input))",
        "CAST(concat('[x', input, ']') AS Array(Float64))",
        "match(name, concat('(x', input))",
        "replaceRegexpAll(name, concat('(x', input), '')",
    ],
)
def test_an_engines_error_shows_no_value_of_a_row(two: Store, wrong: str) -> None:
    """Of a number that could not be read, or a pattern, the whole text was shown."""
    with pytest.raises(Refusal) as refused:
        ask(two, f"SELECT {wrong} FROM spans")
    assert "x42" not in str(refused.value)


def test_an_engines_error_names_the_column_that_there_is_not(two: Store) -> None:
    with pytest.raises(Refusal, match="nmae"):
        ask(two, "SELECT nmae FROM spans")


_MANY = "(SELECT arrayJoin(range(9000000)) AS x)"
_PAIRS = f"{_MANY} AS l CROSS JOIN (SELECT arrayJoin(range(1000)) AS y) AS r"
HUNGRY = [
    "SELECT range(400000000)",
    "SELECT arrayMap(x -> range(1000000), range(1000))",
    "SELECT arrayMap(x -> arrayMap(y -> y + x, range(9000)), range(90000))",
    "SELECT arrayJoin(arrayMap(x -> range(9000), range(9000)))",
    f"SELECT length(groupArray(x * y)) FROM {_PAIRS}",
    f"SELECT uniqExact(x * 1000 + y) FROM {_PAIRS}",
    f"SELECT x FROM {_PAIRS} ORDER BY hex(x), y LIMIT 5000000, 1",
    f"SELECT arrayStringConcat(groupArray(hex(x * y))) FROM {_PAIRS}",
    "SELECT arrayConcat(a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a) AS b,"
    " arrayConcat(b, b, b, b, b, b, b) FROM (SELECT range(9000000) AS a)",
]


@pytest.mark.parametrize("sql", HUNGRY)
def test_what_needs_too_much_memory_is_ended(two: Store, sql: str) -> None:
    with pytest.raises((EngineError, Refusal)) as ended:
        ask(two, sql)
    if isinstance(ended.value, EngineError):
        assert ended.value.is_too_much or ended.value.is_too_slow
    assert ask(two, "SELECT 1 AS n") == '{"n":1}'


def test_a_statement_that_runs_is_ended_when_its_caller_leaves(two: Store) -> None:
    endless = "(SELECT arrayJoin(range(100000)) AS {})"
    froms = " CROSS JOIN ".join(f"{endless.format(name)} AS {name}_" for name in "abc")
    jailed = jail(f"SELECT sum(a * b * c) FROM {froms}", {}, project=MINE)
    ended: list[Exception] = []

    def run() -> None:
        try:
            run_jailed(two, jailed, mark="read-to-be-ended")
        except EngineError as error:
            ended.append(error)

    running = threading.Thread(target=run)
    running.start()
    wait_until(lambda: in_flight(two, "read-to-be-ended"))
    with two.handle("read") as client:
        kill(client, "read-to-be-ended")
    running.join(timeout=20)
    assert isinstance(ended[0], EngineError)
    assert ended[0].is_too_slow


def in_flight(store: Store, mark: str) -> int:
    with store.handle("read") as client:
        sql = (
            "SELECT count() FROM system.processes WHERE position(query, {mark:String})"
        )
        sql += " > 0 AND query NOT LIKE 'SELECT count() FROM system.processes%'"
        found = client.query(sql, parameters={"mark": f"/* sql {mark}"}).result_rows
        return int(found[0][0])
