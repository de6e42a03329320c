"""User code as tests/typing/api.py writes it passes a strict type checker."""

import subprocess
import sys
from pathlib import Path

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
