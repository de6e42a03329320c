"""User code as tests/typing writes it passes a strict type checker, and uses all."""

import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import tracer
from tracer import evaluation, testing, weave

HOUSE = Path(__file__).parents[2]
FILES = sorted((HOUSE / "tests" / "typing").glob("*.py"))
WRITTEN = "\n".join(file.read_text("utf-8") for file in FILES)


def test_the_face_is_typed_as_users_see_it() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *map(str, FILES)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("room", [tracer, testing, weave])
def test_every_name_of_the_face_is_used_as_users_use_it(room: ModuleType) -> None:
    called = room.__name__.removeprefix("tracer.")
    assert sorted({*room.__all__} - _used_of(called)) == []


def test_every_method_of_the_client_is_used_as_users_use_it() -> None:
    members = dict(inspect.getmembers(tracer.Client))
    public = {name for name in members if not name.startswith("_")}
    assert sorted(public - _used_of("client")) == []


def test_what_evaluations_answer_is_named_as_users_name_it() -> None:
    missing = [name for name in evaluation.__all__ if name not in WRITTEN]
    assert missing == []


def _used_of(thing: str) -> set[str]:
    return set(re.findall(rf"\b{thing}\.(\w+)", WRITTEN))
