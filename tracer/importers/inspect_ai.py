"""Logs of inspect-ai: ``.json``, and ``.eval``, which is a zip of JSON files.

Source: the log format of inspect-ai ("Eval Logs" in its documentation); the recorded
files in the tests are written by the package itself.
"""

import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Final

import orjson

from tracer import semconv
from tracer.evaluation._datasets.files import FilePath, file_name, read_bytes
from tracer.evaluation._rows import Example
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
from tracer.importers._records import Record, facts_of, files_below, mapping_of, text_of
from tracer.importers._scoring import scores_of
from tracer.importers._times import time_ns

SYSTEM: Final = "inspect-ai"

_STATUS: Final = {"success": "done", "error": "failed"}
_GRADES: Final = {"C": True, "I": False, "N": False}
_PARTIAL: Final = {"C": 1.0, "I": 0.0, "N": 0.0, "P": 0.5}
"""Inspect's own letters: correct, incorrect, no answer, partial."""


def read(paths: Iterable[FilePath]) -> Found:
    """Return the runs of logs: sample ids and epochs become examples and trials.

    A run's id is the log's ``eval_id``. Letters become yes/no (C, I, N), or 1, 0, 0 and
    ½ where a scorer gave P too.

    Args:
        paths: Logs, or folders of logs.
    """
    found = Found(system=SYSTEM)
    for given in paths:
        for path in files_below(given, ".json", ".eval"):
            try:
                log = _log(path, found)
            except ValueError as error:
                found.unread.append(Unread(file_name(path), str(error)))
                continue
            with found.reading(file_name(path)):
                _read_log(log, file_name(path), found)
    return found


def _log(path: FilePath, found: Found) -> Record:
    data = read_bytes(path)
    if not data.startswith(b"PK"):
        whole = orjson.loads(data)
        if not isinstance(whole, dict) or not isinstance(whole.get("eval"), dict):
            raise ValueError("no log of inspect-ai: it has no 'eval'")
        return whole
    zipfile = _zipfile()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            names = files.namelist()
            # a log that was cut off has no header yet
            header = "header.json" if "header.json" in names else "_journal/start.json"
            log: Record = orjson.loads(files.read(header))
            log["samples"] = list(_zipped_samples(files, file_name(path), found))
    except (zipfile.BadZipFile, zlib.error, LookupError, TypeError) as error:
        raise ValueError(f"no whole .eval file: {error}") from None
    except NotImplementedError:
        raise ValueError(
            "compressed with Zstandard, which this Python cannot read: "
            "pip install backports.zstd"
        ) from None
    return log


def _zipfile() -> Any:
    """Return the zipfile module that reads Zstandard, as Python's does since 3.14."""
    try:
        return import_module("backports.zstd.zipfile")
    except ModuleNotFoundError:
        return import_module("zipfile")


def _zipped_samples(files: Any, log: str, found: Found) -> Iterator[Any]:
    for name in files.namelist():
        if name.startswith("samples/") and name.endswith(".json"):
            try:
                yield orjson.loads(files.read(name))
            except orjson.JSONDecodeError as error:
                found.unread.append(Unread(f"{log}/{name}", f"not JSON: {error}"))


def _read_log(log: Record, place: str, found: Found) -> None:
    spec, stats = log["eval"], mapping_of(log.get("stats"))
    start_ns = time_ns(stats.get("started_at")) or time_ns(spec.get("created")) or 0
    run_id = str(spec.get("eval_id") or spec.get("run_id") or place)
    predictions, examples = _predictions(log, run_id, start_ns, place, found)
    if not predictions:
        found.unread.append(Unread(place, "a log without samples"))
    about = mapping_of(spec.get("dataset"))
    dataset = add_dataset(found, str(about.get("name") or spec.get("task")), examples)
    ended_ns = max((one.root.end_ns for one in predictions), default=start_ns)
    found.runs.append(
        ImportedRun(
            id=run_id,
            name=str(spec.get("task")),
            display_name=f"{spec.get('task')} {spec.get('model')}",
            model=str(spec.get("model") or ""),
            dataset=dataset.name,
            dataset_version=dataset.version,
            start_ns=start_ns,
            end_ns=time_ns(stats.get("completed_at")) or ended_ns,
            status=_STATUS.get(str(log.get("status")), "incomplete"),
            error=_message(log.get("error")) or "",
            metadata=_facts(spec, log),
            predictions=tuple(_with_one_scale(predictions)),
        )
    )


def _predictions(
    log: Record, run_id: str, start_ns: int, place: str, found: Found
) -> tuple[list[ImportedPrediction], list[Example]]:
    """Return the samples of a log as predictions, and their examples."""
    spec = log["eval"]
    predictions: list[ImportedPrediction] = []
    examples: list[Example] = []
    trials = Trials()
    for sample in log.get("samples") or ():
        said = mapping_of(sample)
        if trials.is_known(said.get("uuid")):
            continue
        name = f"{place}, sample {said.get('id')}, epoch {said.get('epoch')}"
        with found.reading(name):
            example = _example(said, spec)
            model = str(spec.get("model"))
            trial = trials.at(example.id, int(said.get("epoch") or 1) - 1)
            prediction = _prediction(
                run_id, said, example, trial, start_ns, model, name, found
            )
            examples.append(example)
            predictions.append(prediction)
    return predictions, examples


