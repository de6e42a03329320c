"""docs/attributes.md names everything that travels, and nothing that does not."""

import re
from pathlib import Path

from tracer import semconv

PAGE = (Path(__file__).parents[2] / "docs" / "attributes.md").read_text("utf-8")
PUBLIC = {name: value for name, value in vars(semconv).items() if name.isupper()}


def test_every_attribute_and_event_is_documented() -> None:
    names = {value for value in PUBLIC.values() if isinstance(value, str)}
    names = {f"{name}<key>" if name.endswith(".") else name for name in names}
    assert sorted(name for name in names if f"`{name}`" not in PAGE) == []


def test_every_value_of_a_closed_set_is_documented() -> None:
    values = {
        text
        for values in PUBLIC.values()
        if isinstance(values, tuple | dict)
        for text in values
    }
    assert sorted(text for text in values if f"`{text}`" not in PAGE) == []


def test_the_page_names_no_attribute_of_ours_that_does_not_exist() -> None:
    named = set(re.findall(r"`(tracer\.[a-z_.]+)`", PAGE))
    real = {value for value in PUBLIC.values() if isinstance(value, str)}
    assert sorted(named - real) == []
