"""Secrets and whatever else must not leave the call, taken out of its content."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

import orjson

from tracer._config import RedactRule
from tracer._guard import logger, warn_once
from tracer._values import encoded

REDACTED: Final = "[redacted]"
"""What stands where something was taken out."""

WITHHELD: Final = "[redacted: a rule failed]"
"""What stands for a whole value that a rule could not be applied to."""

_SECRET_WORDS = frozenset(
    "password passwords passwd passphrase secret secrets authorization credential "
    "credentials jwt bearer pwd cookie auth".split()
)
_SECRET_ENDINGS = (
    *("password", "passwords", "passwd", "passphrase", "pwd", "secret", "secrets"),
    *("apikey", "apikeys", "privatekey", "accesskey", "authheaders"),
)
"""With anything before them and a number behind: ``PGPASSWORD``, ``passwd1``."""

_SECRET_KEYS = tuple(
    f"{owner}key"
    for owner in "openai anthropic claude azure aws gcp google gemini vertex cohere "
    "mistral groq deepseek huggingface hf replicate openrouter perplexity tavily "
    "pinecone qdrant langfuse langsmith wandb stripe github gitlab slack twilio "
    "sendgrid master encryption signing ssh subscription".split()
)
"""Keys that open something, as ``openai_key``; ``sort_key`` opens nothing."""

_NO_SECRET_TOKENS = frozenset("eos bos pad unk sep cls mask".split())
"""Special tokens of a tokenizer; every other text under ``…token`` is a secret."""

MOST_ITEMS_LOOKED_AT: Final = 50
"""In a longer list or object the JSON text is searched, not the value."""

MOST_LEVELS_LOOKED_AT: Final = 50
"""Likewise in a deeper value, or one that holds itself."""

MOST_NAMES_REMEMBERED: Final = 4096
LONGEST_NAME_REMEMBERED: Final = 64

_SCALARS = frozenset({int, bool, type(None)})
_CONTAINERS = frozenset({dict, list, tuple})
Scalar: TypeAlias = str | bool | int | float

_OPENINGS = "{[ \t\r\n"
"""How a text may begin that is JSON."""

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


class Redactor:
    """Key names, patterns and functions of the user, applied to JSON text and text.

    A value under a secret key name is always replaced; rules come on top. A rule that
    fails withholds the value as a whole: nothing gets out because a rule was broken.
    """

    def __init__(self, rules: Sequence[RedactRule] = ()) -> None:
        self._names = frozenset(_folded(r) for r in rules if isinstance(r, str))
        self._patterns = tuple(r for r in rules if isinstance(r, re.Pattern))
        self._functions: tuple[Callable[[Any], Any], ...] = tuple(
            r for r in rules if not isinstance(r, str | re.Pattern)
        )
        self._looks_inside = bool(self._patterns or self._functions)
        self._harmless: set[str] = set()

    def encoded(self, value: Any, max_bytes: int) -> bytes:
        """Return a value as JSON, with everything secret replaced.

        The value itself is looked at first: that is quicker than reading long text,
        and what is nothing but small, finite and JSON needs no further care.
        """
        if not self._looks_inside and self._is_harmless(value):
            try:
                data = orjson.dumps(value)
            except TypeError:  # a lone surrogate, an integer beyond 64 bits
                return self.json(encoded(value, max_bytes))
            if len(data) <= max_bytes:
                return data
        return self.json(encoded(value, max_bytes))

    def json(self, data: bytes) -> bytes:
        """Return JSON with everything secret replaced."""
        if not self._looks_inside and not self._names_a_secret(data.decode()):
            return data
        try:
            tree = orjson.loads(data)
            for function in self._functions:
                tree = function(tree)
            return orjson.dumps(self._tree(tree))
        except Exception as error:
            return orjson.dumps(_withhold(error))

    def text(self, text: str) -> str:
        """Return a text, such as an exception's, after every rule but key names."""
        if not self._looks_inside:
            return text
        try:
            for function in self._functions:
                text = str(function(text))
            return self._patterned(text)
        except Exception as error:
            return _withhold(error)

    def metadata(self, key: str, value: Scalar) -> Scalar:
        """Return a value of metadata, unless its key names a secret."""
        if self.is_secret(key, value):
            return REDACTED
        return self.text_or_json(value) if isinstance(value, str) else value

    def text_or_json(self, text: str) -> str:
        """Return a text after every rule; one that is JSON as JSON, with its keys."""
        if text.lstrip().startswith(("{", "[")) and _is_json(text):
            return self.json(text.encode()).decode()
        return self.text(text)

    def is_secret(self, key: str, value: Any = "") -> bool:
        """Return whether a value under this key must not be seen."""
        return names_a_secret(key, value) or _folded(key) in self._names

    def _is_harmless(self, value: Any, level: int = 0) -> bool:
        """Return True only for plain, small values that name no secret.

        Of texts, those that begin like JSON are searched for names.
        """
        if type(value) is dict:
            if not self._harmless.issuperset(value):
                return False
            value = value.values()
        elif type(value) is not list and type(value) is not tuple:
            value = (value,)
        if len(value) > MOST_ITEMS_LOOKED_AT or level > MOST_LEVELS_LOOKED_AT:
            return False
        for item in value:
            kind = type(item)
            if kind is str:
                if item and item[0] in _OPENINGS and self._names_a_secret(item):
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
        ):
            self._harmless.add(key)
        return True

    def _names_a_secret(self, text: str) -> bool:
        """Look at key names only: each ends in a quote and a colon."""
        keys = {part[part.rfind('"') + 1 :] for part in text.split('":')[:-1]}
        unknown = keys.difference(self._harmless)
        return not all(self._learn(key.rstrip("\\")) for key in unknown)

    def _tree(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: REDACTED if self.is_secret(key, item) else self._tree(item)
                for key, item in node.items()
            }
        if isinstance(node, list):
            return [self._tree(item) for item in node]
        if isinstance(node, str):
            return self._patterned(self._nested(node))
        return node

    def _nested(self, text: str) -> str:
        """Redact JSON within a text: the arguments of a tool call travel like this."""
        if not text or text[0] not in _OPENINGS or not self._names_a_secret(text):
            return text
        try:
            return orjson.dumps(self._tree(orjson.loads(text))).decode()
        except orjson.JSONDecodeError:
            return self._by_line(text)

    def _by_line(self, text: str) -> str:
        """Redact what only begins like JSON: one object a line, or JSON cut short.

        From the first secret on that stands in no whole object nothing is kept.
        """
        kept = []
        for line in text.split("\n"):
            if self._names_a_secret(line):
                try:
                    line = orjson.dumps(self._tree(orjson.loads(line))).decode()
                except orjson.JSONDecodeError:
                    kept.append(self._before_secret(line) + REDACTED)
                    break
            kept.append(line)
        return "\n".join(kept)

    def _before_secret(self, text: str) -> str:
        end = 0
        for part in text.split('":')[:-1]:
            key = part[part.rfind('"') + 1 :].rstrip("\\")
            end += len(part) + 2
            if self.is_secret(key):
                break
        return text[:end]

    def _patterned(self, text: str) -> str:
        for pattern in self._patterns:
            text = pattern.sub(REDACTED, text)
        return text


