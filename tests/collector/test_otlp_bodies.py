"""Bytes in, bytes out: compression, digests, frames, the pending queue, addresses."""

import gzip
import json
import threading
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from otlp_requests import log_request, otlp_request, record, span, trace_request

from collector.config import Settings, from_environment
from collector.conventions import KIND_ORDER, keys_of
from collector.errors import RequestTooLarge, SettingsError, StorageError
from collector.errors import UnreadableRequest as Unreadable
from collector.otlp.bodies import Encoding, digest, inflate
from collector.otlp.frames import MAX_FIELDS, MAX_ITEMS, bytes_field, with_appended
from collector.otlp.from_json import MAX_OPEN, fill_from_json
from collector.otlp.metrics import count_points
from collector.pending import PendingQueue, QueueFull
from collector.prepared import prepare
from collector.records import Outcome
from collector.storage.intake.expressions import field_numbers, ranked_keys
from collector.storage.location import parse_store_url
from collector.writer import size_of
from tracer.semconv import KINDS


def test_a_body_is_never_inflated_past_the_limit() -> None:
    body = gzip.compress(b"x" * 1000)
    assert inflate(body, "gzip", max_bytes=1000) == b"x" * 1000
    with pytest.raises(RequestTooLarge):
        inflate(body, "gzip", max_bytes=999)
    with pytest.raises(Unreadable, match="cut off"):
        inflate(body[:-9], "gzip", max_bytes=1000)


def test_every_member_of_a_gzip_body_is_read() -> None:
    """All but the first were lost with 200."""
    body = gzip.compress(b"one") + gzip.compress(b"two")
    assert inflate(body, "gzip", max_bytes=6) == b"onetwo"
    with pytest.raises(RequestTooLarge):
        inflate(body, "gzip", max_bytes=5)


@pytest.mark.parametrize("rest", [b"x", b"something else that is long enough"])
def test_what_follows_a_compressed_body_is_refused(rest: bytes) -> None:
    with pytest.raises(Unreadable):
        inflate(gzip.compress(b"a") + rest, "gzip", max_bytes=1000)
    with pytest.raises(Unreadable):
        inflate(zlib.compress(b"a") + rest, "deflate", max_bytes=1000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@given(st.binary(max_size=60))
def test_any_bytes_are_compressed_or_a_clear_refusal(
    encoding: Encoding, body: bytes
) -> None:
    try:
        inflate(body, encoding, max_bytes=1000)
    except Unreadable as error:
        assert str(error)


def test_a_retry_that_was_compressed_again_has_the_same_digest() -> None:
    first, second = (gzip.compress(b"spans", mtime=second) for second in (1, 2))
    assert first != second
    assert digest(first, "gzip", "traces") == digest(second, "gzip", "traces")
    assert digest(first, "gzip", "traces") != digest(first, "gzip", "logs")
    assert digest(first, "identity") != digest(second, "identity")


def test_our_fields_end_every_resource_and_nothing_else_changes() -> None:
    body = trace_request(span()) + trace_request(span(), project="p")
    pieces = with_appended(body, bytes_field(1001, b"ours"))
    assert sum(piece == bytes_field(1001, b"ours") for piece in pieces) == 2
    message = ExportTraceServiceRequest.FromString(b"".join(pieces))
    for resource_spans in message.resource_spans:
        resource_spans.DiscardUnknownFields()
    assert message == ExportTraceServiceRequest.FromString(body)


@given(st.binary(max_size=60))
def test_any_bytes_are_frames_or_a_clear_refusal(body: bytes) -> None:
    try:
        with_appended(body, b"")
    except Unreadable as error:
        assert str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["resourceSpans", "scopeSpans", "spans", "name", "traceId"]
            ),
            inner,
            max_size=3,
        )
    ),
)


@given(JSON)
def test_any_json_is_a_request_or_a_clear_refusal(content: object) -> None:
    try:
        fill_from_json(ExportTraceServiceRequest(), json.dumps(content).encode())
    except Unreadable as error:
        assert str(error)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([None], "the JSON body is a list; OTLP is an object with resourceSpans"),
        (None, "the JSON body is null"),
        ({"resourceSpans": [None]}, "resourceSpans holds null, not an object"),
        ({"resourceSpans": [{"resource": 1}]}, "resource holds a number, not an obj"),
        ({"resourceSpans": [{"scopeSpans": ["x"]}]}, "scopeSpans holds a text, not"),
    ],
)
def test_json_where_an_object_has_to_stand_is_named(content: object, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        fill_from_json(ExportTraceServiceRequest(), json.dumps(content).encode())
    items = {"scopeSpans": [{"spans": [True, {"name": "good"}]}]}
    request = ExportTraceServiceRequest()
    (problem,) = fill_from_json(
        request, json.dumps({"resourceSpans": [items]}).encode()
    )
    assert problem == "an item is no OTLP: spans holds true, not an object"
    assert len(request.resource_spans[0].scope_spans[0].spans) == 1


def test_a_full_queue_refuses_and_a_closed_one_gives_what_is_left() -> None:
    queue = PendingQueue(max_requests=2, max_bytes=1000)
    queue.put(otlp_request(b"a"))
    with pytest.raises(QueueFull):
        queue.put(otlp_request(b"b" * 1000))
    queue.put(otlp_request(b"c"))
    with pytest.raises(QueueFull):
        queue.put(otlp_request(b"d"))
    queue.close()
    with pytest.raises(QueueFull):
        queue.put(otlp_request(b""))
    assert [p.request.body for p in queue.take(linger_s=60)] == [b"a", b"c"]
    assert queue.take(linger_s=60) == []


def test_a_waiting_writer_gets_a_group_as_soon_as_it_is_full() -> None:
    queue = PendingQueue(max_requests=1000, max_bytes=1 << 30)
    groups: list[int] = []
    taker = threading.Thread(
        target=lambda: groups.append(len(queue.take(linger_s=3600)))
    )
    taker.start()
    for _ in range(64):
        queue.put(otlp_request(b"x"))
    taker.join(timeout=60)
    assert groups == [64]


def test_a_writer_whose_group_another_took_waits_for_the_next() -> None:
    """It was told that the queue is closed: one writer after the other ended."""
    queue = PendingQueue(max_requests=1000, max_bytes=1 << 30)
    groups: list[list[bytes]] = []

    def take() -> None:
        while group := queue.take(linger_s=0.2):
            groups.append([pending.request.body for pending in group])

    queue.put(otlp_request(b"first"))
    taker = threading.Thread(target=take)
    taker.start()
    taker.join(timeout=0.05)  # it lingers for more
    assert len(queue.take(linger_s=0)) == 1
    taker.join(timeout=0.3)
    assert taker.is_alive()
    queue.put(otlp_request(b"second"))
    queue.close()
    taker.join(timeout=60)
    assert groups == [[b"second"]]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("chdb:///data/x", "chdb:///data/x"),
        ("http://u:p%40ss@db", "http://db:8123/default"),
        ("clickhouses://db/traces", "https://db:8443/traces"),
    ],
)
def test_a_store_address_is_shown_without_its_password(url: str, text: str) -> None:
    assert str(parse_store_url(url)) == text
    assert "p@ss" not in repr(parse_store_url(url))


