"""Ask the sink what it got; all that a contestant's process needs of it."""

import json
import urllib.request

from benchmarks.arrivals import Count


def ask_count(url: str) -> Count:
    """Return what came since the question before."""
    with urllib.request.urlopen(f"{url}/count", timeout=120) as answer:
        told: Count = json.load(answer)
        return told
