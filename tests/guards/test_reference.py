"""The site's reference has every public name; `make docs` has to build it first."""

import importlib
import zlib
from pathlib import Path

import pytest

INVENTORY = Path(__file__).parents[2] / "build" / "site" / "objects.inv"
ROOMS = ("", ".client", ".evaluation", ".judges", ".metrics", ".stats", ".testing")


@pytest.fixture(scope="module")
def told() -> set[str]:
    """Every name that the reference has a heading for."""
    if not INVENTORY.exists():
        pytest.skip("the site is not built: make docs")
    packed = INVENTORY.read_bytes().split(b"\n", 4)[4]
    return {line.split()[0] for line in zlib.decompress(packed).decode().splitlines()}


@pytest.mark.parametrize("room", [f"tracer{room}" for room in ROOMS])
def test_the_reference_has_every_public_name(room: str, told: set[str]) -> None:
    promised = importlib.import_module(room).__all__
    names = {f"{room}.{name}" for name in promised if not name.startswith("_")}
    assert sorted(names - told) == []
