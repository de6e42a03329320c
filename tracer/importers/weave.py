"""Weave: calls, as its API lists them, with evaluations among them.

Read: JSON lines of ``POST /calls/stream_query`` (or pages, or
``[call.to_dict() for call in client.get_calls()]``). Source: the call schema of Weave's
documentation, and what its client sends.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from tracer import semconv
from tracer.evaluation._datasets.files import FilePath
from tracer.evaluation._rows import Example, read_row
from tracer.importers._examples import Trials, add_dataset
from tracer.importers._found import (
    Found,
    ImportedPrediction,
    ImportedRun,
    ImportedScore,
    ImportedSpan,
    Unread,
)
from tracer.importers._ids import trace_id_of
from tracer.importers._records import Record, records
from tracer.importers._scoring import scores_of
from tracer.importers._times import time_ns
from tracer.importers._weave_calls import SYSTEM, failure_of, name_of_ref, span_of
from tracer.importers._weave_tree import Tree, began, mapping, op_of

EVALUATE: Final = "Evaluation.evaluate"
PREDICT: Final = "Evaluation.predict_and_score"


def read(paths: Iterable[FilePath]) -> Found:
    """Return evaluations as runs, and every other trace as it is.

    A run's id is that of its ``Evaluation.evaluate`` call; a prediction's trace id that
    of its ``predict_and_score`` call, a UUID; plain traces keep theirs. An example's id
    is the digest of its row where the call refers to one, else a hash of the row.

    Args:
        paths: Files of calls; they are read together.
    """
    found, calls = Found(system=SYSTEM), dict[str, Record]()
    for path in paths:
        for place, record in records(path, found):
            if "op_name" in record and record.get("id") and time_ns(began(record)):
                calls[str(record["id"])] = record
                _tell_feedback(record, found)
            else:
                why = f"no call, or one without a time: {sorted(record)[:6]}"
                found.unread.append(Unread(place, why))
    tree = Tree(calls)
    taken: set[str] = set()
    for call in tree.of_op(EVALUATE):
        taken.update(str(one["id"]) for one in tree.below(call))
        taken.add(str(call["id"]))
        found.runs.append(_run(call, tree, found))
    for id, call in calls.items():
        if id in taken:
            continue
        if op_of(call) == PREDICT:
            why = "its Evaluation.evaluate call is not in the files; kept as a trace"
            found.unread.append(Unread(f"call {id}", why))
        with found.reading(f"call {id}"):
            trace_id = trace_id_of(SYSTEM, str(call["trace_id"]))
            above = call.get("parent_id")
            found.spans.append(span_of(call, trace_id, above=above, tree=tree))
    return found


def _tell_feedback(call: Record, found: Found) -> None:
    """Note the reactions and notes of a call, which are not read."""
    said = mapping(mapping(call.get("summary")).get("weave")).get("feedback")
    if isinstance(said, list) and said:
        why = f"its feedback is not taken over ({len(said)}); all else of it is"
        found.unread.append(Unread(f"call {call['id']}", why))


def _run(call: Record, tree: Tree, found: Found) -> ImportedRun:
    predictions, examples = _predictions(call, tree, found)
    inputs = mapping(call.get("inputs"))
    about = mapping(inputs.get("self"))
    name = str(about.get("name") or name_of_ref(inputs.get("self")) or "Evaluation")
    named = name_of_ref(about.get("dataset")) or f"{name}-dataset"
    dataset = add_dataset(found, named, examples)
    start_ns = time_ns(began(call)) or 0
    failed = call.get("exception")
    return ImportedRun(
        id=str(call["id"]),
        name=name,
        display_name=str(call.get("display_name") or name),
        model=_model(inputs.get("model")),
        dataset=dataset.name,
        dataset_version=dataset.version,
        start_ns=start_ns,
        end_ns=time_ns(call.get("ended_at")) or start_ns,
        status="failed" if failed else "done" if call.get("ended_at") else "incomplete",
        error=str(failed or ""),
        metadata=_facts(call),
        predictions=tuple(predictions),
    )


def _predictions(
    call: Record, tree: Tree, found: Found
) -> tuple[list[ImportedPrediction], list[Example]]:
    """Return the predictions of an evaluation, in time's order, and their examples."""
    examples: list[Example] = []
    predictions: list[ImportedPrediction] = []
    trials = Trials()
    for one in tree.children(call):
        if op_of(one) != PREDICT:
            continue
        try:
            example = _example(one, tree)
        except ValueError as error:
            found.unread.append(Unread(f"call {one['id']}", str(error)))
            continue
        if all(name_of_ref(value) for value in example.inputs.values()):
            why = "its inputs are references; export with expand_columns for the rows"
            found.unread.append(Unread(f"call {one['id']}", why))
        examples.append(example)
        trial = trials.next(example.id)
        predictions.append(_prediction(one, example, trial, tree, found))
    return predictions, examples