def _facts(spec: Record, log: Record) -> dict[str, Any]:
    own = facts_of(spec.get("metadata"))
    facts = {
        "inspect.run_id": spec.get("run_id"),
        "inspect.task_id": spec.get("task_id"),
        "inspect.task_version": spec.get("task_version"),
        "inspect.epochs": mapping_of(spec.get("config")).get("epochs"),
        "tags": log.get("tags") or spec.get("tags"),
    }
    return {key: v for key, v in {**facts, **own}.items() if v not in (None, [])}


def _example(sample: Record, spec: Record) -> Example:
    asked, choices = sample.get("input"), sample.get("choices")
    inputs: dict[str, Any] = {"input": asked}
    if choices:
        inputs["choices"] = choices
    id = str(sample["id"])
    return Example(
        id=id,
        inputs=inputs,
        expected=sample.get("target"),
        metadata=facts_of(sample.get("metadata")),
        source={"system": SYSTEM, "id": f"{spec.get('task')}/{id}"},
    )


def _prediction(
    run_id: str,
    sample: Record,
    example: Example,
    trial: int,
    start_ns: int,
    model: str,
    place: str,
    found: Found,
) -> ImportedPrediction:
    foreign = str(sample.get("uuid") or f"{run_id}/{example.id}/{trial + 1}")
    began_ns = time_ns(sample.get("started_at")) or start_ns
    took_ns = round(float(sample.get("total_time") or 0) * 1e9)
    output = sample.get("output") or {}
    root = ImportedSpan(
        trace_id=trace_id_of(SYSTEM, foreign),
        span_id=span_id_of(SYSTEM, foreign),
        name="prediction",
        kind="prediction",
        start_ns=began_ns,
        end_ns=time_ns(sample.get("completed_at")) or began_ns + took_ns,
        content={
            semconv.INPUT: example.inputs,
            semconv.OUTPUT: _completion(output),
            semconv.EXPECTED: example.expected,
        },
        metadata={**example.metadata, "inspect.sample_uuid": foreign},
        error=_message(sample.get("error")),
    )
    return ImportedPrediction(
        example_id=example.id,
        trial=trial,
        root=root,
        below=tuple(_call(root, sample, output, model)),
        scores=tuple(_scores(sample, place, found)),
    )


def _completion(output: Record) -> Any:
    if output.get("completion"):
        return output["completion"]
    choices = output.get("choices") or ()
    content = choices[0].get("message", {}).get("content") if choices else None
    return content or None


def _call(
    root: ImportedSpan, sample: Record, output: Record, model: str
) -> Iterator[ImportedSpan]:
    """Yield the model's last answer, as the sample has it beside its events."""
    provider, _, name = model.rpartition("/")
    choices = output.get("choices") or ()
    if not choices:
        return
    usage = output.get("usage") or {}
    messages = [one.get("message") or {} for one in choices]
    asked = [
        {"role": one.get("role"), "content": one.get("content")}
        for one in sample.get("messages") or ()
    ]
    yield chat_span(
        trace_id=root.trace_id,
        span_id=span_id_of(SYSTEM, f"{root.span_id}/output"),
        parent_span_id=root.span_id,
        start_ns=root.start_ns,
        end_ns=root.end_ns,
        request={"model": name, "messages": asked[:-1]},
        provider=provider.partition("/")[0] or "openai",
        response={"model": output.get("model")}
        | response_of(
            [{"role": "assistant", "content": one.get("content")} for one in messages],
            usage={k: v for k, v in usage.items() if isinstance(v, int)},
            finish_reason=choices[0].get("stop_reason"),
        ),
    )


def _scores(sample: Record, place: str, found: Found) -> Iterator[ImportedScore]:
    for name, score in (sample.get("scores") or {}).items():
        said = score if isinstance(score, Mapping) else {"value": score}
        value = said.get("value")
        if isinstance(value, str) and value in _PARTIAL:
            yield ImportedScore(
                name=name,
                label=value,
                explanation=text_of(said.get("explanation")),
                metadata=_of_score(said),
            )
            continue
        yield from scores_of(
            name,
            value,
            found=found,
            place=place,
            explanation=text_of(said.get("explanation")),
            metadata=_of_score(said),
        )


def _of_score(said: Mapping[str, Any]) -> dict[str, Any]:
    answer = said.get("answer")
    own = facts_of(said.get("metadata"))
    return own if answer is None else {"answer": answer, **own}


def _with_one_scale(
    predictions: Iterable[ImportedPrediction],
) -> Iterator[ImportedPrediction]:
    """Yield predictions whose letters are values, of one type for each scorer."""
    predictions = list(predictions)
    letters: dict[str, set[Any]] = {}
    for prediction in predictions:
        for score in prediction.scores:
            said = score.label if score.value is None else score.value
            letters.setdefault(score.name, set()).add(said)
    for one in predictions:
        scores = tuple(_graded(score, letters[score.name]) for score in one.scores)
        yield replace(one, scores=scores)


def _graded(score: ImportedScore, said: set[Any]) -> ImportedScore:
    values = graded(said)
    if score.value is not None or score.label not in values:
        return score
    return replace(score, value=values[score.label])


def graded(said: set[Any]) -> Mapping[Any, bool | float]:
    """Return the value of each letter, by all that a scorer said; empty if none are."""
    known = said - {None}
    if not known <= _PARTIAL.keys():
        return {}
    return _PARTIAL if "P" in known else _GRADES


def _message(error: Any) -> str | None:
    if isinstance(error, Mapping):
        return str(error.get("message") or error)
    return None if error is None else str(error)
