"""Examples to paste, about the project that is looked at."""

import json
import shlex
from typing import Final

EXAMPLE: Final = "my-app"
"""The project of every example in the catalogues."""


def of_project(written: str, project: str | None) -> str:
    """Return an example, in Python or for a shell, with a project in place of its own.

    Args:
        written: The example as the catalogue has it.
        project: The project; None leaves the example's own.
    """
    if project is None:
        return written
    quoted = json.dumps(project, ensure_ascii=False)
    return written.replace(f'"{EXAMPLE}"', quoted).replace(
        f"={EXAMPLE}\n", f"={shlex.quote(project)}\n"
    )
