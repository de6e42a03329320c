"""Pages of the dashboard run in this process, and what their components were given."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import urllib3
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_requests import trace_request
from processes import CollectorProcess
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
LIMIT_S = 60


def page(
    collector: CollectorProcess | str,
    name: str = "overview",
    *,
    api_key: str = "",
    **params: str,
) -> AppTest:
    """Open a page of the dashboard over a collector, as if by its address."""
    url = collector if isinstance(collector, str) else collector.url
    app = AppTest.from_file(str(APP), default_timeout=LIMIT_S)
    app.secrets["collector"] = {"url": url, "api_key": api_key}
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page(f"views/{name}.py").run()
    assert not app.exception, app.exception
    return app


def components(app: AppTest) -> dict[str, Any]:
    """Return the data of every component of ours on the page, by its key."""
    return {
        element.proto.id.split("-", 2)[2]: json.loads(element.proto.json)
        for element in _all(app._tree)
        if element.type == "bidi_component"
    }


def rows(app: AppTest, key: str) -> list[dict[str, Any]]:
    """Return the cells of every row of a table."""
    return [row["cells"] for row in components(app)[key]["rows"]]


def said(message: Any) -> str:
    """Return what an alert says, as a reader sees it."""
    return re.sub(r"\\(.)", r"\1", str(message.value))


def _all(block: Any) -> Iterator[Any]:
    for child in getattr(block, "children", {}).values():
        yield child
        yield from _all(child)


def send(collector: CollectorProcess, *spans: Span, project: str) -> None:
    """Send spans as they are to a collector, which has stored them afterwards."""
    answer = urllib3.request(
        "POST",
        f"{collector.url}/v1/traces",
        body=trace_request(*spans, project=project),
        headers={"content-type": "application/x-protobuf"},
    )
    assert answer.status == 200


def tell_story(collector: CollectorProcess, project: str) -> str:
    """Have the SDK send a small life of an app to a project; return the project."""
    tests = Path(__file__).parent
    subprocess.run(
        [sys.executable, "-P", tests / "dashboard_story.py", collector.url, project],
        check=True,
        timeout=LIMIT_S,
        env=os.environ | {"PYTHONPATH": str(tests.parent)},
    )
    return project
