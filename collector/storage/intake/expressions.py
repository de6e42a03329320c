"""SQL expressions for the normalising SELECT, generated from the vendors' tables.

Every key of the tables has a number, its rank; the keys of one field have neighbouring
ranks, the key to trust most the least. One look-up an attribute finds its rank, and a
field's value is the text at the least rank within the field's range.
"""

from collections.abc import Iterable

from collector.conventions import FIELDS, KIND_ORDER, keys_of
from collector.storage.intake import values
from tracer.semconv import KINDS

PREVIEW_CHARACTERS = 300
LAST_NS = 4_102_444_800_000_000_000
"""Start of the year 2100; later times are stored as this one."""

NO_RANK = 65535
_KINDS_A_VENDOR = 100


def text(value: str) -> str:
    """Return a SQL string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def array(items: Iterable[str]) -> str:
    """Return a SQL array of string literals."""
    return "[" + ", ".join(map(text, items)) + "]"


def ranked_keys() -> dict[str, int]:
    """Return key → rank, from 1."""
    fields = [name for name in FIELDS if name != "metadata_prefixes"]
    keys = [key for name in fields for key in keys_of(name)]
    return {key: rank for rank, key in enumerate(keys, 1)}


def placeholders() -> dict[str, str]:
    """Return what the templates' placeholders stand for."""
    return _values() | _ranks() | _kinds() | _fields() | _previews()


def _values() -> dict[str, str]:
    event = (
        "concat('{\"name\":', toJSONString(toValidUTF8(x.name)), "
        "',\"time_ns\":', toString(x.time_unix_nano), "
        f"',\"attributes\":', {values.attributes_as_json('x.attributes')}, '}}')"
    )
    link = (
        'concat(\'{"trace_id":"\', lower(hex(x.trace_id)), '
        '\'","span_id":"\', lower(hex(x.span_id)), '
        f"'\",\"attributes\":', {values.attributes_as_json('x.attributes')}, '}}')"
    )
    codes = "[" + ", ".join(map(str, range(len(values.TYPES)))) + "]"
    exception = "arrayFirst(a -> a.key = 'exception.{}', exception).value.string_value"
    return {
        "text_of_a": values.as_text("a.value"),
        "type_of_a": values.type_of("a.value"),
        "nested_type": str(values.NESTED),
        "name_of_type": f"transform(type, {codes}, {array(values.TYPES)}, '')",
        "event_as_json": event,
        "link_as_json": link,
        "exception_message": f"ifNull({exception.format('message')}, '')",
        "exception_type": f"ifNull({exception.format('type')}, '')",
        "last_ns": str(LAST_NS),
    }


def _ranks() -> dict[str, str]:
    ranks = ranked_keys()
    numbers = "[" + ", ".join(map(str, ranks.values())) + "]"
    prefixes = keys_of("metadata_prefixes")
    lengths = ", ".join(f"startsWith(k, {text(p)}), {len(p)}" for p in prefixes)
    return {
        "rank_of_k": f"transform(k, {array(ranks)}, {numbers}, 0)",
        "prefix_length_of_k": f"multiIf({lengths}, 0)",
    }


def _kinds() -> dict[str, str]:
    pairs: dict[str, int] = {}
    for place, vendor in enumerate(KIND_ORDER):
        for key, kinds in vendor.kinds.items():
            for value, kind in kinds.items():
                rank = place * _KINDS_A_VENDOR + KINDS.index(kind)
                pairs[f"{key}={value}"] = rank
    numbers = "[" + ", ".join(map(str, pairs.values())) + "]"
    known = [key for vendor in KIND_ORDER for key in vendor.kinds]
    places = "[" + ", ".join(map(str, range(len(KINDS)))) + "]"
    return {
        "kind_keys": "(" + ", ".join(map(text, known)) + ")",
        "kind_rank_of_k_t": (
            f"transform(concat(k, '=', lower(t)), {array(pairs)}, {numbers}, {NO_RANK})"
        ),
        "kind_of_rank": (
            f"if(empty(keys) OR kind_rank = {NO_RANK}, '', "
            f"transform(kind_rank % {_KINDS_A_VENDOR}, {places}, {array(KINDS)}, ''))"
        ),
    }


def _rank_within(field: str, source: str) -> str:
    ranks = [ranked_keys()[key] for key in keys_of(field)]
    inside = f"x BETWEEN {min(ranks)} AND {max(ranks)}"
    return f"arrayMin(x -> if({inside}, x, {NO_RANK}), {source})"


def _on_span(field: str) -> str:
    return f"texts[indexOf(ranks, {_rank_within(field, 'ranks')})]"


def _on_resource(field: str) -> str:
    rank = _rank_within(field, "resource_ranks")
    return f"resource_texts[indexOf(resource_ranks, {rank})]"


def _either(first: str, second: str) -> str:
    return f"if({first} != '', {first}, {second})"


def _fields() -> dict[str, str]:
    contents = ("input", "output", "expected")
    both = {
        "environment": _either(_on_span("environment"), _on_resource("environment")),
        "release": _either(_on_span("release"), _on_resource("release")),
        "project": _either(_on_resource("project"), _on_span("project")),
        "service": _on_resource("service"),
    }
    ranks = {f"{name}_rank": _rank_within(name, "ranks") for name in contents}
    others = set(FIELDS) - set(contents) - set(both) - {"metadata_prefixes"}
    return both | ranks | {name: _on_span(name) for name in others}


def _previews() -> dict[str, str]:
    return {
        "input_preview": _preview("input", message=-1),
        "output_preview": _preview("output", message=1),
    }


def _preview(content: str, *, message: int) -> str:
    """Return what a person reads first: one message's text, else the beginning."""
    part = f"JSONExtractString({content}, {message}, 'parts', 1, 'content')"
    whole = f"JSONExtractString({content}, {message}, 'content')"
    readable = (
        f"multiIf(startsWith({content}, '['), {_either(part, whole)}, "
        f"startsWith({content}, '\"'), JSONExtractString({content}), '')"
    )
    return f"leftUTF8({_either(readable, content)}, {PREVIEW_CHARACTERS})"
