"""Writes the commit into a wheel, so that an installed program can tell it."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface):
    """Takes the commit from TRACER_COMMIT, else from the clone that is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add ``tracer/_commit.txt``, except to an editable install."""
        commit = os.environ.get("TRACER_COMMIT", "").strip() or self._asked_of_git()
        if version == "editable" or not commit:
            return
        self._folder = TemporaryDirectory()
        file = Path(self._folder.name, "commit.txt")
        file.write_text(f"{commit[:10]}\n", "ascii")
        build_data["force_include"][str(file)] = "tracer/_commit.txt"

    def finalize(self, version: str, build_data: dict[str, Any], path: str) -> None:
        """Delete what `initialize` wrote."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()

    def _asked_of_git(self) -> str:
        if not Path(self.root, ".git").exists():  # an sdist, or an image's context
            return ""
        command = ["git", "-C", self.root, "rev-parse", "HEAD"]
        try:
            return subprocess.run(command, capture_output=True, text=True).stdout
        except OSError:
            return ""
