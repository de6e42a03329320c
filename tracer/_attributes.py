"""What users say of a span, as OpenTelemetry's attributes."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._text import clean_text
from tracer._values import attribute_value


def kind_attributes(kind: str, name: str) -> dict[str, AttributeValue]:
    """Return the attributes that say what kind of operation a span is."""
    if kind == "span":
        return {}
    operation = semconv.OPERATION_OF_KIND.get(kind)
    if operation is None:
        return {semconv.KIND: kind}
    named = _NAME_OF_KIND.get(kind)
    said: dict[str, AttributeValue] = {semconv.OPERATION_NAME: operation}
    return said | {named: clean_text(name)} if named else said


def metadata_attributes(metadata: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """Return metadata as attributes, one a key, secrets taken out."""
    state = _runtime.state
    return {
        semconv.METADATA_PREFIX + clean_text(str(key)): (
            state.redactor.metadata(
                str(key),
                attribute_value(value, max_bytes=state.settings.max_value_bytes),
            )
        )
        for key, value in metadata.items()
    }


def unique_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Return tags in their order, each once; one text alone is one tag."""
    given = (tags,) if isinstance(tags, str) else tags
    return tuple(dict.fromkeys(clean_text(str(tag)) for tag in given))


_NAME_OF_KIND = {"tool": semconv.TOOL_NAME, "agent": semconv.AGENT_NAME}
