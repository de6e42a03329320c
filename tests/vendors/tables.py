"""The tables of `expected/`, one a sender: how it is recorded and what it sends."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROLES = ("answer", "search", "chat", "tool", "stream", "embedding", "failing")
"""The steps of the story (`programs/story.py`); each is one span of a good sender."""


@dataclass(frozen=True)
class Gap:
    """A field that is not right, and why."""

    why: str
    """What the sender does not send, or sends instead."""

    shown: Any = None
    """What is shown in its place; None if nothing is."""


@dataclass(frozen=True)
class Sender:
    """One file of `expected/`."""

    name: str
    """The file's name, the program's and the recording's."""

    title: str
    """As the page calls it."""

    runtime: str = "python"
    """`python` or `node` with packages of its own, or `own`: what this house is."""

    packages: tuple[str, ...] = ()
    """What is installed for it, by names of its registry."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that its program runs with; `{collector}` stands for the address."""

    note: str = ""
    """What its users should know."""

    unrecorded: str = ""
    """Why there is no recording; empty if there is one."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """Role → its span's name, `#2` for the second so called; or `missing: why`."""

    fields: Mapping[str, str | Mapping[str, Any]] = field(default_factory=dict)
    """Field → `right`, `missing: why`, or role → why not, where it is not right."""

    def gap(self, name: str, role: str) -> Gap | None:
        """Return why a field is not right at a role; None if it is to be right."""
        if absent := self.absence(role):
            return Gap(absent)
        said = self.fields[name]
        if isinstance(said, str):
            return Gap(said.removeprefix("missing: ")) if said != "right" else None
        found = said.get(role)
        if isinstance(found, Mapping):
            return Gap(found["why"], found["shown"])
        return Gap(found) if found else None

    def absence(self, role: str) -> str:
        """Return why there is no such span; empty if there is one."""
        name = self.roles.get(role, "") if role != "trace" else ""
        return name.removeprefix("missing: ") if name.startswith("missing: ") else ""


def load(name: str) -> Sender:
    """Return one sender's table."""
    text = (HERE / "expected" / f"{name}.toml").read_text("utf-8")
    content = tomllib.loads(text)
    packages = tuple(content.pop("packages", ()))
    return Sender(name=name, packages=packages, **content)


def names() -> list[str]:
    """Return every sender's name."""
    return sorted(path.stem for path in (HERE / "expected").glob("*.toml"))


def recorded_requests(name: str) -> Iterator[dict[str, Any]]:
    """Yield the requests as they were recorded: `signal path headers body`."""
    for path in sorted((HERE / "recorded" / name).glob("request-*.json")):
        yield json.loads(path.read_text("utf-8"))


def recorded(name: str, part: str) -> Any:
    """Return `exchanges` (with the model) or `versions` (of the packages)."""
    path = HERE / "recorded" / name / f"{part}.json"
    return json.loads(path.read_text("utf-8"))
