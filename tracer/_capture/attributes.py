"""What users say of a span, as OpenTelemetry's attributes."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.util.types import AttributeValue

from tracer import _runtime, semconv
from tracer._values.encoding import attribute_value
from tracer._values.text import clean_text


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
    redactor, most = _runtime.state.redactor, _runtime.state.settings.max_value_bytes
    return {
        semconv.METADATA_PREFIX + redactor.label(clean_text(str(key))): (
            redactor.attribute(str(key), attribute_value(value, max_bytes=most))
        )
        for key, value in metadata.items()
    }


def given_attributes(
    attributes: Mapping[str, AttributeValue],
) -> dict[str, AttributeValue]:
    """Return attributes as an app gives them, able to travel, secrets taken out."""
    redactor = _runtime.state.redactor
    return {
        redactor.label(clean_text(key)): redactor.attribute(
            key, clean_text(value) if isinstance(value, str) else value
        )
        for key, value in attributes.items()
    }


def told_before(
    attributes: Mapping[str, AttributeValue],
) -> Mapping[str, AttributeValue]:
    """Return tags and metadata as the rules of now want them, the rest as it is."""
    redactor = _runtime.state.redactor
    if not redactor.has_rules:
        return attributes
    said = {}
    for key, value in attributes.items():
        if key.startswith(semconv.METADATA_PREFIX):
            name = key.removeprefix(semconv.METADATA_PREFIX)
            key = semconv.METADATA_PREFIX + redactor.label(name)
            value = redactor.attribute(name, value)
        elif key == semconv.TAGS:
            value = redactor.attribute(key, value)
        said[key] = value
    return said


def unique_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Return tags in their order, each once; one text alone is one tag."""
    given = (tags,) if isinstance(tags, str) else tags
    label = _runtime.state.redactor.label
    return tuple(dict.fromkeys(label(clean_text(str(tag))) for tag in given))


_NAME_OF_KIND = {"tool": semconv.TOOL_NAME, "agent": semconv.AGENT_NAME}
