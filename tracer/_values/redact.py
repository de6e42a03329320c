"""Secrets and whatever else must not leave the call, taken out of its content."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson

from tracer._config import RedactRule
from tracer._guard import is_held, logger, warn_once
from tracer._values.encoding import encoded
from tracer._values.json_text import is_json
from tracer._values.secret_names import (
    LONGEST_NAME_REMEMBERED,
    MOST_NAMES_REMEMBERED,
    folded,
    names_a_secret,
)
from tracer._values.secret_texts import (
    PAIR_WORDS,
    REDACTED,
    keys_in,
    may_name_a_pair,
    pair_names_in,
    without_secrets,
)

WITHHELD: Final = "[redacted: a rule failed]"
"""What stands for a whole value that a rule could not be applied to."""

MOST_ITEMS_LOOKED_AT: Final = 50
"""In a longer list or object the JSON text is searched, not the value."""

MOST_LEVELS_LOOKED_AT: Final = 50
"""Likewise in a deeper value, or one that holds itself."""

_NAMED_BESIDE: Final = frozenset({"value", "Value"})
"""Keys that are never remembered as harmless: what they hold is named elsewhere."""

_SCALARS = frozenset({int, bool, type(None)})
_CONTAINERS = frozenset({dict, list, tuple})


class Redactor:
    """Key names, patterns and functions of the user, applied to JSON text and text.

    A value under a secret key name is always replaced; rules come on top. A rule that
    fails withholds the value as a whole: nothing gets out because a rule was broken.
    """

    def __init__(self, rules: Sequence[RedactRule] = ()) -> None:
        self._names = frozenset(folded(r) for r in rules if isinstance(r, str))
        self._patterns = tuple(r for r in rules if isinstance(r, re.Pattern))
        self._functions: tuple[Callable[[Any], Any], ...] = tuple(
            r for r in rules if not isinstance(r, str | re.Pattern)
        )
        self.has_rules = bool(self._patterns or self._functions)
        self._harmless: set[str] = set()

    def encoded(self, value: Any, max_bytes: int) -> bytes:
        """Return a value as JSON, with everything secret replaced.

        The value itself is looked at first: that is quicker than reading long text,
        and what is nothing but small, finite and JSON needs no further care.
        """
        if not self.has_rules and self._is_harmless(value):
            try:
                data = orjson.dumps(value)
            except TypeError:  # a lone surrogate, an integer beyond 64 bits
                data = self.json(encoded(value, max_bytes))
        else:
            data = self.json(encoded(value, max_bytes))
        if len(data) <= max_bytes:
            return data
        # what was put in is longer than what was taken out, or nothing was cut yet
        return self.json(encoded(orjson.loads(data), max_bytes))

    def json(self, data: bytes) -> bytes:
        """Return JSON with everything secret replaced."""
        if not self.has_rules and not self._names_a_secret(data.decode()):
            return data
        try:
            tree = orjson.loads(data)
            for function in self._functions:
                tree = function(tree)
            return orjson.dumps(self._tree(tree))
        except BaseException as error:
            if not is_held(error):
                raise
            return orjson.dumps(_withhold(error))

    def text(self, text: str) -> str:
        """Return a text, such as an exception's, with everything secret replaced."""
        try:
            for function in self._functions:
                text = str(function(text))
            return str(self._tree(text))
        except BaseException as error:
            if not is_held(error):
                raise
            return _withhold(error)

    def text_or_json(self, text: str) -> str:
        """Return the same; functions see a text that is JSON as a value."""
        if self._functions and text.lstrip().startswith(("{", "[")) and is_json(text):
            return self.json(text.encode()).decode()
        return self.text(text)

    def label(self, text: str) -> str:
        """Return a name, tag or id after the user's rules: no key names are in it."""
        return self.text(text) if self.has_rules else text

    def attribute(self, key: str, value: Any) -> Any:
        """Return the value of an attribute or of metadata, unless its key is secret."""
        if self.is_secret(key, value):
            return REDACTED
        if isinstance(value, str):
            return self.text_or_json(value)
        if isinstance(value, list | tuple):
            return [self.text(v) if isinstance(v, str) else v for v in value]
        return value

    def is_secret(self, key: str, value: Any = "") -> bool:
        """Return whether a value under this key must not be seen."""
        if names_a_secret(key, value):
            return True
        return bool(self._names) and not self._names.isdisjoint(
            (folded(key), folded(key.rpartition(".")[2]))
        )

    def _is_harmless(self, value: Any, level: int = 0) -> bool:
        """Return True only for plain, small values that name no secret.

        Of texts, those that hold quotes are searched for names.
        """
        if type(value) is dict:
            if not self._harmless.issuperset(value) and not self._is_named(value):
                return False
            value = value.values()
        elif type(value) is not list and type(value) is not tuple:
            value = (value,)
        elif len(value) == 2 and self._is_pair(value):
            return False
        if len(value) > MOST_ITEMS_LOOKED_AT or level > MOST_LEVELS_LOOKED_AT:
            return False
        for item in value:
            kind = type(item)
            if kind is str:
                if ('"' in item or "'" in item) and self._names_a_secret(item):
                    return False
            elif not (
                self._is_harmless(item, level + 1)
                if kind in _CONTAINERS
                # NaN and the infinities, less themselves, are no zero
                else kind in _SCALARS or (kind is float and item - item == 0)
            ):
                return False
        return True

    def _learn(self, key: Any) -> bool:
        """Return whether a key is a harmless name; remember those that are."""
        if type(key) is not str or self.is_secret(key):
            return False
        if (
            len(key) <= LONGEST_NAME_REMEMBERED
            and len(self._harmless) < MOST_NAMES_REMEMBERED
            and key not in _NAMED_BESIDE
        ):
            self._harmless.add(key)
        return True

    def _is_named(self, node: dict[Any, Any]) -> bool:
        """Return whether all but values are harmless, and those by the name beside."""
        return node.keys() - self._harmless <= _NAMED_BESIDE and not self._is_pair(node)

    def _names_a_secret(self, text: str) -> bool:
        """Look at names in quotes only: keys, and what else may name a value."""
        keys = keys_in(text)
        if not all(self._learn(key) for key in keys.difference(self._harmless)):
            return True
        return any(
            name not in self._harmless and self.is_secret(name)
            for name in pair_names_in(text, keys)
        )

    def _is_pair(self, node: Any) -> bool:
        """Return whether a list of two, or an object, tells a secret and its name."""
        if isinstance(node, dict):
            return any(
                self._is_pair((node[name], node[value]))
                for name, value in PAIR_WORDS
                if name in node and value in node
            )
        name, value = node
        return (
            isinstance(name, str)
            and name not in self._harmless
            and may_name_a_pair(name)
            and self.is_secret(name, value)
        )

    def _tree(self, node: Any) -> Any:
        if isinstance(node, dict):
            return self._object(node)
        if isinstance(node, list):
            if len(node) == 2 and self._is_pair(node):
                return [self._tree(node[0]), REDACTED]
            return [self._tree(item) for item in node]
        if isinstance(node, str):
            return self._patterned(self._in_text(node))
        return node

    def _object(self, node: dict[str, Any]) -> dict[str, Any]:
        told = {"value", "Value"} if self._is_pair(node) else ()
        found: dict[str, Any] = {}
        for key, item in node.items():
            shown = self._patterned(key) if self._patterns else key
            n_same = 1
            while shown in found:
                n_same += 1
                shown = f"{REDACTED} {n_same}"
            is_hidden = key in told or self.is_secret(key, item)
            found[shown] = REDACTED if is_hidden else self._tree(item)
        return found

    def _in_text(self, text: str) -> str:
        """Redact pairs of names and values in a text: arguments of tools are JSON."""
        if not ('"' in text or "'" in text) or not self._names_a_secret(text):
            return text
        try:
            return orjson.dumps(self._tree(orjson.loads(text))).decode()
        except orjson.JSONDecodeError:
            return without_secrets(text, self.is_secret)

    def _patterned(self, text: str) -> str:
        for pattern in self._patterns:
            text = pattern.sub(REDACTED, text)
        return text


def _withhold(error: BaseException) -> str:
    warn_once("redact a value", f"redact rule failed: {type(error).__name__}")
    logger.debug("redact rule failed", exc_info=error)
    return WITHHELD
