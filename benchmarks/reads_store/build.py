"""Build the store, once: `python -m benchmarks.reads_store.build DIRECTORY [SPANS]`."""

import json
import sys
import time
from importlib import resources
from pathlib import Path

from tqdm import tqdm

from collector.storage.engine import Store, open_store
from collector.storage.intake.views import install_views
from collector.storage.migrate import migrate

N_SPANS, N_LARGE, DAYS, STEP = 10_000_000, 10_000, 7, 250_000
NOTE = "bench.json"
SETTINGS = {
    "max_threads": 4,
    "max_block_size": 65_536,
    "max_insert_block_size": STEP,
    "min_insert_block_size_rows": STEP,
    "max_partitions_per_insert_block": 0,
}
DAY_NS = 86_400 * 10**9


def build(directory: Path, n_spans: int = N_SPANS) -> None:
    """Fill a store and note beside it what it holds; a note that is there is enough."""
    if (directory / NOTE).exists():
        return
    store = open_store(f"chdb://{directory}")
    try:
        migrate(store)
        install_views(store)
        begin_ns = (time.time_ns() // DAY_NS - DAYS) * DAY_NS
        _fill(store, n_spans, begin_ns)
    finally:
        store.close()
    note = {"n_spans": n_spans + N_LARGE, "begin_ns": begin_ns, "days": DAYS}
    (directory / NOTE).write_text(json.dumps(note))


def _fill(store: Store, n_spans: int, begin_ns: int) -> None:
    common = {"traces": n_spans // 10, "begin_ns": begin_ns}
    with store.handle("write") as client:

        def run(name: str, **parameters: int) -> None:
            text = (resources.files(__package__) / f"{name}.sql").read_text("utf-8")
            client.command(text, parameters=common | parameters, settings=SETTINGS)

        client.command((resources.files(__package__) / "words.sql").read_text("utf-8"))
        for first in tqdm(range(0, n_spans, STEP), desc="spans"):
            run("spans", first=first, count=min(STEP, n_spans - first))
        last_day_ns = begin_ns + (DAYS - 1) * DAY_NS
        run("large_trace", count=N_LARGE, begin_ns=last_day_ns)
        run("scores")
        # else the collector takes the rows for those of a store that was cut off
        run("receipt")


if __name__ == "__main__":
    build(Path(sys.argv[1]), *map(int, sys.argv[2:]))