@pytest.mark.parametrize(
    "url",
    ["http://h:abc/db", "http://u:secret@h:99999/db", "http://u:secret/x@h/db"],
)
def test_a_store_address_that_cannot_be_is_named(url: str) -> None:
    """`ValueError: Port could not be cast` went out bare."""
    with pytest.raises(StorageError, match="write 'chdb:///directory'") as caught:
        parse_store_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "x", "chdb://", "postgres://db/x", "http://"])
def test_an_unknown_store_address_says_how_to_write_one(url: str) -> None:
    with pytest.raises(StorageError, match="chdb:///directory"):
        parse_store_url(url)


def test_settings_come_from_the_environment_and_are_checked() -> None:
    settings = from_environment({"TRACER_STORE": "chdb:///x", "TRACER_PORT": "1"})
    assert (settings.store, settings.port) == ("chdb:///x", 1)
    with pytest.raises(SettingsError, match="TRACER_PORT"):
        from_environment({"TRACER_PORT": "http"})
    assert Settings(host="0.0.0.0").needs_key
    assert not Settings(host="::1").needs_key
    assert "k-1" not in repr(Settings(api_key="k-1"))


def test_a_key_from_a_file_comes_without_its_line_break() -> None:
    """Nobody could send it: no header holds one."""
    assert from_environment({"TRACER_API_KEY": "secret\n"}).api_key == "secret"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("writers", 0),
        ("max_body_bytes", -1),
        ("max_pending_bytes", 0),
        ("max_pending_requests", 0),
        ("linger_ms", -5),
        ("upload_timeout_s", 0),
        ("port", 70_000),
    ],
)
def test_a_number_that_cannot_work_is_refused_by_its_variable(
    name: str, value: int
) -> None:
    variable = f"TRACER_{name.upper()}"
    with pytest.raises(SettingsError, match=f"{variable}.* {value};"):
        from_environment({variable: str(value)})


def test_every_key_of_the_tables_carries_one_field() -> None:
    assert len(ranked_keys()) == sum(len(keys_of(name)) for name in field_numbers())


def test_every_kind_of_the_tables_is_ours() -> None:
    for vendor in KIND_ORDER:
        for kinds in vendor.kinds.values():
            assert set(kinds.values()) <= set(KINDS)
            assert all(value == value.lower() for value in kinds)


def test_a_digest_names_the_whole_project_however_long_its_name() -> None:
    """Two that began alike had one digest: what was sent to both was kept by one."""
    named = {digest(b"x", "identity", "traces", "p" * 80 + end) for end in "ab"}
    assert len(named) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"\x10\x00" * (MAX_FIELDS + 1),
        bytes_field(1, b"\x20\x00" * (MAX_FIELDS + 1)),
        bytes_field(1, bytes_field(2, b"\x12\x00" * (MAX_ITEMS + 1))),
    ],
    ids=["beside resources", "beside scopes", "spans"],
)
def test_items_and_fields_without_end_are_not_all_read(body: bytes) -> None:
    """A gzip of 20 kB took gigabytes, or held the interpreter for minutes."""
    for signal in ("traces", "logs"):
        found = prepare(otlp_request(body, signal=signal), max_bytes=1 << 26)  # type: ignore[arg-type]
        assert isinstance(found, Outcome)
        assert found.status == 413
    with pytest.raises(RequestTooLarge, match="smaller batches"):
        count_points(body, is_json=False)


def test_lists_and_objects_without_end_are_not_all_read() -> None:
    body = b'{"resourceSpans":[' + b"{}," * MAX_OPEN + b"{}]}"
    with pytest.raises(RequestTooLarge, match="smaller batches"):
        fill_from_json(ExportTraceServiceRequest(), body)


def test_what_came_compressed_counts_as_what_it_is() -> None:
    """Of log records, 64 requests of 64 MB each were read before one was stored."""
    body = log_request(record({"text": "x" * 100_000}))
    sent = replace(otlp_request(gzip.compress(body), signal="logs"), encoding="gzip")
    prepared = prepare(sent, max_bytes=1 << 20)
    assert not isinstance(prepared, Outcome)
    assert size_of(prepared) >= len(body)
