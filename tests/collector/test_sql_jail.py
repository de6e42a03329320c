"""Users' SQL reads what it may, and nothing gets it out of its jail."""

import secrets
from typing import Any

import orjson
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import log_request, put, record, span, trace_request

from collector.api.refusals import Refusal
from collector.storage.engine import USERS_SQL, Purpose, Store
from collector.storage.reads.reader import EngineError
from collector.storage.reads.sql import run_jailed
from collector.storage.sql.jail import jail
from collector.storage.sql.vocabulary import VIEWS, is_function

FAILED = Status(code=Status.STATUS_CODE_ERROR, message="boom")


def ask(
    store: Store,
    sql: str,
    parameters: dict[str, Any] | None = None,
    *,
    project: str | None = None,
) -> list[dict[str, Any]]:
    jailed = jail(sql, parameters or {}, project=project)
    lines = run_jailed(store, jailed, mark="test").splitlines()
    return [orjson.loads(line) for line in lines]


OUTSIDE = [
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT file('/etc/passwd')",
    "SELECT `file`('/etc/passwd')",
    "SELECT \"file\"('/etc/passwd')",
    "SELECT * FROM spans JOIN file('x') AS f ON 1",
    "SELECT * FROM (SELECT * FROM (SELECT * FROM file('x')))",
    "SELECT (SELECT 1 FROM file('x'))",
    "WITH f AS (SELECT * FROM file('x')) SELECT * FROM f",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM `/etc/passwd`",
    "SELECT * FROM url('http://127.0.0.1/', 'CSV')",
    "SELECT * FROM remote('127.0.0.1', system.one)",
    "SELECT * FROM s3('http://x/y')",
    "SELECT * FROM merge('default', 'spans')",
    "SELECT * FROM executable('ls', 'TSV', 'x String')",
    "SELECT * FROM view(SELECT 1)",
    "SELECT * FROM numbers(10)",
    "SELECT * FROM input('x String')",
    "SELECT * FROM VALUES('x String', 'a')",
    "SELECT * FROM system.tables",
    "SELECT * FROM `system`.`tables`",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM default.spans",
    "SELECT * FROM public_v1_spans",
    "SELECT * FROM public_v1.documents",
    "SELECT * FROM a.public_v1.spans",
    "SELECT * FROM documents",
    "SELECT * FROM ｓｐａｎｓ",
    "SELECT * FROM sраns",
    "WITH documents AS (SELECT 1) SELECT * FROM default.documents",
    "SELECT 1 IN documents",
    "SELECT 1 IN (documents)",
    "SELECT 1 NOT IN system.one",
    "SELECT 1 GLOBAL IN system.one",
    "SELECT in(1, documents)",
    "SELECT 1 IN ((documents))",
    "SELECT 1 IN (documents AS d)",
    "SELECT 1 IN tuple(documents)",
    "SELECT arrayMap(documents -> 1 IN (documents), [1])",
    "SELECT arrayMap(documents -> 1 IN documents, [1])",
    "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT * FROM r",
    "SELECT * FROM spans AS s(a, b)",
    "SELECT * FROM spans FINAL",
    "SELECT * FROM spans SAMPLE 0.1",
    "SELECT * FROM cluster('c', spans)",
    "SELECT * FROM {t:Identifier}",
    "SELECT {t:Identifier} FROM spans",
    "SELECT dictGet('prices', 'x', 1)",
    "SELECT joinGet('documents', 'x', 1)",
    "SELECT getSetting('max_threads')",
    "SELECT getServerPort('http_port')",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(3) FROM spans",
    "SELECT hostName()",
    "SELECT currentUser()",
    "SELECT CURRENT_USER",
    "SELECT currentDatabase()",
    "SELECT version()",
    "SELECT @@version",
    "SELECT catboostEvaluate('x', 1)",
    "SELECT addressToLine(1)",
    "SELECT evalMLMethod(1, 2)",
    "SELECT initializeAggregation('count')",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT arrayMap(file, ['x'])()",
    "SELECT countIf(sleep(1) = 0) FROM spans",
    "SELECT * APPLY(file) FROM spans",
    "SELECT COLUMNS('.*') FROM spans",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT 1 INTO OUTFILE '/tmp/x' FORMAT CSV",
    "SELECT 1 FORMAT Null",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT * FROM (SELECT 1 SETTINGS readonly = 0)",
    "SELECT 1 UNION ALL SELECT 2 SETTINGS readonly = 0",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE spans",
    "SELECT 1 /* ; */; /* x */ INSERT INTO spans SELECT 1",
    "DESCRIBE TABLE file('/etc/passwd')",
    "DESCRIBE spans",
    "EXPLAIN SELECT 1",
    "SHOW TABLES",
    "SET readonly = 0",
    "USE system",
    "DROP TABLE spans",
    "INSERT INTO spans SELECT * FROM spans",
    "INSERT INTO FUNCTION file('x') SELECT 1",
    "CREATE VIEW v AS SELECT 1",
    "SYSTEM SHUTDOWN",
    "KILL QUERY WHERE 1",
    "ATTACH TABLE x",
    "WITH x AS (INSERT INTO spans SELECT 1) SELECT 1",
    "WITH 'documents' AS t SELECT * FROM t",
    "SELECT `a\\`b` FROM spans",
    'SELECT 1 AS "a\\" FROM file(\'x\') --"',
    "SELECT $$a'b\\$$",
    "SELECT * FROM spans WHERE name = 'x' --\n; SELECT 1",
    "SELECT * FROM spans ORDER BY start WITH FILL",
    "SELECT repeat('x', 1000000000)",
    "",
    ";",
    "-- nothing",
    "nonsense",
    "SELECT " + "(" * 5000 + "1" + ")" * 5000,
]


