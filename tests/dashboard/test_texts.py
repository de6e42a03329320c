"""The catalogue has every sentence that the code asks for, and no other."""

import re
from pathlib import Path

import pytest

from dashboard.texts import FALLBACK, LANGUAGES, catalogue, preferred, section, text

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

    assert asked - catalogue(FALLBACK).keys() == set()
    assert len(asked) > 40


def test_no_sentence_is_left_over() -> None:
    patterns = named()
    empty_states = re.compile(r"[a-z]+\.empty\.(title|body|other)")
    unused = [
        key
        for key in catalogue(FALLBACK)
        if not empty_states.fullmatch(key)
        and not any(pattern.fullmatch(key) for pattern in patterns)
    ]

    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_same_values(language: str) -> None:
    wanted, there = catalogue(FALLBACK), catalogue(language)

    assert there.keys() == wanted.keys()
    values = re.compile(r"\{[a-z]*\}")
    different = [
        key
        for key, sentence in wanted.items()
        if set(values.findall(sentence)) != set(values.findall(there[key]))
    ]
    assert different == []


def test_every_catalogue_is_offered_under_its_own_name() -> None:
    files = {path.stem for path in (DASHBOARD / "catalogues").glob("*.toml")}

    assert files == set(LANGUAGES)
    assert all(section("languages") == names(language) for language in LANGUAGES)


def names(language: str) -> dict[str, str]:
    start = "languages."
    return {
        key.removeprefix(start): name
        for key, name in catalogue(language).items()
        if key.startswith(start)
    }


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        (("ko-KR",), "ko"),
        ((None, "ko"), "ko"),
        (("fr-FR", "ko"), "ko"),
        (("en", "ko-KR"), "en"),
        (("*", "fr"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_asked_for_that_is_there_is_spoken(
    asked: tuple[str | None, ...], spoken: str
) -> None:
    assert preferred(*asked) == spoken


def test_values_are_put_into_a_sentence() -> None:
    assert text("evaluations.missing", n=3) == "3 missing"


def test_a_section_is_named_by_the_last_part_of_its_keys() -> None:
    assert section("trends.shows") == {"scores": "Scores", "traffic": "Traffic"}
