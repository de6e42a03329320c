"""Attributes put on a span of the SDK without its second look at each of them.

The SDK asks abstract classes what every value is, copies twice and takes two locks: a
third of what a span of a model call costs. Ours have plain values, which is seen faster
here. Where the SDK may do otherwise than we know, it is asked as ever.
"""

from collections.abc import Mapping
from typing import Any, Final

from opentelemetry import trace as otel
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.context import Context
from opentelemetry.util.types import AttributeValue

from tracer import semconv
from tracer._values.text import clean_text

_SCALARS: Final = frozenset({bool, int, float})
_TEXT: Final = frozenset({str})
_IS_KNOWN: Final = {"_dict", "_immutable", "maxlen", "max_value_len"} <= vars(
    BoundedAttributes()
).keys()
"""Whether the SDK keeps attributes as 1.40 to 1.45 do."""


def started(
    tracer: otel.Tracer,
    name: str,
    context: Context | None,
    kind: otel.SpanKind,
    attributes: Mapping[str, AttributeValue],
    start_time_ns: int | None,
) -> otel.Span:
    """Return a begun span; whoever looks at it as it begins sees its attributes."""
    if semconv.TAGS not in attributes and _is_unseen(tracer):
        span = tracer.start_span(name, context, kind, start_time=start_time_ns)
        store(span, attributes)
        return span
    return tracer.start_span(name, context, kind, attributes, start_time=start_time_ns)


def store(span: otel.Span, attributes: Mapping[str, AttributeValue]) -> None:
    """Set attributes; a span that has ended, or records nothing, stays as it is."""
    held = getattr(span, "_attributes", None)
    plain = _plain(attributes)
    if (
        plain is not None
        and _IS_KNOWN
        and type(held) is BoundedAttributes
        and not held._immutable
        and held.max_value_len is None
        and (held.maxlen is None or len(held._dict) + len(plain) <= held.maxlen)
    ):
        held._dict.update(plain)
    else:
        span.set_attributes(attributes)


def _plain(attributes: Mapping[str, AttributeValue]) -> dict[str, Any] | None:
    """Return attributes as the SDK keeps them; None if it has to look at them."""
    plain: dict[str, Any] = {}
    for key, value in attributes.items():
        if not key or type(key) is not str:
            return None
        if type(value) is str:
            plain[key] = value if value.isascii() else clean_text(value)
        elif type(value) in _SCALARS:
            plain[key] = value
        elif isinstance(value, (list, tuple)) and set(map(type, value)) <= _TEXT:
            plain[key] = tuple(map(clean_text, value))
        else:
            return None
    return plain


def _is_unseen(tracer: Any) -> bool:
    """Return whether only our own, who need none of them, see a span begin."""
    try:
        told = tracer.span_processor._span_processors
        return len(told) == 1 and not (
            told[0].needs_attributes or tracer.sampler.needs_attributes
        )
    except AttributeError:  # others do not say
        return False
