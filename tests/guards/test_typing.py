"""User code as tests/typing/api.py writes it passes a strict type checker."""

import re
import subprocess
import sys
from pathlib import Path

import tracer

HOUSE = Path(__file__).parents[2]


def test_the_face_is_typed_as_users_see_it() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "tests/typing/api.py"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_every_name_of_the_face_is_used_as_users_use_it() -> None:
    written = (HOUSE / "tests" / "typing" / "api.py").read_text("utf-8")
    used = set(re.findall(r"\btracer\.(\w+)", written))
    assert sorted({*tracer.__all__} - used) == []
