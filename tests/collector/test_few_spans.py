"""Small requests become rows in Python: the same that the engine would write."""

import os
import time
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from otlp_requests import (
    START_NS,
    attributes,
    otlp_request,
    put,
    rows,
    span,
    trace_request,
)

from collector.conventions import FIRST_TOKEN_EVENTS, KIND_ORDER, keys_of
from collector.prepared import prepare
from collector.records import Outcome
from collector.span_rows import fields
from collector.span_rows.attributes import LeftToEngine
from collector.span_rows.making import span_rows
from collector.span_rows.texts import double_text
from collector.storage.commit import store_group
from collector.storage.engine import Store
from collector.storage.intake.expressions import kind_ranks, ranked_keys

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "12",
            "1e3",
            " 7",
            "7 ",
            "+5",
            "5.",
            ".5",
            "nan",
            "-1",
            "2.5",
            "1_0",
            "18446744073709551615",
            "18446744073709551616",
            '"환불"',
            '[{"role":"user","parts":[{"type":"text","content":"안녕"}]}]',
            '[{"role":"user","content":"plain"}]',
            '[{"content":7}]',
            '[{"parts":[]}, {"parts":"x","content":"y"}]',
            "[1, 2",
            '["a", "b", ""]',
            "a, b,,  c ",
            'a/b\u2028\x7f\x01\\"',
            '[{"content":"\\ud658\\ubd88 \\ud83d\\udce6 a/b","n":[1.50,3.0,-1,1e300]}]',
            '"\\ud658\\ubd88"',
            '"half \\ud83d"',
            '{"a":"\\ud658","n":7,"on":true,"none":null,"model":"m"}',
            '{"x":1.50,"deep":{"a":[1]},"model":3}',
            '{"broken": ',
            "C:\\\\users",
        ]
    ),
    st.sampled_from(sorted(pair.partition("=")[2] for pair in kind_ranks())),
)
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.floats(width=32),
    st.booleans(),
    st.binary(max_size=8),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=4),
    st.recursive(
        SCALARS | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    ),
)
NOW_MS = time.time_ns() // 1_000_000
KEYS = st.one_of(
    st.sampled_from(sorted(ranked_keys())),
    st.sampled_from(sorted({key for vendor in KIND_ORDER for key in vendor.kinds})),
    st.sampled_from([f"{prefix}k" for prefix in keys_of("metadata_prefixes")]),
    st.text(max_size=8),
)
MAPS = st.dictionaries(KEYS, VALUES, max_size=8)
TIMES = st.sampled_from([0, 1, START_NS, START_NS + 7, 5 * 10**18, 2**64 - 1])


@st.composite
def spans(draw: st.DrawFn) -> Span:
    one = span(
        draw(MAPS),
        name=draw(st.text(max_size=8)),
        kind=draw(st.integers(0, 6)),
        parent_span_id=draw(st.sampled_from([b"", bytes(8), b"p" * 8])),
        flags=draw(st.sampled_from([0, 0x100, 0x300])),
        start_time_unix_nano=draw(TIMES),
        end_time_unix_nano=draw(TIMES),
        status=Status(code=draw(st.integers(0, 2)), message=draw(st.text(max_size=4))),
    )
    for name in draw(
        st.lists(st.sampled_from(["exception", "e/x", *FIRST_TOKEN_EVENTS]), max_size=2)
    ):
        told = draw(MAPS) | {"exception.message": draw(TEXTS)}
        one.events.add(
            name=name, time_unix_nano=START_NS + 9, attributes=attributes(told)
        )
    if draw(st.booleans()):
        told = attributes(draw(MAPS))
        one.links.add(trace_id=b"t" * 16, span_id=b"s" * 8, attributes=told)
    return one