@pytest.mark.parametrize("sql", OUTSIDE)
def test_what_leaves_the_views_is_refused_with_a_reason(sql: str) -> None:
    with pytest.raises(Refusal) as refusal:
        jail(sql, {"t": "documents"})
    assert (refusal.value.status, refusal.value.code) == (400, "bad_sql")
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DELETE FROM spans", "'DELETE' is no SELECT"),
        ("SHOW TABLES", "'SHOW' is no SELECT"),
        ("hello", "'hello' is no SELECT"),
        ("-- nothing", "the query is empty"),
    ],
)
def test_what_is_no_select_is_told_what_is(sql: str, named: str) -> None:
    with pytest.raises(Refusal, match=named) as refusal:
        jail(sql, {})
    assert "SELECT from spans, scores, evaluations" in refusal.value.hint


@pytest.fixture
def filled(store: Store, project: str) -> str:
    """A project with two calls, one of them failed, and a score."""
    usage = {"gen_ai.operation.name": "chat", "gen_ai.response.model": "m-1"}
    usage |= {"gen_ai.usage.input_tokens": 8, "tracer.metadata.department": "회계"}
    good = span(usage, name="good")
    put(
        store,
        trace_request(good, span(usage, name="bad", status=FAILED), project=project),
    )
    score = {"gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.value": 0.5}
    judged = record(
        score, event_name="gen_ai.evaluation.result", trace_id=good.trace_id
    )
    put(store, log_request(judged, project=project), signal="logs")
    return project


def test_views_are_joined_grouped_and_nested(store: Store, filled: str) -> None:
    rows = ask(
        store,
        """
        WITH judged AS (SELECT trace_id, avg(value) AS mean FROM scores GROUP BY ALL)
        SELECT s.name, judged.mean, s.metadata['department'] AS department
        FROM public_v1.spans AS s LEFT JOIN judged USING (trace_id)
        WHERE s.project = {project:String} ORDER BY s.name
        """,
        {"project": filled},
    )
    assert rows == [
        {"name": "bad", "mean": None, "department": "회계"},
        {"name": "good", "mean": 0.5, "department": "회계"},
    ]


