"""What a scorer answered, as the log record that travels."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tracer._capture.scores import score_record
from tracer.evaluation._outcomes import Outcome

if TYPE_CHECKING:
    from tracer._delivery import LogRecord


def outcome_record(
    name: str,
    outcome: Outcome,
    *,
    metadata: Mapping[str, Any] | None = None,
    **said: Any,
) -> "LogRecord":
    """Return one score of something as a record.

    Args:
        name: Name of the score.
        outcome: What the scorer answered, or how it failed.
        metadata: Facts about the judgement; what the outcome says itself wins.
        said: Of what it is and by whom, as for `score_record`; an ``explanation``
            among it wins over the outcome's own.
    """
    explanation = said.pop("explanation", None) or outcome.detail
    return score_record(
        name,
        outcome.value,
        label=outcome.label,
        explanation=explanation,
        error=outcome.error,
        repeat=outcome.repeat,
        scale=outcome.scale,
        metadata={**(metadata or {}), **(outcome.metadata or {})},
        **said,
    )