def told_apart(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows by span id, without what must differ, NaN made comparable."""
    kept = {}
    for row in found:
        for changing in ("project", "digest", "received_at", "request_number"):
            del row[changing]
        del row["resource"]["tracer.project"]
        row["sender_cost_usd"] = str(row["sender_cost_usd"])
        kept[row["span_id"].hex()] = row
    return kept


@settings(
    max_examples=int(os.environ.get("TRACER_TEST_EXAMPLES", "6")),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(spans(), min_size=5, max_size=40), MAPS)
def test_python_and_the_engine_write_the_same_rows(
    store: Store, sent: list[Span], resource: dict[str, Any]
) -> None:
    name = uuid.uuid4()
    for number, one in enumerate(sent, 1):
        one.span_id = number.to_bytes(8, "big")
    by_python, by_engine = f"python-{name}", f"engine-{name}"
    outcomes = []
    for project, few_bytes in ((by_python, 1 << 30), (by_engine, 0)):
        around = {k: v for k, v in resource.items() if k != "tracer.project"}
        body = trace_request(*sent, project=project, **around)
        outcomes.append(put(store, body, few_bytes=few_bytes, received_ms=NOW_MS))
    assert outcomes[0].n_items == outcomes[1].n_items == len(sent)
    assert outcomes[0].n_rejected == outcomes[1].n_rejected
    made, written = (told_apart(rows(store, p)) for p in (by_python, by_engine))
    assert made.keys() == written.keys()
    differences = [
        (column, made[span_id][column], value)
        for span_id, row in written.items()
        for column, value in row.items()
        if made[span_id][column] != value
    ]
    assert not differences, "\n".join(map(repr, differences[:8]))


def never(*_: object) -> tuple[None, None, None]:
    raise AssertionError("nothing here has a price")


def test_what_python_cannot_write_alike_is_left_to_the_engine() -> None:
    twice = span()
    twice.attributes.extend(attributes({"k": "a"}) + attributes({"k": "b"}))
    body = trace_request(twice)
    with pytest.raises(LeftToEngine, match="twice"):
        span_rows(otlp_request(body), body, never)
    broken = trace_request(span(name="XX")).replace(b"XX", b"\xff\xfe")
    with pytest.raises(LeftToEngine):
        span_rows(otlp_request(broken), broken, never)


def test_a_group_of_both_kinds_is_stored_once_each(store: Store, project: str) -> None:
    twice = span(name="twice")
    twice.attributes.extend(attributes({"k": "a"}) + attributes({"k": "b"}))
    bodies = [trace_request(one, project=project) for one in (span(), twice)]
    group = [prepare(otlp_request(body), max_bytes=1 << 20) for body in bodies]
    with store.handle("write") as client:
        stored = store_group(
            client, [one for one in group if not isinstance(one, Outcome)]
        )
    assert [outcome.n_items for _, outcome in stored] == [1, 1]
    assert {row["name"] for row in rows(store, project)} == {"work", "twice"}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e16, "10000000000000000"),
        (1e21, "1e21"),
        (1.5e-7, "1.5e-7"),
        (0.000001, "0.000001"),
        (-0.0, "-0"),
        (float("inf"), "inf"),
    ],
)
def test_a_double_is_written_as_the_engine_does(
    store: Store, number: float, text: str
) -> None:
    assert double_text(number) == text
    with store.handle("read") as client:
        statement = "SELECT toString({number:Float64})"
        found = client.query(statement, parameters={"number": number})
    assert found.result_rows[0][0] == text


def test_slashes_in_json_that_was_written_with_escapes_are_the_same_both_ways(
    store: Store, project: str
) -> None:
    """Python put backslashes before them; found by the search over encodings."""
    content = r'{"a/b":["/c\/\u0041","\\/","\u00e9/"]}'
    for number, few_bytes in enumerate((0, 1 << 20)):  # the engine's way, and Python's
        one = span({"tracer.output": content}, start_time_unix_nano=START_NS + number)
        put(store, trace_request(one, project=project), few_bytes=few_bytes)
    shown = [row["output"] for row in rows(store, project)]
    assert shown == [r'{"a/b":["/c/A","\\/","é/"]}'] * 2


def test_long_keys_are_not_remembered() -> None:
    """Ten thousand were, whatever their length."""
    before = fields._known_prefix.cache_info().currsize
    assert fields.metadata_prefix("tracer.metadata." + "x" * 1000) != ""
    assert fields._known_prefix.cache_info().currsize == before
