"""What an application sees of `tracer`: few names, all explained."""

import inspect
from pathlib import Path

import tracer

HOUSE = Path(__file__).parents[2]


def test_the_face_is_sorted_and_small() -> None:
    assert list(tracer.__all__) == sorted(tracer.__all__)
    assert len(tracer.__all__) <= 20


def test_the_face_has_every_public_name_and_no_other() -> None:
    promised = set(tracer.__all__)
    shown = {
        name
        for name, value in vars(tracer).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert shown - {"annotations"} == promised - {"__version__"}


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
