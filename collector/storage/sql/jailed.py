"""A statement that came through the jail; without the parser that the jail needs."""

from dataclasses import dataclass, field
from typing import Any

from collector.api.refusals import Refusal


@dataclass
class Jailed:
    """A statement that may run."""

    sql: str = ""
    """Our rendering of it."""

    parameters: dict[str, Any] = field(default_factory=dict)
    """Values of its placeholders, ``given_0`` and on."""

    is_confined: bool = False
    """Whether it may see one project only."""

    def give(self, value: Any) -> str:
        """Keep a value and return the name of the placeholder that stands for it."""
        name = f"given_{len(self.parameters)}"
        self.parameters[name] = value
        return name


def refused(message: str, hint: str) -> Refusal:
    """Return a 400 for a statement that must not run."""
    return Refusal(400, "bad_sql", message, hint=hint)
