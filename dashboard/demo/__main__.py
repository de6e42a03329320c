"""``python -P -m dashboard.demo``: the story alone, told to a running collector."""

import sys
from pathlib import Path

HERE = Path(__file__).parent

# the examples lie beside this file in a wheel, and at the top of a checkout
sys.path.insert(0, str(HERE if (HERE / "examples").is_dir() else HERE.parents[1]))

from dashboard.demo.telling import tell  # noqa: E402  needs the path above

if __name__ == "__main__":
    tell(prog_name="demo")
