"""docs/capture.md: its examples run, in order, and record what the page says."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from otlp_sink import OtlpSink, plain

PAGE = (Path(__file__).parents[2] / "docs" / "capture.md").read_text("utf-8")


@pytest.fixture
def sink() -> Iterator[OtlpSink]:
    sink = OtlpSink()
    sink.start()
    yield sink
    sink.stop()


def spans_of(sink: OtlpSink) -> list[Any]:
    return [
        span
        for request in sink.accepted
        if request.path.endswith("/traces")
        for group in request.traces.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]


def test_examples_of_the_page_run_in_order(sink: OtlpSink, tmp_path: Path) -> None:
    program = tmp_path / "page.py"
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    program.write_text("".join(examples), "utf-8")
    env = {"TRACER_ENDPOINT": sink.url, "TRACER_SPOOL_DIR": str(tmp_path / "spool")}
    done = subprocess.run(
        [sys.executable, program],
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    spans = spans_of(sink)
    by_name = {span.name: span for span in spans}
    below = [
        s for s in spans if s.parent_span_id == by_name["search everywhere"].span_id
    ]
    assert [span.name for span in below] == ["search", "search"]
    asked = by_name["ask the other service"]
    assert plain(asked.attributes)["user.id"] == "u1"
    assert "search" in {s.name for s in spans if s.parent_span_id == asked.span_id}
