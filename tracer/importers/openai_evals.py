"""OpenAI's hosted Evals: evals, runs and output items, as the API lists them.

Read: the API itself (`read_api`), or JSON or JSON lines of the objects ``eval``,
``eval.run`` and ``eval.run.output_item`` (``client.evals.runs.output_items.list(…)``,
one ``model_dump_json()`` a line, or pages as they come). Source: the Evals API
reference.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tracer import semconv
from tracer.evaluation._datasets.files import FilePath
from tracer.evaluation._datasets.openai_forms import output_of_sample
from tracer.evaluation._rows import Example, read_row
from tracer.importers._chat import chat_span, response_of
from tracer.importers._examples import Trials, add_dataset
from tracer.importers._found import (
    Found,
    ImportedPrediction,
    ImportedRun,
    ImportedScore,
    ImportedSpan,
    Unread,
)
from tracer.importers._ids import span_id_of, trace_id_of
from tracer.importers._records import Record, mapping_of, records
from tracer.importers._times import time_ns

SYSTEM: Final = "openai-evals"
PAGE_ITEMS: Final = 100

_STATUS: Final = {"failed": "failed", "canceled": "incomplete"}
_UUID_AT_END = re.compile(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_REFERENCE = re.compile(r"^\s*\{\{\s*item\.(\w+)\s*\}\}\s*$")
_JUDGES: Final = ("label_model", "score_model", "label-model", "score-model")


def read(paths: Iterable[FilePath], *, expected: str | None = None) -> Found:
    """Return the datasets and runs of exported Evals.

    Run ids stay. An example's id is ``id`` of its item, else a hash of the item, since
    numbers of items mean another item in another file; the number is metadata.

    Args:
        paths: Files with evals, runs and output items, in any order.
        expected: Column of an item that is the reference answer; else the one that a
            grader of the eval compares with, or ``expected``.
    """
    found, parts = Found(system=SYSTEM), _Parts()
    for path in paths:
        for place, record in records(path, found):
            parts.take(place, record, found)
    return parts.read(expected, found)


def read_api(
    client: Any, *, eval_ids: Iterable[str] = (), expected: str | None = None
) -> Found:
    """Return the datasets and runs that the Evals API itself holds.

    Args:
        client: An ``openai.OpenAI``.
        eval_ids: Only these evals; all of the project's without.
        expected: As for `read`.

    Raises:
        openai.OpenAIError: The API refuses.
    """
    found, parts, wanted = Found(system=SYSTEM), _Parts(), frozenset(eval_ids)
    for one in client.evals.list(limit=PAGE_ITEMS, order="asc"):
        if wanted and one.id not in wanted:
            continue
        parts.take(one.id, one.model_dump(), found)
        for run in client.evals.runs.list(one.id, limit=PAGE_ITEMS, order="asc"):
            parts.take(run.id, run.model_dump(), found)
            for item in client.evals.runs.output_items.list(
                run.id, eval_id=one.id, limit=PAGE_ITEMS, order="asc"
            ):
                parts.take(item.id, item.model_dump(), found)
    missing = sorted(wanted - parts.evals.keys())
    found.unread += [Unread(f"eval {id}", "the API has no such eval") for id in missing]
    return parts.read(expected, found)


class _Parts:
    """The objects of an export by kind and id."""

    def __init__(self) -> None:
        self.evals: dict[str, Record] = {}
        self.runs: dict[str, Record] = {}
        self.items: dict[str, list[tuple[str, Record]]] = defaultdict(list)
        self._seen: set[str] = set()

    def take(self, place: str, record: Record, found: Found) -> None:
        kind = record.get("object")
        if kind == "eval":
            self.evals[str(record.get("id"))] = record
        elif kind == "eval.run":
            self.runs[str(record.get("id"))] = record
        elif kind == "eval.run.output_item" or "datasource_item" in record:
            id = str(record.get("id"))
            if id not in self._seen:  # two exports of one run overlap
                self._seen.add(id)
                self.items[str(record.get("run_id"))].append((place, record))
        else:
            why = f"no object of Evals: {sorted(record)[:6]}"
            found.unread.append(Unread(place, why))

    def read(self, expected: str | None, found: Found) -> Found:
        """Add the runs, each with its items, and return all that was found."""
        for run_id, items in self.items.items():
            run = self.runs.get(run_id, {})
            eval_id = run.get("eval_id") or items[0][1].get("eval_id")
            whole = self.evals.get(str(eval_id), {})
            _read_run(run_id, run, whole, items, expected, found)
        for run_id in sorted(self.runs.keys() - self.items.keys()):
            why = "a run without output items; export them too"
            found.unread.append(Unread(f"run {run_id}", why))
        return found


def _read_run(
    run_id: str,
    run: Record,
    whole: Record,
    items: list[tuple[str, Record]],
    expected: str | None,
    found: Found,
) -> None:
    first_ns = min((time_ns(one.get("created_at")) or 0 for _, one in items), default=0)
    start_ns = time_ns(run.get("created_at")) or first_ns
    eval_id = str(run.get("eval_id") or items[0][1].get("eval_id") or "eval")
    name = str(whole.get("name") or eval_id)
    column = expected or _compared_column(whole)
    predictions, examples = _predictions(items, column, start_ns, found)
    dataset = add_dataset(found, name, examples)
    failed = run.get("error")
    found.runs.append(
        ImportedRun(
            id=run_id,
            name=name,
            display_name=str(run.get("name") or run_id),
            model=str(run.get("model") or _model_of(items)),
            dataset=dataset.name,
            dataset_version=dataset.version,
            start_ns=start_ns,
            end_ns=max((one.root.end_ns for one in predictions), default=start_ns),
            status=_STATUS.get(str(run.get("status")), "done"),
            error=str(failed.get("message") or "") if isinstance(failed, dict) else "",
            metadata=_facts(run, eval_id),
            predictions=tuple(predictions),
        )
    )


def _predictions(
    items: list[tuple[str, Record]], column: str | None, start_ns: int, found: Found
) -> tuple[list[ImportedPrediction], list[Example]]:
    """Return the predictions of a run, by the items' numbers, and their examples."""
    examples: list[Example] = []
    predictions: list[ImportedPrediction] = []
    trials = Trials()
    ordered = sorted(items, key=lambda one: _number(one[1].get("datasource_item_id")))
    for place, item in ordered:
        with found.reading(place):
            example = _example(item, column)
            trial = trials.next(example.id)
            prediction = _prediction(
                item, example, trial, start_ns, place=place, found=found
            )
            examples.append(example)
            predictions.append(prediction)
    return predictions, examples


