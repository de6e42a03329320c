"""Names that people can tell apart and remember."""

import random
from datetime import datetime
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


def memorable_name() -> str:
    """Return a name like ``eval-2026-11-22-calm-otter``; the date is local."""
    day = datetime.now().astimezone().date().isoformat()
    pick = random.SystemRandom().choice
    return f"eval-{day}-{pick(ADJECTIVES)}-{pick(NOUNS)}"


def name_of(thing: Any, *, what: str) -> str:
    """Return the name of a model or scorer, verbatim.

    Args:
        thing: A text, a mapping with ``name``, a function or class, or an object
            with an attribute ``name``; else its type names it.
        what: Word for the error: "model", "scorer".

    Raises:
        ValueError: The name is empty, or a mapping has none.
    """
    if isinstance(thing, str):
        name: Any = thing
    elif isinstance(thing, dict):
        name = thing.get("name")
    else:
        own = getattr(thing, "name", None) or getattr(thing, "__name__", None)
        name = own if isinstance(own, str) else type(thing).__name__
    if not isinstance(name, str) or not name.strip():
        raise ValueError(
            f"{what} {thing!r} has no name; give a text, or a mapping with 'name'"
        )
    return name
