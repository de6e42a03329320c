"""The engine alone: the same bodies inserted in large groups, with nothing around it.

`python -m benchmarks.ingest_floor DIRECTORY N_WARM_UP` reads pickled bodies from its
standard input. Inflating and framing are not counted.
"""

import json
import pickle
import sys
import time

from collector.otlp.bodies import inflate
from collector.otlp.frames import Piece, appended_fields, envelope, with_appended
from collector.storage import writes
from collector.storage.engine import open_store
from collector.storage.intake.views import install_views
from collector.storage.migrate import migrate

_GROUP = 40  # requests in one insert: some 20,000 spans
_DISK = """
SELECT sum(data_compressed_bytes) / sum(rows)
FROM system.parts
WHERE active AND database = currentDatabase() AND table = 'spans'
"""


def main(directory: str, n_warm_up: int, bodies: list[bytes]) -> dict[str, float]:
    """Insert all bodies; return what those after the first ones took."""
    store = open_store(f"chdb://{directory}")
    migrate(store)
    install_views(store)
    frames = [_frames(number, body) for number, body in enumerate(bodies, start=1)]
    with store.handle("write") as client:
        for at in range(0, n_warm_up, _GROUP):
            writes.insert_otlp(client, envelope(sum(frames[at : at + _GROUP], [])))
        groups = [
            envelope(sum(frames[at : at + _GROUP], []))
            for at in range(n_warm_up, len(frames), _GROUP)
        ]
        cpu_s, begun_s = time.process_time(), time.perf_counter()
        for group in groups:
            writes.insert_otlp(client, group)
        seconds, cpu_s = time.perf_counter() - begun_s, time.process_time() - cpu_s
        disk = float(client.query(_DISK).result_rows[0][0])
    store.close()
    return {"seconds": seconds, "cpu_s": cpu_s, "bytes_a_span": disk}


def _frames(number: int, body: bytes) -> list[Piece]:
    fields = appended_fields(
        request_number=number,
        key_project="",
        received_ms=0,
        digest=number.to_bytes(16, "big"),
    )
    return with_appended(inflate(body, "gzip", max_bytes=1 << 30), fields)


if __name__ == "__main__":
    _, directory, n_warm_up = sys.argv
    bodies = pickle.load(sys.stdin.buffer)
    print(json.dumps(main(directory, int(n_warm_up), bodies)))
