"""Every sentence of the interface: one catalogue file a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

CATALOGUES: Final = Path(__file__).parent / "catalogues"
FALLBACK: Final = "en"
LANGUAGES: Final = ("en", "ko")


def text(key: str, **values: object) -> str:
    """Return the sentence of a dotted key, with `values` put into its braces."""
    sentence = catalogue(spoken())[key]
    return sentence.format(**values) if values else sentence


def section(prefix: str) -> Mapping[str, str]:
    """Return the sentences right under a dotted key, by the last part of theirs."""
    start = f"{prefix}."
    return {
        key.removeprefix(start): sentence
        for key, sentence in catalogue(spoken()).items()
        if key.startswith(start)
    }


def spoken() -> str:
    """Return the language of this viewer's session."""
    return str(st.session_state.get("language", FALLBACK))


def speak(language: str) -> None:
    """Choose the language of this viewer's session."""
    if st.session_state.get("language", language) != language:
        st.session_state["languages_left"] = _n_left() + 1
    st.session_state["language"] = language


def in_words(key: str) -> str:
    """Return a widget's key for choices whose words are the language's.

    A browser answers with the words of a choice. Drawn again in other words it has to
    be another widget, or it goes on to answer with old ones that nobody knows.
    """
    return f"{key}-{_n_left()}" if _n_left() else key


def _n_left() -> int:
    """Return how often this viewer went over to another language."""
    return int(st.session_state.get("languages_left", 0))


def preferred(*asked: str | None) -> str:
    """Return the first language asked for that there is a catalogue of.

    Args:
        asked: Locales (``ko-KR``), the most wanted first; None asks for nothing.
    """
    for locale in asked:
        language = (locale or "").partition("-")[0].strip().lower()
        if language in LANGUAGES:
            return language
    return FALLBACK


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return all sentences of a language by dotted key (``traces.title``)."""
    path = CATALOGUES / f"{language}.toml"
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, str(value)))
    return pairs
