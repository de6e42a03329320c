"""What a run is, read from whatever a person said of it."""

from collections.abc import Mapping
from typing import Any

from tracer.evaluation._bulk import rows_of
from tracer.evaluation.dataset import Dataset


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
