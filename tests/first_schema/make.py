"""Make what a store of the first schema holds: ``python tests/first_schema/make.py``.

The code of then, from this repository's history, runs a collector and `story.py`; what
its tables hold goes to `tables/`, in the engine's own format, and what it answered to
`answers.json`. Both are kept: they are made anew only when the story changes.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import urllib3

HERE = Path(__file__).parent
HOUSE = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

from processes import first_line, stop  # noqa: E402

COMMIT = "11f4de4e38931943b95bc654bc18df2d8cc7f14b"
"""The last whose stores had nine migrations; the first that today's code opens."""

TABLES = {
    "spans": "",
    "scores": "",
    "evaluation_events": "",
    "events": "",
    "receipts": "",
    "documents": "",
    "dataset_rows": "",
    "dataset_versions": "",
    "prices": "WHERE provider = 'openai' AND model = 'gpt-4o'",
}
"""Table of the first schema → which of its rows are kept."""

DUMP = """
import sys
from pathlib import Path
from collector.storage.engine import open_store

store = open_store(sys.argv[1])
with store.handle("read") as client:
    (name, condition), folder = sys.argv[2:4], Path(sys.argv[4])
    statement = f"SELECT * FROM {name} {condition}"
    (folder / f"{name}.native").write_bytes(client.raw_query(statement, fmt="Native"))
store.close()
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        then, store = Path(folder, "then"), f"chdb://{folder}/store"
        unpack(then)
        process = start(then, "-m", "collector", "--store", store, "--port", "0")
        try:
            url = first_line(process).removeprefix("collector listening on ").strip()
            for name in ("story.py", "sent.json"):  # else tracebacks name this folder
                shutil.copy(HERE / name, then)
            told = command(then / "story.py", url)
            subprocess.run(told, env=environment(then), check=True)
            write_answers(url)
        finally:
            stop(process)
        (HERE / "tables").mkdir(exist_ok=True)
        for table, condition in TABLES.items():
            dump = command("-c", DUMP, store, table, condition, HERE / "tables")
            subprocess.run(dump, env=environment(then), cwd=folder, check=True)


def unpack(folder: Path) -> None:
    """Lay the packages of then into a folder."""
    archive = ["git", "archive", COMMIT, "tracer", "collector"]
    packed = subprocess.run(archive, cwd=HOUSE, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tar:
        tar.extractall(folder, filter="data")


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-P", *map(str, arguments)]


def environment(then: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(then), "TRACER_SPOOL_DIR": str(then / "x")}


def start(then: Path, *arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command(*arguments),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env=environment(then),
    )


def write_answers(url: str) -> None:
    """Write down what the lists, sums and documents of then answer."""
    asked: dict[str, Any] = {}

    def ask(path: str) -> list[dict[str, Any]]:
        response = urllib3.request("GET", f"{url}/api/v1/{path}")
        assert response.status == 200, (path, response.data)
        asked[path] = response.json()
        return asked[path].get("rows") or []

    for path in (*WINDOWED, *EDITED):
        ask(path)
    trace_ids = [trace["trace_id"] for trace in ask(f"traces?{WINDOW}")]
    for run in ask(f"evaluations?{WINDOW}"):
        ask(f"evaluations/{run['id']}?project=first")
        ask(f"evaluations/{run['id']}/scores?project=first")
        predictions = ask(f"evaluations/{run['id']}/predictions?project=first")
        trace_ids.append(predictions[0]["trace_id"])
    for trace_id in trace_ids:
        ask(f"traces/{trace_id}?project=first")
    for version in ask("datasets/faq/versions?project=first"):
        ask(f"datasets/faq?project=first&version={version['version']}")
    lines = (
        f"{json.dumps(path)}: {json.dumps(answer, ensure_ascii=False, sort_keys=True)}"
        for path, answer in asked.items()
    )
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (HERE / "answers.json").write_text(text, encoding="utf-8")


WINDOW = "project=first&since=2026-01-01"
WINDOWED = (
    "projects",
    f"traces?{WINDOW}&order=-cost_usd",
    f'traces?{WINDOW}&where=[["metadata.department","=","accounting"]]',
    f"spans?{WINDOW}&origin=all",
    f"sessions?{WINDOW}",
    f"stats?{WINDOW}&interval=day&by=model&unit=spans",
    f"stats?{WINDOW}&origin=all",
    f"stats?{WINDOW}&by=metadata.n",
    f"values?{WINDOW}&field=user_id",
    f"scores?{WINDOW}",
    f"scores?{WINDOW}&origin=all&versions=1&deleted=1",
    f"scores/trend?{WINDOW}&interval=day&by=model",
)
EDITED = ("datasets?project=first", "views?project=first", "jobs?project=first")

if __name__ == "__main__":
    main()
