"""The catalogue has every sentence that the code asks for, and no other."""

import re
from pathlib import Path

from dashboard.texts import LANGUAGE, catalogue, section, text

DASHBOARD = Path(__file__).parents[2] / "dashboard"
QUOTED = re.compile(r'f?"([a-z_{}.\[\]\']+)"')
SECTION = re.compile(r'section\(\s*"([a-z_.]+)"')


def named() -> list[re.Pattern[str]]:
    """Return what the code may name: a whole key, or one with a part filled in."""
    code = [path.read_text("utf-8") for path in DASHBOARD.rglob("*.py")]
    keys = [key for source in code for key in QUOTED.findall(source) if "." in key]
    keys += [f"{key}.{{}}" for source in code for key in SECTION.findall(source)]
    parts = [re.split(r"\{[^}]*\}", key) for key in set(keys)]
    parts = [part for part in parts if re.search("[a-z]", "".join(part))]
    return [re.compile("[a-z0-9_ ]+".join(map(re.escape, part))) for part in parts]


def test_every_sentence_that_is_asked_for_is_there() -> None:
    call = re.compile(r'\btext\(\s*"([a-z_.]+)"')
    asked = {
        key
        for path in DASHBOARD.rglob("*.py")
        for key in call.findall(path.read_text("utf-8"))
        if "." in key
    }

    assert asked - catalogue(LANGUAGE).keys() == set()
    assert len(asked) > 40


def test_no_sentence_is_left_over() -> None:
    patterns = named()
    empty_states = re.compile(r"[a-z]+\.empty\.(title|body)")
    unused = [
        key
        for key in catalogue(LANGUAGE)
        if not empty_states.fullmatch(key)
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]

    assert unused == []


def test_values_are_put_into_a_sentence() -> None:
    assert text("evaluations.missing", n=3) == "3 missing"


def test_a_section_is_named_by_the_last_part_of_its_keys() -> None:
    assert section("trends.buckets") == {"day": "Day", "hour": "Hour"}
