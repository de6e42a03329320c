"""What a run is, read from whatever a person said of it."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any, Final

from tracer.evaluation._bulk import rows_of
from tracer.evaluation.dataset import Dataset

MOST_SECONDS: Final = 1e9
"""Thirty years: beyond, somebody wrote milliseconds, or a date."""


MOST_TRIALS: Final = 1 << 32
"""More than the collector has numbers for."""


def as_dataset(dataset: Any) -> Dataset | None:
    """Return a dataset of rows or a DataFrame; a text names one without rows."""
    if dataset is None or isinstance(dataset, Dataset):
        return dataset
    if isinstance(dataset, str):
        return Dataset((), name=dataset)
    return Dataset(rows_of(dataset))


def name_after(dataset: Dataset | None) -> str:
    """Return the name of an evaluation that was given none."""
    if dataset is None or not dataset.name:
        return "evaluation"
    return f"{dataset.name}-evaluation"


def facts_of(model: Any) -> dict[str, Any]:
    """Return what a mapping says about a model beside its name, as metadata."""
    if not isinstance(model, Mapping):
        return {}
    return {f"model.{key}": value for key, value in model.items() if key != "name"}


def trial_number(given: Any) -> int:
    """Return which trial is meant, from 0; tables may have it as 2.0.

    Raises:
        ValueError: It is no whole number, or none that a trial could have.
    """
    whole = isinstance(given, Integral) or (
        isinstance(given, float) and given.is_integer()
    )
    if not whole or not 0 <= int(given) < MOST_TRIALS:
        raise ValueError(
            f"trial_index={given!r} is no trial; give a whole number from 0, or leave "
            "it out to have the trials of an example counted"
        )
    return int(given)


def nanoseconds(duration_s: float) -> int:
    """Return a duration in nanoseconds.

    Raises:
        ValueError: It is negative, or no number of seconds.
    """
    number = isinstance(duration_s, int | float) and not isinstance(duration_s, bool)
    if not number or not 0 <= duration_s < MOST_SECONDS:
        raise ValueError(
            f"duration_s={duration_s!r} is no duration; give seconds, 0 or more, or "
            "leave it out where nobody knows"
        )
    return round(duration_s * 1e9)
