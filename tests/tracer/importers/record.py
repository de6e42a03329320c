"""Record what real packages write: ``python tests/tracer/importers/record.py NAME…``.

Each program in `programs/` runs in an environment of its own with the package that it
is named after, and what it writes is kept in `recorded/NAME/`. Needs the package
registry; no account and no model: the models are functions.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".venv" / "importers"

PACKAGES = {
    "inspect-ai": ("inspect-ai",),
    "mlflow": ("mlflow", "scikit-learn"),
    "phoenix": ("arize-phoenix",),
    "weave": ("weave",),
}
"""What each program needs."""

RUN_LIMIT_S = 600


def record(name: str) -> None:
    """Run one program and keep what it writes."""
    python = _environment(name)
    target = HERE / "recorded" / name
    with tempfile.TemporaryDirectory() as folder:
        # a copy: what is written names the program's place, and git's if it is in one
        program = shutil.copy(HERE / "programs" / f"{name}.py", folder)
        # -P: the programs are named as the packages that they import
        command = [str(python), "-P", str(program), folder]
        env = {
            "PATH": "/usr/bin:/bin",
            "HOME": folder,
            "USER": "user",
            "LOGNAME": "user",
        }
        subprocess.run(command, check=True, timeout=RUN_LIMIT_S, cwd=folder, env=env)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(Path(folder) / "out", target)
    for file in target.glob("*.json*"):
        text = file.read_text("utf-8")
        file.write_text(text.replace(str(CACHE), "/environments"), "utf-8")
    versions = {package: _version(python, package) for package in PACKAGES[name]}
    text = json.dumps(versions, indent=2) + "\n"
    (target / "versions.txt").write_text(text, "utf-8")
    print(f"{name}: {sorted(one.name for one in target.iterdir())}")


def _environment(name: str) -> Path:
    folder = CACHE / name
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [python, "-m", "pip", "install", "-q", *PACKAGES[name]]
        subprocess.run([str(part) for part in install], check=True)
    return python


def _version(python: Path, package: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True)
    return done.stdout.decode().strip()


def main() -> None:
    """Record the packages that are named, or all."""
    parser = argparse.ArgumentParser(prog="record.py", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*PACKAGES, []])
    for name in parser.parse_args().names or PACKAGES:
        record(name)


if __name__ == "__main__":
    sys.exit(main())
