"""Names that people can tell apart and remember."""

import random
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

ADJECTIVES = (
    "amber brave bright calm clear clever cosmic crisp curious eager early fair "
    "gentle golden happy humble keen kind lively lucky mellow merry mighty neat "
    "noble patient plain proud quick quiet ready silent silver simple smooth solid "
    "steady sunny swift tidy vivid warm wise witty"
).split()
NOUNS = (
    "badger beaver bison crane deer dolphin eagle falcon finch fox gecko hare hawk "
    "heron horse ibis jay koala lark lemur lion lynx magpie marten mole moose otter "
    "owl panda pike puffin rabbit raven robin salmon seal sparrow stork swan tiger "
    "toad trout turtle whale wolf wren"
).split()


def memorable_name(what: str = "eval") -> str:
    """Return a name like ``eval-2026-11-22-calm-otter``; the date is local."""
    day = datetime.now().astimezone().date().isoformat()
    pick = random.SystemRandom().choice
    return f"{what}-{day}-{pick(ADJECTIVES)}-{pick(NOUNS)}"


def author_of(scorer: Any) -> str:
    """Return who a scorer says that it is: its author, or name and version; or ``""``.

    Args:
        scorer: What `name_of` takes; a mapping or an object may have ``author`` and
            ``version``.
    """
    if isinstance(scorer, str):
        return ""
    told = scorer.get if isinstance(scorer, Mapping) else partial(getattr, scorer)
    author, version = told("author", None), told("version", None)
    if isinstance(author, str) and author:
        return author
    if not isinstance(version, str | int) or version == "":
        return ""
    return f"{name_of(scorer, what='scorer')}@{version}"


def name_of(thing: Any, *, what: str) -> str:
    """Return the name of a model or scorer, verbatim.

    Args:
        thing: A text, a mapping with ``name``, a function or class, or an object
            with an attribute ``name``; else its class names it.
        what: Word for the error: "model", "scorer".

    Raises:
        ValueError: The name is empty, or a mapping has none.
    """
    if isinstance(thing, str):
        name: Any = thing
    elif isinstance(thing, Mapping):
        name = thing.get("name")
    else:
        own = getattr(thing, "name", None) or getattr(thing, "__name__", None)
        name = own if isinstance(own, str) else _type_name(thing)
    if not isinstance(name, str) or not name.strip():
        raise ValueError(
            f"{what} {thing!r} has no name; give a text, or a mapping with 'name'"
        )
    return name


def _type_name(thing: Any) -> str | None:
    """Return the name of a thing's class; none of a number, a list and the like."""
    kind = type(thing)
    return None if kind.__module__ == "builtins" else kind.__name__
