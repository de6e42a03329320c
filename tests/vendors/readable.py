"""OTLP bodies as people read them, OTLP/JSON, and back as they were sent."""

import base64
import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)

_MESSAGES: Mapping[str, type[Message]] = {
    "traces": ExportTraceServiceRequest,
    "logs": ExportLogsServiceRequest,
}
_IDS = ("traceId", "spanId", "parentSpanId")
_INSTANCE = re.compile(r'"service\.instance\.id", "value": {"stringValue": "([^"]+)"')
_LINE = 110
Json = dict[str, Any]


def read(body: bytes, headers: Mapping[str, str], signal: str) -> Json:
    """Return a body that was sent as an OTLP/JSON object."""
    encoding = headers.get("content-encoding", "identity")
    if encoding == "gzip":
        body = gzip.decompress(body)
    elif encoding == "deflate":
        body = zlib.decompress(body)
    if "json" in headers["content-type"]:
        found: Json = json.loads(body)
        return found
    message = _MESSAGES[signal]()
    message.ParseFromString(body)
    shown = json_format.MessageToDict(message, use_integers_for_enums=True)
    return _with_ids(shown, lambda text: base64.b64decode(text).hex())


def write(content: Json, headers: Mapping[str, str], signal: str) -> bytes:
    """Return the body as it was sent: encoded and compressed as the headers say."""
    if "json" in headers["content-type"]:
        body = json.dumps(content, ensure_ascii=False).encode()
    else:
        in_base64 = _with_ids(
            content, lambda text: base64.b64encode(bytes.fromhex(text)).decode()
        )
        message = _MESSAGES[signal]()
        json_format.ParseDict(in_base64, message)
        body = message.SerializeToString(deterministic=True)
    encoding = headers.get("content-encoding", "identity")
    if encoding == "gzip":
        return gzip.compress(body, mtime=0)
    return zlib.compress(body) if encoding == "deflate" else body


def _with_ids(value: Any, change: Callable[[str], str]) -> Any:
    """Return the content with its ids written another way."""
    if isinstance(value, list):
        return [_with_ids(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(item) if key in _IDS and item else _with_ids(item, change)
        for key, item in value.items()
    }


def with_plain_ids(requests: list[Json]) -> list[Json]:
    """Return the requests with ids that count up, so that records are alike.

    They are changed wherever they stand, also within attributes.
    """
    text = json.dumps(requests, ensure_ascii=False)
    numbers: dict[str, str] = {}
    for key, found in re.findall(r'"(traceId|spanId)": "([0-9a-fA-F]+)"', text):
        size = 32 if key == "traceId" else 16
        if len(found) == size and found.strip("0"):
            numbers.setdefault(found.lower(), f"{len(numbers) + 1:0{size}x}")
    for place, found in enumerate(dict.fromkeys(_INSTANCE.findall(text)), 1):
        numbers[found] = f"instance-{place}"
    for found, number in numbers.items():
        text = re.sub(found, number, text, flags=re.IGNORECASE)
    changed: list[Json] = json.loads(text)
    return changed


def pretty(value: Any, *, depth: int = 0) -> str:
    """Return JSON with what is short, and each attribute, on a line of its own."""
    line = json.dumps(value, ensure_ascii=False)
    is_attribute = isinstance(value, dict) and "key" in value and len(value) == 2
    is_long = len(line) + depth > _LINE and not (is_attribute and "[" not in line)
    if not (is_long and isinstance(value, dict | list) and value):
        return line
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, list):
        items = [pretty(item, depth=depth + 1) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{outer}]"
    items = [
        f"{json.dumps(key)}: {pretty(item, depth=depth + 1)}"
        for key, item in value.items()
    ]
    return f"{{{inner}{f',{inner}'.join(items)}{outer}}}"
