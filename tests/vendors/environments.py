"""Where a sender's program runs: an environment of its own with the real packages."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from vendors.tables import HERE, Sender

CACHE = Path(
    os.environ.get("VENDORS_CACHE", HERE.parents[1] / ".venv" / "vendors")
).absolute()
"""Not kept in the repository; `VENDORS_CACHE` names another folder."""


def prepare(sender: Sender) -> Path:
    """Install the sender's packages, unless they are; return the environment."""
    folder = CACHE / sender.name
    noted = folder / "packages.json"
    wanted = json.dumps(sender.packages)
    if not noted.exists() or noted.read_text() != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        if sender.runtime != "own":
            node = sender.runtime == "node"
            install = _install_node if node else _install_python
            install(folder, sender.packages)
        noted.write_text(wanted)
    shutil.copytree(HERE / "programs", folder / "programs", dirs_exist_ok=True)
    return folder


def _install_python(folder: Path, packages: tuple[str, ...]) -> None:
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--upgrade", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", *packages], check=True)


def _install_node(folder: Path, packages: tuple[str, ...]) -> None:
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm, *packages], cwd=folder, check=True)


def command(sender: Sender, folder: Path) -> list[str]:
    """Return the command line that runs the sender's program."""
    if sender.runtime == "node":
        return ["node", str(folder / "programs" / f"{sender.name}.mjs")]
    program = folder / "programs" / f"{sender.name}.py"
    return [_python(sender, folder), str(program)]


def _python(sender: Sender, folder: Path) -> str:
    return sys.executable if sender.runtime == "own" else str(folder / "bin" / "python")


def versions(sender: Sender, folder: Path) -> dict[str, str]:
    """Return the versions of the packages that speak for the sender."""
    if sender.runtime == "node":
        listed = json.loads(_output("npm", "ls", "--json", "--depth=0", folder=folder))
        return {k: v["version"] for k, v in sorted(listed["dependencies"].items())}
    python = _python(sender, folder)
    listed = json.loads(_output(python, "-m", "pip", "list", "--format=json"))
    telling = ("opentelemetry", "openinference", "openai", "traceloop", "langfuse")
    telling += (
        "tracer-evals",
        "logfire",
        "pydantic-ai",
        "mlflow",
        "langchain",
        "langsmith",
    )
    return {
        package["name"]: package["version"]
        for package in sorted(listed, key=lambda package: package["name"])
        if package["name"].startswith(telling) or package["name"] in sender.packages
    }


def _output(*arguments: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        arguments, cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout
