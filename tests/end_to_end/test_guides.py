"""The guides of docs/guides, followed block by block as their reader does."""

import json
import re
import runpy
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import importer_exports
import pytest
from clickhouse_listeners import free_port
from guide_pages import Reader, blocks
from processes import CollectorProcess

from examples.openai_server.running import running

HOUSE = Path(__file__).parents[2]
GUIDES = HOUSE / "docs" / "guides"
PLAIN = ("fastapi-opentelemetry", "korean-rag", "notebook-csv")
"""Guides that need no more than a collector and a model."""

NO_CACHES = shutil.ignore_patterns("__pycache__", "recorded", "images")
STORE = "http://tracer:change-me@ch-1:8123/tracer?cluster=main&replicated=no"


def page(name: str) -> str:
    return (GUIDES / f"{name}.md").read_text("utf-8")


def ports(text: str) -> dict[str, str]:
    """Return a free port for each that programs of the page listen on."""
    used = set(re.findall(r"^(?:uvicorn|tracer) .*--port (\d+)", text, re.M))
    found = [(port, str(free_port())) for port in used]
    at = {f":{port}": f":{free}" for port, free in found}
    return at | {f"--port {port}": f"--port {free}" for port, free in found}


@pytest.fixture
def env(collector: CollectorProcess, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the pages' reader has set: the suite's collector, and a model."""
    with running() as base_url:
        yield {
            "TRACER_ENDPOINT": collector.url,
            "TRACER_SPOOL_DIR": str(tmp_path / "spool"),
            "OPENAI_BASE_URL": base_url,
            "OPENAI_API_KEY": "none",
            "PYTHONPATH": str(HOUSE),
        }


@pytest.fixture
def instead(env: dict[str, str]) -> dict[str, str]:
    """Addresses of the pages, each with the one that it is here."""
    return {
        "http://127.0.0.1:4318": env["TRACER_ENDPOINT"],
        "http://127.0.0.1:9000/v1": env["OPENAI_BASE_URL"],
    }


@pytest.mark.parametrize("name", PLAIN)
def test_guide_does_what_it_says(
    name: str, env: dict[str, str], instead: dict[str, str], tmp_path: Path
) -> None:
    text = page(name)
    Reader(tmp_path, env, instead | ports(text)).follow(text)


@pytest.mark.parametrize("name", ["korean-rag"])
def test_guide_in_korean_has_the_same_code(name: str) -> None:
    told, translated = (list(blocks(page(one))) for one in (name, f"{name}.ko"))
    assert [one.text for one in told] == [one.text for one in translated]


def test_every_guide_is_followed() -> None:
    followed = {*PLAIN, "platform", "contributor", "leaving"}
    guides = {path.stem.removesuffix(".ko") for path in GUIDES.glob("*.md")}
    assert guides == followed


def test_extras_that_guides_install_exist() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    for guide in GUIDES.glob("*.md"):
        for asked in re.findall(r"pip install .*?\[([\w,]+)\]", guide.read_text()):
            unknown = set(asked.split(",")) - set(project["optional-dependencies"])
            assert not unknown, f"{guide.name}: no extra {unknown}"


@pytest.mark.server
def test_guide_of_the_cluster_does_what_it_says(
    cluster_url: str, tmp_path: Path
) -> None:
    text = page("platform")
    server, _, options = cluster_url.partition("?")
    store = f"{server.removesuffix('tracer_test')}tracer_guide?{options}"
    instead = {STORE: store, **ports(text)}
    Reader(tmp_path, {"PYTHONPATH": str(HOUSE)}, instead).follow(text)


def test_guide_of_contributors_does_what_it_says(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for room in ("tracer", "collector", "dashboard", "examples", "tests", "docs"):
        shutil.copytree(HOUSE / room, house / room, ignore=NO_CACHES)
    shutil.copy(HOUSE / "pyproject.toml", house)
    Reader(house, {"PYTHONPATH": str(house)}, {}).follow(page("contributor"))


def test_guide_of_those_who_leave_does_what_it_says(
    env: dict[str, str], instead: dict[str, str], tmp_path: Path
) -> None:
    """The exports lie there: the systems that they are from are not to be had."""
    importers = HOUSE / "tests" / "tracer" / "importers"
    shutil.copy(importers / "recorded" / "weave" / "calls.jsonl", tmp_path)
    for kind, objects in importer_exports.langfuse().items():
        (tmp_path / f"{kind}.json").write_text(json.dumps(objects), "utf-8")
    openai = runpy.run_path(str(importers / "test_openai_evals.py"))
    evals = [openai["EVAL"], openai["RUN"], openai["item"](0), openai["item"](1)]
    lines = "".join(json.dumps(one) + "\n" for one in evals)
    (tmp_path / "evals.jsonl").write_text(lines, "utf-8")
    Reader(tmp_path, env, instead).follow(page("leaving"))
