"""Whatever a key of an export says or lacks, the rest is read and it is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import importer_exports
import pytest

from tracer.importers import (
    Found,
    inspect_ai,
    langfuse,
    mlflow,
    openai_evals,
    phoenix,
    weave,
)

OF_OPENAI: list[dict[str, Any]] = [
    {"object": "eval", "id": "e", "testing_criteria": [{"reference": "{{ item.a }}"}]},
    {"object": "eval.run", "id": "r", "eval_id": "e", "created_at": 1_760_000_000},
    {
        "object": "eval.run.output_item",
        **{"id": "o", "run_id": "r", "datasource_item_id": 0},
        "datasource_item": {"q": "수도?", "a": "서울"},
        "results": [{"name": "match", "passed": True, "score": 1.0}],
        "sample": {
            "input": [{"role": "user", "content": "수도?"}],
            "output": [{"role": "assistant", "content": "서울"}],
            "usage": {"prompt_tokens": 12, "completion_tokens": 3},
        },
    },
]


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def exports(recorded: Path) -> dict[str, tuple[Callable[..., Found], list[Any]]]:
    """Return how an export is read, and one object of each of its kinds."""
    log = json.loads((recorded / "inspect-ai" / "capitals.json").read_text("utf-8"))
    older, newer = importer_exports.langfuse(), importer_exports.langfuse_experiment()
    files = sorted((recorded / "phoenix").glob("*.json"))
    of_phoenix = [json.loads(path.read_text("utf-8")) for path in files]
    return {
        "inspect-ai": (inspect_ai.read, [{**log, "samples": log["samples"][:1]}]),
        "langfuse": (langfuse.read, [one for kind in older.values() for one in kind]),
        "langfuse 4": (langfuse.read, [one for kind in newer.values() for one in kind]),
        "mlflow": (mlflow.read, lines(recorded / "mlflow" / "traces.jsonl")[:1]),
        "openai": (openai_evals.read, OF_OPENAI),
        "phoenix": (
            phoenix.read,
            of_phoenix,
        ),
        "weave": (weave.read, lines(recorded / "weave" / "calls.jsonl")[:6]),
    }


@pytest.mark.parametrize(
    "name",
    ["inspect-ai", "langfuse", "langfuse 4", "mlflow", "openai", "phoenix", "weave"],
)
def test_a_key_that_is_wrong_or_missing_ends_no_import(
    name: str, recorded: Path, tmp_path: Path
) -> None:
    read, objects = exports(recorded)[name]
    path = tmp_path / "export.json"
    for number, one in enumerate(objects):
        for place in importer_exports.places(one):
            for wrong in (5, importer_exports.GONE):
                others = [importer_exports.broken(one, place, wrong), *objects[:number]]
                others += objects[number + 1 :]
                whole = others[0] if len(others) == 1 else others
                path.write_text(json.dumps(whole), "utf-8")
                assert all(map(str, read([path]).unread))
