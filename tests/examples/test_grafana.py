"""The dashboard for Grafana: every query of it runs on a real store, by both ways."""

import json
import re
import secrets
from pathlib import Path
from typing import Any

import pytest
import yaml
from example_programs import EXAMPLES
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from otlp_requests import (
    START_NS,
    log_request,
    put,
    record,
    span,
    trace_request,
)

from collector.storage.engine import Store
from collector.storage.reads.sql import run_jailed
from collector.storage.sql.jail import jail

GRAFANA = EXAMPLES / "grafana"
BOARD: Any = json.loads((GRAFANA / "dashboards" / "tracer.json").read_text("utf-8"))
PANELS = {f"{panel['id']} {panel['title']}": panel for panel in BOARD["panels"]}
START_S = START_NS // 1_000_000_000


def as_sent(sql: str, project: str) -> str:
    """Return a query as Grafana's plugin sends it.

    Its macros become what `pkg/macros/macros.go` of grafana/clickhouse-datasource
    writes; `${…:sqlstring}` becomes texts in quotes.
    """
    since, until = START_S - 3600, START_S + 3600
    sql = sql.replace("${project:sqlstring}", f"'{project}'")
    sql = re.sub(
        r"\$__timeFilter\(([\w.]+)\)",
        rf"\1 >= toDateTime({since}) AND \1 <= toDateTime({until})",
        sql,
    )
    sql = re.sub(
        r"\$__timeInterval\(([\w.]+)\)",
        r"toStartOfInterval(toDateTime(\1), INTERVAL 60 second)",
        sql,
    )
    assert "$" not in sql
    return sql


@pytest.fixture(scope="module")
def project(store: Store) -> str:
    """A project with a failed call of a model, its score, and an evaluation run."""
    name = f"grafana-{secrets.token_hex(4)}"
    usage = {"gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3}
    model = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"} | usage
    failed = span(model, status=Status(code=Status.STATUS_CODE_ERROR, message="boom"))
    put(store, trace_request(failed, project=name))
    judged = {"gen_ai.evaluation.name": "good", "gen_ai.evaluation.score.value": 1.0}
    run = {"tracer.evaluation.id": "run-1", "tracer.example.id": "e", "tracer.trial": 0}
    score = "gen_ai.evaluation.result"
    records = [
        record(judged, event_name=score, trace_id=failed.trace_id),
        record(judged | run, event_name=score),
        record(
            {"tracer.evaluation.id": "run-1", "tracer.evaluation.name": "faq"},
            event_name="tracer.evaluation.started",
        ),
    ]
    put(store, log_request(*records, project=name), signal="logs")
    return name


@pytest.mark.every_store
@pytest.mark.parametrize("title", PANELS)
def test_every_panel_finds_rows_in_the_views_of_the_store(
    title: str, store: Store, project: str
) -> None:
    for target in PANELS[title]["targets"]:
        with store.handle("read") as client:
            assert client.query(as_sent(target["rawSql"], project)).result_rows


@pytest.mark.parametrize("title", PANELS)
def test_every_panel_runs_as_users_sql_without_the_prefix(
    title: str, store: Store, project: str
) -> None:
    for target in PANELS[title]["targets"]:
        sql = as_sent(target["rawSql"], project).replace("public_v1_", "")
        assert run_jailed(store, jail(sql, {}, project=project), mark="grafana")


def test_the_list_of_projects_runs(store: Store) -> None:
    [sql] = [v["query"] for v in BOARD["templating"]["list"] if v["type"] == "query"]
    with store.handle("read") as client:
        client.query(sql)


def test_panels_read_the_data_source_that_is_provisioned() -> None:
    [source] = _yaml("datasources/tracer.yaml")["datasources"]
    meant = {"type": source["type"], "uid": source["uid"]}
    for panel in BOARD["panels"]:
        assert panel["datasource"] == meant
        assert [target["datasource"] for target in panel["targets"]] == [meant]


def test_grafanas_user_may_read_the_views_and_what_they_are_made_of() -> None:
    text = (GRAFANA / "reader.sql").read_text("utf-8")
    granted = set(re.findall(r"GRANT SELECT ON tracer\.(\w+) TO grafana", text))
    steps = Path("collector/storage/migrations")
    views = {name for name in granted if name.startswith("public_v1_")}
    read = set(re.findall(r"public_v1_\w+", json.dumps(BOARD)))
    assert views == read
    tables = {
        found
        for path in (EXAMPLES.parent / steps).glob("*_public_*.sql")
        for found in re.findall(r"FROM (\w+)", path.read_text("utf-8"))
    }
    assert granted - views == tables


def _yaml(path: str) -> Any:
    return yaml.safe_load((GRAFANA / "provisioning" / path).read_text("utf-8"))