def test_a_cte_may_have_the_name_of_a_view(store: Store, filled: str) -> None:
    sql = "WITH scores AS (SELECT 1 AS x) SELECT scores.x FROM scores"
    assert ask(store, sql) == [{"x": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count() AS n FROM {}",
        "SELECT count() AS n FROM (SELECT * FROM {0} UNION ALL SELECT * FROM {0})",
        "WITH a AS (SELECT * FROM {}) SELECT count() AS n FROM a",
        "SELECT count() AS n FROM {0} AS l JOIN {0} AS r ON l.project = r.project",
        "SELECT (SELECT count() FROM {}) AS n",
    ],
)
@pytest.mark.parametrize("view", VIEWS)
def test_a_project_confines_every_view_wherever_it_is_named(
    store: Store, filled: str, view: str, sql: str
) -> None:
    nobody = secrets.token_hex(4)
    assert ask(store, sql.format(view), project=nobody) == [{"n": 0}]


def test_texts_stay_texts_whatever_they_hold(store: Store) -> None:
    text = "it's \\' \" ` -- /* 환불 */ ; \n {x:String}"
    assert ask(store, "SELECT {text:String} AS t", {"text": text}) == [{"t": text}]
    sql = r"SELECT 'a\'b\\' AS t, 'it''s' AS u -- comment"
    assert ask(store, sql) == [{"t": "a'b\\", "u": "it's"}]


def test_parameters_have_types(store: Store) -> None:
    found = ask(store, "SELECT '가' IN {l:Array(String)} AS i", {"l": ["가"]})
    assert found == [{"i": 1}]
    sql = "SELECT {n:UInt32} + 1 AS n, {l:Array(String)} AS l"
    found = ask(store, sql, {"n": 4, "l": ["가"]})
    assert found == [{"n": 5, "l": ["가"]}]
    with pytest.raises(Refusal, match="'[nl]' has no value"):
        jail(sql, {})


def test_the_engine_says_what_is_wrong_with_a_name(store: Store) -> None:
    with pytest.raises(Refusal, match="nmae") as refusal:
        ask(store, "SELECT nmae FROM spans")
    assert (refusal.value.status, refusal.value.code) == (400, "bad_sql")


def test_answers_are_cut_one_row_behind_the_limit(store: Store) -> None:
    rows = ask(store, "SELECT arrayJoin(range(50000)) AS n ORDER BY n")
    assert len(rows) == USERS_SQL["limit"]
    assert rows[-1] == {"n": 10_000}


def test_a_statement_that_needs_too_much_is_ended(store: Store) -> None:
    many = "(SELECT arrayJoin(range(30000)) AS {})"
    pairs = f"{many.format('a')} AS l CROSS JOIN {many.format('b')} AS r"
    sql = f"SELECT count() FROM (SELECT a, b FROM {pairs} GROUP BY a, b)"
    with pytest.raises(EngineError) as error:
        ask(store, sql)
    assert error.value.is_too_much or error.value.is_too_slow


@pytest.mark.parametrize("purpose", ["sql", "confined sql"])
def test_the_handle_itself_writes_nothing_and_sets_nothing(
    store: Store, purpose: Purpose
) -> None:
    for sql in (
        "INSERT INTO documents (kind) VALUES ('x')",
        "SET max_threads = 7",
        "CREATE TABLE t (x UInt8) ENGINE = Memory",
        "SELECT 1 SETTINGS readonly = 0",
    ):
        with pytest.raises(Exception, match=r"(?i)readonly"):
            with store.handle(purpose) as client:
                client.command(sql)


def test_no_function_that_leaves_the_rows_is_in_the_vocabulary() -> None:
    leaving = "file url remote sleep dictget joinget getsetting hostname version merge"
    assert not [name for name in leaving.split() if is_function(name)]
    assert is_function("quantileIf")
    assert is_function("uniqExactIf")
    assert not is_function("sleepIf")
