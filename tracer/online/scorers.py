"""Which scorers a rule may name: metrics, judges, installed ones, the worker's own.

A rule is a document that people with a key may write; it names scorers, never code.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from tracer.errors import ConfigurationError
from tracer.evaluation._caught import described
from tracer.evaluation.scorers import NamedScorer, named_scorers
from tracer.metrics import REGISTRY
from tracer.metrics._registry import read_scorer

GROUP = "tracer.scorers"
"""Entry-point group: a name, and the scorer that it stands for."""

_given: dict[str, Any] = {}


def register(scorer: Any) -> str:
    """Let rules name this scorer in this process; return its name."""
    name = NamedScorer(scorer).name
    _given[name] = scorer
    return name


def load(place: str) -> str:
    """Import and register the scorer at ``package.module:name``; return its name.

    Raises:
        ConfigurationError: There is none.
    """
    module, _, attribute = place.partition(":")
    try:
        scorer = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(
            f"scorer {place!r} cannot be loaded ({error}); write it as "
            "'package.module:name'"
        ) from error
    return register(scorer)


def known() -> list[str]:
    """Return every name that a rule may use in this process, sorted."""
    installed = [entry.name for entry in entry_points(group=GROUP)]
    return sorted({*_given, *installed, *REGISTRY})


def scorers_of(
    names: Iterable[str], judges: Mapping[str, Any] = MappingProxyType({})
) -> list[NamedScorer]:
    """Return the scorers of these names, in their order.

    Args:
        names: What a rule names.
        judges: Those that the project has stored, by the name to ask for; what the
            worker knows by that name goes before.

    Raises:
        ConfigurationError: One is unknown, or none is named; an installed one cannot
            be imported.
    """
    wanted, here = list(names), known()
    unknown = [name for name in wanted if name not in here and name not in judges]
    if unknown or not wanted:
        raise ConfigurationError(
            f"scorers {unknown or wanted} are unknown here; this worker knows "
            f"{', '.join(here)}. Store a judge of that name, or give the worker others "
            "with --scorer package.module:name"
        )
    return named_scorers(
        _found(name) if name in here else judges[name] for name in wanted
    )


def _found(name: str) -> Any:
    if name in _given:
        return _given[name]
    for entry in entry_points(group=GROUP, name=name):
        try:
            return entry.load()
        except Exception as error:  # another's module, which may do anything
            raise ConfigurationError(
                f"scorer {name!r} is installed as {entry.value} and cannot be imported "
                f"({described(error)})"
            ) from error
    return read_scorer(name, REGISTRY)
