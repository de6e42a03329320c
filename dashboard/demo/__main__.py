"""``python -P -m dashboard.demo``: the story alone, told to a running collector."""

import sys
from pathlib import Path

HERE = Path(__file__).parent

# the examples are bundled in a wheel, and lie at the top of a checkout
bundled = HERE / "bundled"
sys.path.insert(0, str(bundled if bundled.is_dir() else HERE.parents[1]))

from dashboard.demo.telling import tell  # noqa: E402  needs the path above

if __name__ == "__main__":
    tell(prog_name="demo")