def _compared_column(whole: Record) -> str | None:
    """Return the column of an item that a grader takes for the right answer."""
    graders = whole.get("testing_criteria")
    for grader in graders if isinstance(graders, list) else ():
        reference = grader.get("reference") if isinstance(grader, Mapping) else None
        if isinstance(reference, str) and (column := _REFERENCE.match(reference)):
            return column[1]
    return None


def _example(item: Record, column: str | None) -> Example:
    inputs = item.get("datasource_item")
    if not isinstance(inputs, Mapping) or not inputs:
        raise ValueError(f"output item {item.get('id')} has no datasource_item")
    # an item of a stored completion holds the answer beside what was asked
    inner = inputs.get("item")
    row = dict(inner) if isinstance(inner, Mapping) else dict(inputs)
    if column is not None and column in row and len(row) > 1:
        row["expected"] = row.pop(column)
    row.pop("sample", None)
    example = read_row(row, number=_number(item.get("datasource_item_id")))
    source = {"system": SYSTEM, "id": f"{item.get('eval_id')}/{example.id}"}
    return Example(
        id=example.id,
        inputs=example.inputs,
        expected=example.expected,
        metadata=example.metadata,
        source=source,
    )


def _prediction(
    item: Record,
    example: Example,
    trial: int,
    start_ns: int,
    *,
    place: str,
    found: Found,
) -> ImportedPrediction:
    given = item.get("sample")
    sample = given if isinstance(given, dict) else {}
    root = _root(item, sample, example, start_ns)
    scores = (
        score
        for result in item.get("results") or ()
        for score in _scores(result, place=place, found=found)
    )
    return ImportedPrediction(
        example_id=example.id,
        trial=trial,
        root=root,
        below=tuple(_call(root, sample)),
        scores=tuple(scores),
    )


