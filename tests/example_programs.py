"""Programs of `examples/`, run as readers would: beside a collector and a model."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HOUSE = Path(__file__).parents[1]
EXAMPLES = HOUSE / "examples"


def surroundings(collector_url: str, model_url: str, folder: Path) -> dict[str, str]:
    """Return the environment of an example; what it writes stays in the folder."""
    own = {
        "TRACER_ENDPOINT": collector_url,
        "TRACER_SPOOL_DIR": str(folder / "spool"),
        "OPENAI_BASE_URL": model_url,
        "OPENAI_API_KEY": "none",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(HOUSE),
        "PYTHONUTF8": "1",
        "TMPDIR": str(folder),
    }
    return os.environ | own


def output(*command: str | Path, env: Mapping[str, str], cwd: Path) -> str:
    """Run a program to its end, and return what it printed."""
    done = subprocess.run(
        command, env=env, cwd=cwd, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(module: str, *, env: Mapping[str, str], cwd: Path) -> str:
    """Run an example, `python -m examples.MODULE`, and return what it printed."""
    return output(sys.executable, "-m", f"examples.{module}", env=env, cwd=cwd)
