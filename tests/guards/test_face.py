"""What an application sees of `tracer`: few names, all explained."""

import inspect
from pathlib import Path

import pytest

import tracer

HOUSE = Path(__file__).parents[2]


def test_the_face_is_sorted_and_small() -> None:
    assert list(tracer.__all__) == sorted(tracer.__all__)
    assert len(tracer.__all__) <= 20


def test_the_face_has_every_public_name_and_no_other() -> None:
    promised = set(tracer.__all__)
    shown = {
        name
        for name in dir(tracer)
        if not name.startswith("_") and not inspect.ismodule(getattr(tracer, name))
    }
    assert shown - {"TYPE_CHECKING"} == promised


def test_a_name_that_the_face_has_not_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'tracer' has no attribute 'Traces'"):
        getattr(tracer, "Traces")  # noqa: B009  the type checker knows it too


def test_every_name_of_the_face_explains_itself() -> None:
    silent = [
        name
        for name in tracer.__all__
        if not name.startswith("_") and not inspect.getdoc(getattr(tracer, name))
    ]
    assert silent == []


def test_every_name_of_the_face_is_in_the_documentation() -> None:
    pages = [HOUSE / "README.md", *(HOUSE / "docs").glob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    assert [name for name in tracer.__all__ if name not in text] == []
