"""What jobs of each kind may ask for, looked at before they are stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from collector.api.refusals import Refusal
from collector.storage.conditions import are_conditions

MOST_TRIALS: Final = 100
MOST_TRACES: Final = 10_000
ORIGINS: Final = ("production", "evaluation", "all")


@dataclass(frozen=True, slots=True)
class Fits:
    """What a value must be."""

    check: Callable[[Any], bool]
    """Whether a value is that."""

    hint: str
    """What to give instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job of one kind asks for."""

    params: Mapping[str, Fits]
    """Every parameter that it may have; null stands for absent."""

    needed: frozenset[str] = field(default_factory=frozenset)
    """Those that it must have."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any, most: int | None = None) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and value >= 1 and (most is None or value <= most)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(_is_text(one) for one in value)


def _are_metrics(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str | Mapping) for one in value
    )


TEXT: Final = Fits(_is_text, "give a text that is not empty")
FLAG: Final = Fits(lambda value: isinstance(value, bool), "give true or false")
OBJECT: Final = Fits(lambda value: isinstance(value, Mapping), "give an object")
AMOUNT: Final = Fits(lambda value: _is_number(value) and value >= 0, "give US dollars")
COUNT: Final = Fits(_is_count, "give a whole number, 1 or more")
TEXTS: Final = Fits(_are_texts, "give a list of texts")
TIME: Final = Fits(
    lambda value: _is_text(value) or _is_count(value),
    "give ISO 8601, an age like 7d, or nanoseconds since 1970",
)

_GRADING: Final[Mapping[str, Fits]] = {
    "metrics": Fits(_are_metrics, "give a list of names, or of objects with `metric`"),
    "judges": Fits(_are_texts, "give a list of ids of stored judges"),
    "spending_limit_usd": AMOUNT,
}
_ROWS: Final[Mapping[str, Fits]] = {
    "dataset": TEXT,
    "version": TEXT,
    "split": TEXT,
    "limit": COUNT,
    "resume": TEXT,
}
KINDS: Final[Mapping[str, Asked]] = {
    "score_dataset": Asked({**_ROWS, **_GRADING}, frozenset({"dataset"})),
    "score_traces": Asked(
        {
            **_GRADING,
            "where": Fits(
                are_conditions, 'give a list of ["field", "op", value], as lists take'
            ),
            "since": TIME,
            "until": TIME,
            "origin": Fits(ORIGINS.__contains__, f"use one of {', '.join(ORIGINS)}"),
            "trace_ids": TEXTS,
            "limit": Fits(
                lambda value: _is_count(value, MOST_TRACES),
                f"give a whole number, 1 to {MOST_TRACES}",
            ),
            "again": FLAG,
        }
    ),
    "run_model": Asked(
        {
            **_ROWS,
            **_GRADING,
            "model": TEXT,
            "prompt": TEXT,
            "system": TEXT,
            "temperature": Fits(
                lambda value: _is_number(value) and 0 <= value <= 2, "give 0 to 2"
            ),
            "max_output_tokens": COUNT,
            "trials": Fits(
                lambda value: _is_count(value, MOST_TRIALS),
                f"give a whole number, 1 to {MOST_TRIALS}",
            ),
            "concurrency": COUNT,
            "name": TEXT,
        },
        frozenset({"dataset", "model", "prompt"}),
    ),
    "ask_judge": Asked(
        {
            "judge": TEXT,
            "definition": OBJECT,
            "columns": OBJECT,
            "output": Fits(lambda value: True, ""),
            "spending_limit_usd": AMOUNT,
        },
        frozenset({"columns"}),
    ),
}
"""Kinds that workers of this version do; others pass as they are."""


def check_params(kind: str, params: Mapping[str, Any]) -> None:
    """Look at the parameters of a job; of a kind that is not known here at none.

    Raises:
        Refusal: 422 `bad_job`: one is missing, unknown, or not what it must be.
    """
    asked = KINDS.get(kind)
    if asked is None:
        return
    given = {name: value for name, value in params.items() if value is not None}
    missing = sorted(asked.needed - given.keys())
    unknown = sorted(params.keys() - asked.params.keys())
    if missing or unknown:
        said = f"lacks {missing}" if missing else f"does not know {unknown}"
        raise Refusal(
            422,
            "bad_job",
            f"a job of kind {kind!r} {said} among its params",
            hint=f"its params are {', '.join(sorted(asked.params))}",
        )
    for name, value in given.items():
        fits = asked.params[name]
        if not fits.check(value):
            shown = repr(value)[:80]
            message = f"params.{name} {shown} does not fit a job of kind {kind!r}"
            raise Refusal(422, "bad_job", message, hint=fits.hint)
