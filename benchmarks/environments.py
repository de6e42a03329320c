"""One environment per contestant below `.venv/peers`, made once and kept."""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[1]
ROOT = HOUSE / ".venv" / "peers"
PINS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "contestants" / "versions.toml").read_text("utf-8")
)
OURS = "tracer"
_MIB = 1 << 20


@dataclass(frozen=True)
class Environment:
    """An environment that is ready."""

    name: str
    """Its name in versions.toml."""
    python: str
    """Path of its interpreter."""
    size_mb: float
    """MiB of its packages, byte code included, before the OpenAI part came on top."""
    n_packages: int
    """How many distributions those are."""
    versions: dict[str, str]
    """Every distribution in it now, the OpenAI part included."""


class NotInstalledError(Exception):
    """An environment could not be made; says why in a line."""


def ready(name: str) -> Environment:
    """Return an environment, made now if its pins changed or it is not there yet.

    Ours is made of this checkout each time: the code changes, its pins do not.
    """
    place = ROOT / name
    note = place / "made.json"
    if name == OURS or not note.exists() or _read(note)["pins"] != PINS[name]:
        shutil.rmtree(place, ignore_errors=True)
        try:
            note.write_text(json.dumps({"pins": PINS[name], **_make(name, place)}))
        except subprocess.CalledProcessError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise NotInstalledError(f"{name} is not installed: {_why(error)}") from None
    told = _read(note)
    told.pop("pins")
    return Environment(name=name, python=_python(place), **told)


def _make(name: str, place: Path) -> dict[str, Any]:
    print(f"installing {name} into {place.relative_to(HOUSE)}", file=sys.stderr)
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(place)],
        check=True,
        capture_output=True,
        text=True,
    )
    pins = PINS[name]
    if name == OURS:
        with tempfile.TemporaryDirectory() as source:
            _install(place, ["-c", "constraints.txt", _clean_copy(Path(source))])
    else:
        _install(place, pins["packages"])
    size_mb, n_packages = _size_mb(place), len(_versions(place))
    if pins["openai"]:
        _install(place, pins["openai"])
    return {
        "size_mb": size_mb,
        "n_packages": n_packages,
        "versions": _versions(place),
    }


def _why(error: subprocess.CalledProcessError) -> str:
    lines = (error.stderr or "").strip().splitlines()
    return next((line for line in reversed(lines) if "ERROR" in line), str(error))


def _install(place: Path, what: Sequence[str]) -> None:
    """Install with byte code; by uv where it is, else by this interpreter's pip."""
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "-q", "--compile-bytecode"]
    else:
        command = [sys.executable, "-m", "pip", "-q"]
    to = ["--python", _python(place)]
    command += to if shutil.which("uv") else [*to, "install", "--compile"]
    subprocess.run(
        [*command, *what], check=True, capture_output=True, text=True, cwd=HOUSE
    )


def _clean_copy(to: Path) -> str:
    """Copy what a wheel is built of, so that nothing is built inside the checkout."""
    for room in ("tracer", "collector", "dashboard", "examples"):
        shutil.copytree(
            HOUSE / room, to / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    for page in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(HOUSE / page, to / page)
    return str(to)


def _python(place: Path) -> str:
    return str(place / "bin" / "python")


def _packages(place: Path) -> Path:
    return next((place / "lib").glob("python3*/site-packages"))


def _size_mb(place: Path) -> float:
    files = (path for path in _packages(place).rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / _MIB


def _versions(place: Path) -> dict[str, str]:
    from importlib.metadata import distributions

    found = distributions(path=[str(_packages(place))])
    return {each.name: each.version for each in found}


def _read(note: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(note.read_text())
    return told