def names_a_secret(key: str, value: Any = "") -> bool:
    """Return whether a key is the name of a secret, however it is written.

    Under ``…token`` only texts and what holds them are secret: counts and prices of
    tokens are numbers.
    """
    if value is None or isinstance(value, bool):
        return False
    is_short = len(key) <= LONGEST_NAME_REMEMBERED
    verdict = _verdict(key) if is_short else _verdict.__wrapped__(key)
    return verdict == "secret" or (
        verdict == "token" and not isinstance(value, int | float)
    )


@lru_cache(maxsize=MOST_NAMES_REMEMBERED)
def _verdict(key: str) -> str:
    words = [word.lower() for word in _WORD.findall(key)]
    joined = "".join(words).rstrip("0123456789")
    if not _SECRET_WORDS.isdisjoint(words) or joined.endswith(_SECRET_ENDINGS):
        return "secret"
    if joined.removesuffix("s").endswith(_SECRET_KEYS):
        return "secret"
    if joined.endswith("token") and _NO_SECRET_TOKENS.isdisjoint(words):
        return "token"
    return ""


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _folded(key: str) -> str:
    """Return a key name as rules compare it: case, '-', '_' and spaces don't count."""
    return re.sub(r"[-_\s]", "", key).lower()


def _withhold(error: Exception) -> str:
    warn_once("redact a value", f"redact rule failed: {type(error).__name__}")
    logger.debug("redact rule failed", exc_info=error)
    return WITHHELD