def _facts(call: Record) -> dict[str, Any]:
    given = {
        key: value
        for key, value in mapping(call.get("attributes")).items()
        if key != "weave" and not key.startswith("_")
    }
    given.update(mapping(given.pop("eval_attributes", None)))
    summary = call.get("output")
    more = {"summary": summary} if summary is not None else {}
    return {**given, **more, "weave.trace_id": call.get("trace_id")}


def _example(call: Record, tree: Tree) -> Example:
    """Return the example of a predict_and_score call: a row, or a reference to one."""
    given = mapping(call.get("inputs")).get("example")
    if isinstance(given, Mapping) and given:
        row = {key: v for key, v in given.items() if not key.startswith("_")}
        if digest := name_of_ref(given.get("_ref")):
            row.setdefault("id", digest)
        source = {"system": SYSTEM, "id": str(call["id"])}
        return read_row({"source": source, **row}, number=0)
    if not isinstance(given, str):
        raise ValueError(f"predict_and_score was given no example: {given!r}")
    for one in tree.children(call):
        asked = mapping(one.get("inputs"))
        inputs = {k: v for k, v in asked.items() if k != "self"}
        inputs.update(mapping(inputs.pop("inputs", None)))
        if inputs:
            id = name_of_ref(given) or given
            source = {"system": SYSTEM, "id": given}
            return Example(id=id, inputs=inputs, source=source)
    raise ValueError(f"nobody knows what {given} says; export with expanded references")


def _prediction(
    call: Record, example: Example, trial: int, tree: Tree, found: Found
) -> ImportedPrediction:
    """Return the prediction; where a scorer raised, Weave lost the whole row.

    What the model answered stands in its own call still, and is taken from there.
    """
    trace_id = trace_id_of(SYSTEM, str(call["id"]))
    answered = mapping(call.get("output"))
    named = mapping(answered.get("scores"))
    children = tree.children(call)
    scorers = {str(one["id"]): one for one in children if _is_scorer(one, named)}
    model = next((one for one in children if str(one["id"]) not in scorers), call)
    return ImportedPrediction(
        example_id=example.id,
        trial=trial,
        root=_root(call, model, example, trace_id, tree),
        below=tuple(
            span_of(
                one,
                trace_id,
                above=one.get("parent_id"),
                tree=tree,
                kind="evaluator" if str(one["id"]) in scorers else None,
            )
            for one in tree.below(call)
        ),
        scores=tuple(_scores(call, scorers.values(), found)),
    )


def _scores(
    call: Record, scorers: Iterable[Record], found: Found
) -> Iterator[ImportedScore]:
    """Yield what a prediction scored, and the scorers that failed."""
    named = mapping(mapping(call.get("output")).get("scores"))
    for name, value in named.items():
        yield from scores_of(name, value, found=found, place=f"call {call['id']}")
    for one in scorers:
        name = op_of(one).removesuffix(".score")
        if name in named:
            continue
        if one.get("exception"):
            said = str(one["exception"])
            yield ImportedScore(name=name, error="_OTHER", explanation=said)
        elif not named:  # the row was lost by another scorer
            yield from scores_of(
                name, one.get("output"), found=found, place=f"call {one['id']}"
            )


def _root(
    call: Record, model: Record, example: Example, trace_id: str, tree: Tree
) -> ImportedSpan:
    """Return the prediction's own span, as long as the model took."""
    answered = mapping(call.get("output"))
    output = answered.get("output", answered.get("model_output"))
    own = span_of(call, trace_id, above=None, tree=tree)
    return ImportedSpan(
        trace_id=trace_id,
        span_id=own.span_id,
        name="prediction",
        kind="prediction",
        start_ns=own.start_ns,
        end_ns=time_ns(model.get("ended_at")) or own.end_ns,
        content={
            semconv.INPUT: example.inputs,
            semconv.OUTPUT: model.get("output")
            if output is None and model is not call
            else output,
            semconv.EXPECTED: example.expected,
        },
        metadata={**example.metadata, "weave.call_id": call["id"]},
        error=failure_of(model),
    )


def _is_scorer(call: Record, names: Mapping[str, Any]) -> bool:
    """Return whether a child of a prediction scores: by its name, or what it is asked.

    A model is given the row's columns; a scorer of Weave also the ``output``.
    """
    op = op_of(call)
    if op.endswith(".score") or op in names or op.partition(".")[0] in names:
        return True
    return not op.endswith(".predict") and "output" in mapping(call.get("inputs"))


def _model(model: Any) -> str:
    about = mapping(model)
    named = about.get("name") or about.get("_class_name") or about.get("_type")
    return str(named or name_of_ref(model) or "")
