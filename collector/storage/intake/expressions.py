"""SQL expressions for the normalising SELECT, generated from the vendors' tables.

Every field has a number, and the keys that carry it an order, the key to trust most
first. One look-up an attribute finds its place: field, order and position in one
number, so that sorting the places brings each field's best attribute to the front.
"""

from collections.abc import Iterable

from collector.conventions import (
    FIELDS,
    FIRST_TOKEN_EVENTS,
    KIND_ORDER,
    SUMS,
    VENDORS,
    keys_of,
    words_of,
)
from collector.records import LAST_NS
from collector.storage.intake import values
from tracer.semconv import KINDS

PREVIEW_CHARACTERS = 300
NO_KIND = 65535
KEYS_A_FIELD = KINDS_A_VENDOR = 100
_POSITIONS = 1 << 32

WORDS = ("user_id", "session_id", "provider", "model", "prompt_name", "first_token_at")
"""Fields of one word, which some senders write as JSON text, in quotes."""

_NUMBER_OF_OBJECT = r"""["']([A-Za-z0-9_.]+)\\?["']\s*:\s*([-+.0-9eE]+)"""
"""A name and its number, in an object of JSON, in JSON text, or as Python prints it."""

_ON_RESOURCE = ("service",)
_RESOURCE_FIRST = ("project",)
_SPAN_FIRST = ("environment", "release")


def text(value: str) -> str:
    """Return a SQL string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def array(items: Iterable[str | int]) -> str:
    """Return a SQL array of literals."""
    return "[" + ", ".join(_literal(item) for item in items) + "]"


def field_numbers() -> dict[str, int]:
    """Return the number of each field that keys of spans carry, from 1."""
    without = {"metadata_prefixes", *_ON_RESOURCE}
    return {n: i for i, n in enumerate((f for f in FIELDS if f not in without), 1)}


def ranked_keys() -> dict[str, int]:
    """Return key → rank: the number of its field, then its order within the field."""
    return {
        key: number * KEYS_A_FIELD + order
        for name, number in field_numbers().items()
        for order, key in enumerate(keys_of(name))
    }


def kind_ranks() -> dict[str, int]:
    """Return ``key=value`` → rank: place of the vendor, then place of our kind."""
    return {
        f"{key}={value}": place * KINDS_A_VENDOR + KINDS.index(kind) + 1
        for place, vendor in enumerate(KIND_ORDER)
        for key, kinds in vendor.kinds.items()
        for value, kind in kinds.items()
    }


def placeholders() -> dict[str, str]:
    """Return what the templates' placeholders stand for."""
    return _values() | _places() | _kinds() | _fields() | _sums() | _words()


def _literal(value: str | int) -> str:
    return text(value) if isinstance(value, str) else str(value)


def _values() -> dict[str, str]:
    codes = range(1, len(values.TYPES))
    return {
        "texts_of_resource": values.as_texts("tupleElement(resource, 'attributes')"),
        "types_of_resource": values.types_of("tupleElement(resource, 'attributes')"),
        "texts_of_list": values.as_texts("list"),
        "types_of_list": values.types_of("list"),
        "json_of_t_y": values.json_of("t", "y"),
        "nested_type": str(values.NESTED),
        "type_codes": array(codes),
        "type_names": array(values.TYPES[1:]),
        "input_type": str(values.TYPES.index("input")),
        "output_type": str(values.TYPES.index("output")),
        "expected_type": str(values.TYPES.index("expected")),
        "is_kept_k_code": (
            f"code < {values.TYPES.index('input')} "
            "AND NOT startsWith(k, 'tracer.metadata.')"
        ),
        "last_ns": str(LAST_NS),
        "first_token_events": array(FIRST_TOKEN_EVENTS),
        "preview_characters": str(PREVIEW_CHARACTERS),
    }


def _places() -> dict[str, str]:
    ranks = ranked_keys()
    places = [rank * _POSITIONS for rank in ranks.values()]
    prefixes = keys_of("metadata_prefixes")
    lengths = ", ".join(f"startsWith(k, {text(p)}), {len(p)}" for p in prefixes)
    return {
        "place_of_k": f"transform(k, {array(ranks)}, {array(places)}, 0)",
        "key_step": str(_POSITIONS),
        "field_step": str(_POSITIONS * KEYS_A_FIELD),
        "prefix_length_of_k": f"multiIf({lengths}, 0)",
    }


def _kinds() -> dict[str, str]:
    ranks = kind_ranks()
    known = [key for vendor in KIND_ORDER for key in vendor.kinds]
    return {
        "kind_keys": array(known),
        "kind_rank_of_k_t": (
            f"transform(concat(k, '=', lower(t)), {array(ranks)}, "
            f"{array(ranks.values())}, {NO_KIND})"
        ),
        "no_kind": str(NO_KIND),
        "kinds_a_vendor": str(KINDS_A_VENDOR),
        "kind_places": array(range(1, len(KINDS) + 1)),
        "kinds": array(KINDS),
    }


def _sums() -> dict[str, str]:
    """Return which names of which objects add up to what."""
    names = [
        array(
            f"{key} {name}"
            for vendor in VENDORS
            for key, fields in vendor.sums.items()
            for name in fields.get(field, ())
        )
        for field in SUMS
    ]
    objects = ["cost" if "cost" in field else "usage" for field in SUMS]
    found = {f"{field}_sum": f"sums[{n}]" for n, field in enumerate(SUMS, 1)}
    return found | {
        "names_of_sums": f"[{', '.join(names)}]",
        "keys_of_sums": f"[{', '.join(f'keys[{_place(name)}]' for name in objects)}]",
        "texts_of_sums": f"[{', '.join(map(_on_span, objects))}]",
        "number_of_object": text(_NUMBER_OF_OBJECT),
    }


def _words() -> dict[str, str]:
    """Return the fields of one word, and what their words stand for."""
    found = {f"{name}_word": f"words[{n}]" for n, name in enumerate(WORDS, 1)}
    providers = {
        word: name for vendor in VENDORS for word, name in vendor.providers.items()
    }
    hidden = " OR ".join(f"startsWith(t, {text(w)})" for w in words_of("hidden"))
    return found | {
        "words": f"[{', '.join(map(_on_span, WORDS))}]",
        "sent_providers": array(providers),
        "provider_names": array(providers.values()),
        "unfinished": array(words_of("unfinished")),
        "is_hidden_t": hidden,
        "fails_by_exception": array(words_of("fails_by_exception")),
    }


def _place(field: str) -> str:
    return f"place_of[{field_numbers()[field]}]"


def _on_span(field: str) -> str:
    return f"texts[{_place(field)}]"


def _on_resource(field: str) -> list[str]:
    return [f"sender[{text(key)}]" for key in keys_of(field)]


def _first(choices: list[str]) -> str:
    if len(choices) == 1:
        return choices[0]
    return f"arrayFirst(x -> x != '', [{', '.join(choices)}])"


def _fields() -> dict[str, str]:
    found = {name: _on_span(name) for name in field_numbers()}
    for name in _ON_RESOURCE:
        found[name] = _first(_on_resource(name))
    for name in _RESOURCE_FIRST:
        found[name] = _first([*_on_resource(name), _on_span(name)])
    for name in _SPAN_FIRST:
        found[name] = _first([_on_span(name), *_on_resource(name)])
    numbers = {f"{name}_field": str(n) for name, n in field_numbers().items()}
    return found | numbers
