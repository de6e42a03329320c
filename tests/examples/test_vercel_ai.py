"""The example for Vercel's AI SDK, which `tests/soak` runs: what can be told here."""

import json
import shutil
import subprocess

import pytest
from example_programs import EXAMPLES
from vendors.tables import load, recorded

EXAMPLE = EXAMPLES / "vercel_ai"


def test_the_script_is_what_node_can_read() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is missing")
    done = subprocess.run(
        [node, "--check", EXAMPLE / "chat.mjs"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_it_asks_for_the_versions_whose_spans_are_recorded() -> None:
    """What those send, `vendors/test_senders.py` reads back field by field."""
    versions = recorded("vercel-ai-7", "versions")
    wanted = json.loads((EXAMPLE / "package.json").read_text("utf-8"))["dependencies"]
    speak = ("ai", "@ai-sdk/otel", "@opentelemetry/sdk-node")
    assert {name: wanted[name] for name in speak} == {
        name: versions[name] for name in speak
    }
    assert not load("vercel-ai-7").unrecorded
