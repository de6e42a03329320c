"""What scorers of other systems answered, as our scores."""

from collections.abc import Iterator, Mapping
from typing import Any

from tracer.evaluation._outcomes import outcomes_of
from tracer.importers._found import Found, ImportedScore, Unread


def scores_of(
    name: str, value: Any, *, found: Found, place: str, **more: Any
) -> Iterator[ImportedScore]:
    """Yield scores of an answer: a mapping is one a key, ``name.key``.

    What is no score (a list, say) is left for people to see in `Found.unread`.

    Args:
        name: Name of the scorer.
        value: Bool, number, label, None, or a mapping of them.
        found: Takes what cannot be read.
        place: Where that is.
        more: Further fields of the scores.
    """
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from scores_of(
                f"{name}.{key}", part, found=found, place=place, **more
            )
        return
    try:
        outcomes = list(outcomes_of(name, value))
    except ValueError as error:
        found.unread.append(Unread(place, str(error)))
        return
    for own, outcome in outcomes:
        said = {"explanation": outcome.detail, **more}
        yield ImportedScore(
            name=own,
            value=outcome.value,
            label=outcome.label,
            error=outcome.error,
            **said,
        )
