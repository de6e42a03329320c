"""Criteria as data: what is judged, and what each level means."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tracer.errors import ConfigurationError

LANGUAGES: Final = ("en", "ko")
"""Languages that prompts are written in."""

PARTS: Final = ("question", "context", "reference", "output")
"""What of a row a judge may be shown, in the order in which it is."""

READY: Final = (
    "answer_correctness",
    "context_recall",
    "context_relevance",
    "factuality",
    "faithfulness",
    "hallucination",
    "personal_data",
    "style",
    "toxicity",
)
"""Names of the rubrics that come with the package, in every language."""

RAG: Final = (
    "answer_correctness",
    "context_relevance",
    "faithfulness",
    "context_recall",
)
"""The four that together grade retrieval-augmented answers, 20 points at most."""


@dataclass(frozen=True, slots=True)
class GradedExample:
    """An output with its level, shown to the judge as a yardstick."""

    output: str
    """What was judged."""

    level: int
    """The level that it has."""

    why: str = ""
    """Why it has it."""


@dataclass(frozen=True, slots=True)
class Rubric:
    """A criterion with its levels; the higher level is the better one."""

    name: str
    """Name of the score."""

    criteria: str
    """What is judged, as the judge is told."""

    levels: Mapping[int, str]
    """What each level means, ascending; 1 to 5 unless you need others."""

    language: str = "en"
    """Language of the prompt around it: ``en`` or ``ko``."""

    examples: tuple[GradedExample, ...] = ()
    """Yardsticks, in the order in which they are shown."""

    needs: tuple[str, ...] = ("output",)
    """What of a row the judge must be shown: of `PARTS`."""

    version: str = "1"
    """Changes whenever the text does; part of the score's author."""

    def __post_init__(self) -> None:
        """Refuse what no judge could grade by.

        Raises:
            ConfigurationError: A field is empty or unknown; it is named.
        """
        for field, text in (("name", self.name), ("criteria", self.criteria)):
            if not isinstance(text, str) or not text.strip():
                raise ConfigurationError(f"a rubric's {field} is {text!r}; give a text")
        if self.language not in LANGUAGES:
            raise ConfigurationError(
                f"rubric {self.name!r} has language {self.language!r}; give one of "
                f"{', '.join(LANGUAGES)}"
            )
        if unknown := set(self.needs) - set(PARTS):
            raise ConfigurationError(
                f"rubric {self.name!r} needs {sorted(unknown)}; it can need "
                f"{', '.join(PARTS)}"
            )
        levels = {_level(key): str(text) for key, text in dict(self.levels).items()}
        if len(levels) < 2:
            raise ConfigurationError(
                f"rubric {self.name!r} has {len(levels)} level(s); give at least two"
            )
        ascending = MappingProxyType(dict(sorted(levels.items())))
        object.__setattr__(self, "levels", ascending)
        for example in self.examples:
            if example.level not in ascending:
                raise ConfigurationError(
                    f"an example of rubric {self.name!r} has level {example.level}, "
                    f"which it does not know; it has {list(ascending)}"
                )

    @property
    def scale(self) -> tuple[float, float]:
        """The least and the most of its levels."""
        return float(min(self.levels)), float(max(self.levels))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Rubric":
        """Make a rubric of plain data, as TOML and JSON hold it.

        Args:
            data: The fields of this class; ``levels`` a table level → text (keys may
                be texts), ``examples`` a list of tables ``output``, ``level``, ``why``.

        Raises:
            ConfigurationError: A field is missing, unknown, or of another shape.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ConfigurationError(
                f"a rubric has no {unknown}; its fields are {', '.join(sorted(known))}"
            )
        if missing := sorted({"name", "criteria", "levels"} - set(data)):
            raise ConfigurationError(f"the rubric lacks {missing}")
        given = dict(data)
        if not isinstance(given["levels"], Mapping):
            raise ConfigurationError(
                f"levels of rubric {given['name']!r} are a "
                f"{type(given['levels']).__name__}; give a table level → text"
            )
        try:
            examples = tuple(
                GradedExample(**each) for each in given.get("examples", ())
            )
        except TypeError as error:
            raise ConfigurationError(
                f"an example of rubric {given['name']!r} cannot be read ({error}); "
                "give output, level and why"
            ) from None
        given["needs"] = tuple(given.get("needs", ("output",)))
        return cls(**(given | {"examples": examples}))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that `from_dict` reads, fit for JSON."""
        return {
            "name": self.name,
            "criteria": self.criteria,
            "levels": {str(level): text for level, text in self.levels.items()},
            "language": self.language,
            "examples": [
                {"output": one.output, "level": one.level, "why": one.why}
                for one in self.examples
            ],
            "needs": list(self.needs),
            "version": self.version,
        }

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Rubric":
        """Read a rubric from a ``.toml`` or ``.json`` file, UTF-8.

        Raises:
            ConfigurationError: The file is neither, or does not hold a rubric.
        """
        file = Path(path)
        read = {".toml": tomllib.loads, ".json": json.loads}.get(file.suffix.lower())
        if read is None:
            raise ConfigurationError(f"rubric {file} is neither .toml nor .json")
        try:
            data = read(file.read_text("utf-8-sig"))
        except ValueError as error:
            raise ConfigurationError(f"rubric {file} cannot be read: {error}") from None
        if not isinstance(data, Mapping):
            raise ConfigurationError(f"rubric {file} holds no table of fields")
        return cls.from_dict(data)

    @classmethod
    def ready(cls, name: str, language: str = "en") -> "Rubric":
        """Return one of the rubrics that come with the package.

        Args:
            name: One of `READY`.
            language: ``en`` or ``ko``.

        Raises:
            ConfigurationError: There is none of that name or language.
        """
        if name not in READY or language not in LANGUAGES:
            raise ConfigurationError(
                f"there is no ready rubric {name!r} in {language!r}; there are "
                f"{', '.join(READY)}, each in {' and '.join(LANGUAGES)}"
            )
        return cls.from_dict(
            {"name": name, "language": language} | _ready(language)[name]
        )


def _level(key: Any) -> int:
    try:
        return int(key)
    except (TypeError, ValueError):
        raise ConfigurationError(
            f"level {key!r} of a rubric is no whole number"
        ) from None


@cache
def _ready(language: str) -> dict[str, dict[str, Any]]:
    file = resources.files("tracer.judges") / "texts" / f"rubrics.{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))