def _root(
    item: Record, sample: Record, example: Example, start_ns: int
) -> ImportedSpan:
    at_ns = time_ns(item.get("created_at")) or start_ns
    return ImportedSpan(
        trace_id=trace_id_of(SYSTEM, str(item["id"])),
        span_id=span_id_of(SYSTEM, str(item["id"])),
        name="prediction",
        kind="prediction",
        start_ns=at_ns,
        end_ns=at_ns,
        content={
            semconv.INPUT: example.inputs,
            semconv.OUTPUT: output_of_sample(sample),
            semconv.EXPECTED: example.expected,
        },
        metadata={
            **example.metadata,
            "openai.output_item_id": item["id"],
            "openai.datasource_item_id": item.get("datasource_item_id"),
        },
        error=_error_of(item, sample),
    )


def _call(root: ImportedSpan, sample: Record) -> Iterator[ImportedSpan]:
    """Yield the model call of a sample, if there was one."""
    said = sample.get("output")
    if not sample.get("input") and not said:
        return
    response = response_of(
        said if isinstance(said, list) else [],
        usage=_usage(sample),
        finish_reason=sample.get("finish_reason"),
    )
    request = {
        key: sample.get(key) for key in ("model", "temperature", "top_p", "seed")
    }
    request = {key: value for key, value in request.items() if value is not None}
    yield chat_span(
        trace_id=root.trace_id,
        span_id=span_id_of(SYSTEM, f"{root.span_id}/sample"),
        parent_span_id=root.span_id,
        start_ns=root.start_ns,
        end_ns=root.end_ns,
        request={**request, "messages": sample.get("input") or []},
        response=response,
        error=root.error,
    )


def _usage(sample: Record) -> Record:
    """Return a sample's usage with cached tokens where a completion has them."""
    usage = mapping_of(sample.get("usage"))
    if (cached := usage.get("cached_tokens")) is not None:
        usage.setdefault("prompt_tokens_details", {"cached_tokens": cached})
    return usage


def _scores(result: Any, *, place: str, found: Found) -> Iterator[ImportedScore]:
    if not isinstance(result, Mapping) or not result.get("name"):
        found.unread.append(Unread(place, f"a result without a name: {result}"))
        return
    name, kind = str(result["name"]), str(result.get("type") or "")
    value, passed = result.get("score"), result.get("passed")
    if isinstance(passed, bool) and value in (None, float(passed)):
        value = passed
    if not isinstance(value, bool | int | float):
        found.unread.append(Unread(place, f"the result {name!r} has no score"))
        return
    more = {} if passed is None or isinstance(value, bool) else {"passed": passed}
    yield ImportedScore(
        name=_UUID_AT_END.sub("", name),
        value=value,
        source="model" if kind.startswith(_JUDGES) else "code",
        author=kind or None,
        metadata={**more, "openai.grader": name},
    )


def _error_of(item: Record, sample: Record) -> str | None:
    error = sample.get("error")
    if isinstance(error, Mapping) and (error.get("message") or error.get("code")):
        return str(error.get("message") or error["code"])
    return None if item.get("status") != "error" else "the item failed"


def _model_of(items: list[tuple[str, Record]]) -> str:
    samples = (mapping_of(one.get("sample")) for _, one in items)
    return next((str(one["model"]) for one in samples if one.get("model")), "")


def _facts(run: Record, eval_id: str) -> dict[str, Any]:
    own = run.get("metadata")
    facts = {"openai.eval_id": eval_id, "openai.report_url": run.get("report_url")}
    own = own if isinstance(own, Mapping) else {}
    return {key: v for key, v in {**facts, **own}.items() if v is not None}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
