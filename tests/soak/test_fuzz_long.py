"""The searches of `test_otlp_fuzz.py`, for as long as it takes to trust them."""

import os
import subprocess
import sys
from pathlib import Path

TIMES = os.environ.get("TRACER_TEST_FUZZ_TIMES", "100")
SEARCHES = Path(__file__).parents[1] / "collector" / "test_otlp_fuzz.py"


def test_no_search_finds_anything_in_a_hundred_times_its_tries() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(SEARCHES)],
        env=os.environ | {"TRACER_TEST_FUZZ_TIMES": TIMES},
        check=False,
    )
    assert result.returncode == 0
