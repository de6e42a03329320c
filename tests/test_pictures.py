"""The pictures of the pages are those that the script draws now."""

from xml.etree import ElementTree

import pytest

from scripts.pictures.__main__ import IMAGES, PICTURES


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_its_script_draws_it(name: str) -> None:
    drawn = PICTURES[name]()
    assert (IMAGES / f"{name}.svg").read_text("utf-8") == drawn, (
        "write them anew: python -m scripts.pictures"
    )
    assert "prefers-color-scheme:dark" in drawn
    ElementTree.fromstring(drawn)
