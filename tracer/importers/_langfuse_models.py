"""What Langfuse knows of a model call: tokens, cost, settings, first token."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeGuard

from tracer import semconv
from tracer._openai.settings import request_settings
from tracer._values.json_text import value_of
from tracer.importers._records import Record, mapping_of, text_of
from tracer.importers._times import time_ns

_CACHED: Final = ("input_cached_tokens", "input_cache_read", "cache_read_input_tokens")

TOKENS: Final[dict[str, tuple[str, ...]]] = {
    semconv.USAGE_INPUT_TOKENS: (
        *("prompt_tokens", "input_tokens", "input", *_CACHED),
        *("cache_creation_input_tokens", "input_cache_creation"),
        *("input_audio_tokens", "input_text_tokens", "input_image_tokens"),
    ),
    semconv.USAGE_OUTPUT_TOKENS: (
        *("completion_tokens", "output_tokens", "output"),
        *("output_reasoning_tokens", "output_reasoning", "output_audio_tokens"),
        *("output_text_tokens", "output_accepted_prediction_tokens"),
        "output_rejected_prediction_tokens",
    ),
    semconv.USAGE_CACHE_READ_INPUT_TOKENS: ("cached_tokens", *_CACHED),
}
"""Langfuse's names that add up to each of ours; it counts every token once. The
collector adds the same of what its SDK sends."""

_PARTS: Final[dict[str, tuple[str, ...]]] = {
    semconv.USAGE_CACHE_WRITE_INPUT_TOKENS: (
        *("cache_creation_input_tokens", "input_cache_creation"),
    ),
    semconv.USAGE_REASONING_OUTPUT_TOKENS: (
        *("output_reasoning_tokens", "output_reasoning"),
    ),
}
"""Names that have an attribute of their own beside the sum they are in."""

_COUNTED: Final = frozenset(
    {name for names in (TOKENS | _PARTS).values() for name in names}
    | {"total", "total_tokens", "unit", "inputCost", "outputCost", "totalCost"}
)


def of_model(one: Record, start_ns: int) -> dict[str, Any]:
    """Return model, tokens, cost, settings and prompt of an observation."""
    usage = _usage(one)
    return {
        **_settings(one)[0],
        semconv.REQUEST_MODEL: one.get("model") or one.get("providedModelName"),
        **{
            key: int(_sum(usage, names) or 0) or None
            for key, names in (TOKENS | _PARTS).items()
        },
        semconv.USAGE_COST: _cost(one),
        semconv.RESPONSE_TIME_TO_FIRST_CHUNK: _to_first_token_s(one, start_ns),
        semconv.PROMPT_NAME: one.get("promptName"),
        semconv.PROMPT_VERSION: text_of(one.get("promptVersion")),
    }


def told_of(one: Record) -> dict[str, Any]:
    """Return what has no attribute of ours, as metadata: version, level, the rest."""
    level, said = one.get("level"), one.get("statusMessage")
    others = {k: n for k, n in _usage(one).items() if n and k not in _COUNTED}
    of_trace = None if one.get("parentObservationId") else one.get("traceName")
    told = {
        "langfuse.trace_name": None if of_trace == one.get("name") else of_trace,
        "langfuse.version": one.get("version"),
        "langfuse.level": None if level in ("DEFAULT", "ERROR") else level,
        "langfuse.status_message": None if level == "ERROR" else said,
        "langfuse.model_parameters": _settings(one)[1] or None,
        "langfuse.usage_details": others or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _usage(one: Record) -> Record:
    return mapping_of(one.get("usageDetails")) or mapping_of(one.get("usage"))


def _settings(one: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings that have an attribute of ours, and those that have none."""
    given = one.get("modelParameters")
    known: dict[str, Any] = {}
    others: dict[str, Any] = {}
    named = mapping_of(value_of(given) if isinstance(given, str) else given)
    for name, value in named.items():
        if found := request_settings({name: value}):
            known.update(found)
        elif value is not None:
            others[name] = value
    return known, others


def _cost(one: Record) -> float | None:
    """Return the cost in USD that Langfuse reckoned or was given; None if unknown.

    Its total is 0 as well where it knows no price; then there are no details.
    """
    costs = mapping_of(one.get("costDetails"))
    totals = (one.get("calculatedTotalCost"), one.get("totalCost"), costs.get("total"))
    known = [float(total) for total in totals if _is_number(total)]
    if any(known):
        return next(total for total in known if total)
    names = (*TOKENS[semconv.USAGE_INPUT_TOKENS], *TOKENS[semconv.USAGE_OUTPUT_TOKENS])
    return _sum(costs, ("total",)) or _sum(costs, names) or (0.0 if costs else None)


def _sum(numbers: Mapping[str, Any], names: Iterable[str]) -> float | None:
    told = [numbers[name] for name in names if _is_number(numbers.get(name))]
    return float(sum(told)) if told else None


def _to_first_token_s(one: Record, start_ns: int) -> float | None:
    at_ns = time_ns(one.get("completionStartTime"))
    if at_ns is not None and at_ns >= start_ns:
        return (at_ns - start_ns) / 1e9
    said_s = one.get("timeToFirstToken")
    return float(said_s) if _is_number(said_s) else None


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
