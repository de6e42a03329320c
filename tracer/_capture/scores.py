"""Judgements on a call, now or days later: a score is a log record."""

import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tracer import _runtime, _setup, semconv
from tracer._capture.attributes import metadata_attributes
from tracer._capture.spans import current_span
from tracer._guard import guarded, warn_once
from tracer._values.text import clean_text

if TYPE_CHECKING:
    from tracer._delivery.records import AttributeValue, LogRecord

_SCORING = guarded("record a score")


def score(
    name: str,
    value: bool | int | float | str | None = None,
    *,
    label: str | None = None,
    comment: str | None = None,
    explanation: str | None = None,
    trace_id: str | None = None,
    span_id: str | None = None,
    evaluation_id: str | None = None,
    example_id: str | None = None,
    trial: int | None = None,
    source: str = "user",
    author: str | None = None,
    repeat: int = 0,
    metadata: Mapping[str, Any] | None = None,
    scale: tuple[float, float] | None = None,
    deleted: bool = False,
) -> None:
    """Judge a call: the current one, or any other by its ids.

    The same target, name, source, author and repeat again is a new version of the same
    score. It is sent even where tracing is off, and never raises: a score without a
    target is logged once and counted.

    Args:
        name: What is judged: ``"helpful"``.
        value: True or False, a number, or a text, which is taken as the label.
        label: A word beside or instead of the value: ``"polite"``.
        comment: What the person said about it.
        explanation: Why; a comment is added to it.
        trace_id: The trace that is meant, 32 hexadecimal digits; None = the current.
        span_id: The span within it, 16 hexadecimal digits; None = the whole trace.
        evaluation_id: The run, with `example_id` and `trial`, in place of a span.
        example_id: The example within the run.
        trial: The repetition of the example, from 0.
        source: Who judges: ``code``, ``model``, ``human`` or ``user``.
        author: Which one: scorer and version, judge model, or person.
        repeat: Which judgement of the same author it is, from 0.
        metadata: Facts about the judgement.
        scale: The least and the most that a number can be: ``(1, 5)``. Intervals keep
            to it. One that is none is logged once and left out.
        deleted: Take the score back.
    """
    given = dict(locals())
    comment = given.pop("comment")
    given["explanation"] = "\n".join(filter(None, (explanation, comment))) or None
    with _SCORING:
        if trace_id is None and evaluation_id is None:
            current = current_span()
            given |= {
                "trace_id": current.trace_id,
                "span_id": span_id or current.span_id,
            }
        record = score_record(**given)
        if record.trace_id or evaluation_id is not None:
            offer(record)
            return
        warn_once(
            "score nothing",
            f"score {name!r} has no span to stand on; give trace_id, or call it "
            "within a traced call",
        )


def offer(record: "LogRecord") -> None:
    """Hand a record to delivery, which is set up from the environment if need be."""
    _setup.ensure_configured()
    delivery = _runtime.state.delivery
    if delivery is not None:
        delivery.offer_log(record)


def score_record(  # noqa: D417  the rest is explained at `score`
    name: str,
    value: Any = None,
    *,
    label: str | None = None,
    explanation: str | None = None,
    error: str | None = None,
    trace_id: str | None = None,
    span_id: str | None = None,
    evaluation_id: str | None = None,
    example_id: str | None = None,
    trial: int | None = None,
    source: str = "code",
    author: str | None = None,
    repeat: int = 0,
    metadata: Mapping[str, Any] | None = None,
    scale: tuple[float, float] | None = None,
    deleted: bool = False,
    time_ns: int | None = None,
) -> "LogRecord":
    """Return a score as the log record that travels.

    Args:
        error: Qualified name of the exception, where the scorer failed; no value then.
        time_ns: When it was judged, nanoseconds since 1970; None = now.

    The rest is as in `score`. A value that is not finite is an error, not a number.
    """
    given = dict(locals()) | {"repeat": repeat or None, "deleted": deleted or None}
    from tracer._delivery.records import LogRecord

    said, problem = _value_attributes(value, label)
    if problem is not None:
        given |= {"error": error or "ValueError", "explanation": explanation or problem}
    return LogRecord(
        event_name=semconv.EVENT_SCORE,
        time_ns=time.time_ns() if time_ns is None else time_ns,
        trace_id=_id(trace_id, digits=32),
        span_id=_id(span_id, digits=16),
        attributes={
            semconv.SCORE_NAME: _runtime.state.redactor.label(clean_text(name)),
            **said,
            **_given_attributes(given),
            **_scale_attribute(said, scale),
            **metadata_attributes(metadata or {}),
        },
    )


_ATTRIBUTE_OF: Final = {
    "source": semconv.SCORE_SOURCE,
    "author": semconv.SCORE_AUTHOR,
    "error": semconv.ERROR_TYPE,
    "evaluation_id": semconv.EVALUATION_ID,
    "example_id": semconv.EXAMPLE_ID,
    "trial": semconv.TRIAL,
    "repeat": semconv.SCORE_REPEAT,
    "deleted": semconv.SCORE_DELETED,
}
"""Under which name each argument of `score_record` travels, where it is given."""


def _value_attributes(
    value: Any, label: str | None
) -> tuple[dict[str, "AttributeValue"], str | None]:
    """Return value, type and label as attributes, and what is wrong with the value."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, str):
        value, label = None, value if label is None else label
    said: dict[str, AttributeValue] = {}
    if label is not None:
        label = _runtime.state.redactor.label(clean_text(label))
        said = {semconv.SCORE_LABEL: label, semconv.SCORE_TYPE: "label"}
    if value is None:
        return said, None
    if isinstance(value, bool):
        return said | _valued(float(value), "bool"), None
    number = float(value)
    if not math.isfinite(number):
        return said, f"the value was {number}, which is no number to count with"
    return said | _valued(number, "number"), None


def _valued(number: float, kind: str) -> dict[str, "AttributeValue"]:
    return {semconv.SCORE_VALUE: number, semconv.SCORE_TYPE: kind}


def _scale_attribute(
    said: Mapping[str, "AttributeValue"], scale: tuple[float, float] | None
) -> dict[str, "AttributeValue"]:
    """Return the scale of a number as attribute; yes/no and labels need none."""
    if scale is None or said.get(semconv.SCORE_TYPE) != "number":
        return {}
    low, high = map(float, scale)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        warn_once(
            "score scale",
            f"scale {scale!r} of a score is no (least, most); the score goes without",
        )
        return {}
    return {semconv.SCORE_SCALE: [low, high]}


def _given_attributes(given: Mapping[str, Any]) -> dict[str, "AttributeValue"]:
    """Return the arguments that are given under the names they travel by."""
    redactor = _runtime.state.redactor
    found: dict[str, AttributeValue] = {
        attribute: clean_text(value) if isinstance(value, str) else value
        for argument, attribute in _ATTRIBUTE_OF.items()
        if (value := given[argument]) is not None
    }
    if isinstance(author := found.get(semconv.SCORE_AUTHOR), str):
        found[semconv.SCORE_AUTHOR] = redactor.label(author)
    if given["explanation"] is not None:
        explanation = redactor.text_or_json(clean_text(given["explanation"]))
        found[semconv.SCORE_EXPLANATION] = explanation
    return found


def _id(digits_given: str | None, *, digits: int) -> int:
    """Return an id as a number; 0, which means none, for what is none."""
    if not digits_given:
        return 0
    try:
        number = int(digits_given, 16)
    except ValueError:
        number = -1
    if len(digits_given) != digits or number < 0:
        warn_once("read an id", f"id {digits_given!r} is not {digits} hex digits")
        return 0
    return number
