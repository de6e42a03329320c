"""The body of a request: its type, its encoding, its digest, its size."""

import hashlib
import io
from typing import Literal

from isal import igzip, isal_zlib

from collector.errors import RequestTooLarge, UnreadableRequest, UnsupportedRequest

Encoding = Literal["identity", "gzip", "deflate"]

PROTOBUF_TYPE = "application/x-protobuf"
PROTOBUF_TYPES = frozenset({PROTOBUF_TYPE, "application/protobuf"})
JSON_TYPE = "application/json"

_ENCODINGS: dict[str, Encoding] = {
    "": "identity",
    "identity": "identity",
    "gzip": "gzip",
    "x-gzip": "gzip",
    "deflate": "deflate",
}
_CHUNK_BYTES = 256 * 1024
_GZIP_TIME = slice(4, 8)


def is_json(content_type: str) -> bool:
    """Return whether the body is JSON rather than protobuf.

    Raises:
        UnsupportedRequest: it is neither.
    """
    name = content_type.partition(";")[0].strip().lower()
    if name == JSON_TYPE:
        return True
    if name in PROTOBUF_TYPES:
        return False
    raise UnsupportedRequest(
        f"content type {name[:100]!r} is not read here; "
        f"send '{PROTOBUF_TYPE}' or '{JSON_TYPE}'"
    )


def wants_json(content_type: str) -> bool:
    """Return whether to tell of an error in JSON: as asked, and if that is unclear."""
    return content_type.partition(";")[0].strip().lower() not in PROTOBUF_TYPES


def encoding_of(content_encoding: str) -> Encoding:
    """Return how the body is compressed.

    Raises:
        UnsupportedRequest: in a way that is not read here.
    """
    name = content_encoding.strip().lower()
    if name in _ENCODINGS:
        return _ENCODINGS[name]
    raise UnsupportedRequest(
        f"content encoding {name[:100]!r} is not read here; "
        "send 'gzip', 'deflate' or none"
    )


def sniffed_encoding(body: bytes) -> Encoding:
    """Return how a protobuf message of OTLP is compressed, by its first bytes.

    Plain ones begin with their first field, 0x0A; gzip (RFC 1952) and zlib (RFC 1950)
    with bytes that would be a field that no message of OTLP has.
    """
    if body[:2] == b"\x1f\x8b":
        return "gzip"
    is_zlib = len(body) > 1 and body[0] == 0x78 and not int.from_bytes(body[:2]) % 31
    return "deflate" if is_zlib else "identity"


def inflate(body: bytes, encoding: Encoding, *, max_bytes: int) -> bytes:
    """Return the body as it was before compression, without ever making more of it.

    Raises:
        RequestTooLarge: it is longer than `max_bytes`.
        UnreadableRequest: it is damaged or cut off, or something else follows it.
    """
    if encoding == "identity":
        return body
    try:
        inflated = _READERS[encoding](body, max_bytes + 1)
    except EOFError:
        raise UnreadableRequest(f"the {encoding} body is cut off") from None
    except (isal_zlib.error, OSError) as error:  # type: ignore[misc]  # stub: "an instance"
        raise UnreadableRequest(f"the {encoding} body is damaged: {error}") from None
    if len(inflated) > max_bytes:
        raise RequestTooLarge(
            f"the body is over {max_bytes} bytes after decompression; "
            "send smaller batches or raise TRACER_MAX_BODY_BYTES"
        )
    return inflated


def _gunzip(body: bytes, at_most: int) -> bytes:
    """Return the first bytes of all members, which RFC 1952 lets follow each other."""
    if not body:
        raise EOFError
    chunks = []
    file = igzip.IGzipFile(fileobj=io.BytesIO(body))  # type: ignore[no-untyped-call]
    with file as stream:
        while at_most and (chunk := stream.read(min(at_most, _CHUNK_BYTES))):
            chunks.append(chunk)
            at_most -= len(chunk)
    return b"".join(chunks)


def _undeflate(body: bytes, at_most: int) -> bytes:
    stream = isal_zlib.decompressobj()
    inflated = bytes(stream.decompress(body, at_most))
    if len(inflated) == at_most:
        return inflated
    if not stream.eof:
        raise EOFError
    if stream.unused_data:
        raise OSError(f"{len(stream.unused_data)} bytes follow its end")
    return inflated


_READERS = {"gzip": _gunzip, "deflate": _undeflate}


def digest(body: bytes, encoding: Encoding, *context: str) -> bytes:
    """Return 16 bytes that name a request: its body as received, and what it was for.

    The time in a gzip header is left out: a sender that compresses again for its retry
    writes another one.
    """
    key = "\0".join(context).encode()
    if len(key) > hashlib.blake2b.MAX_KEY_SIZE:
        # not cut: long names of projects differ at their ends
        key = hashlib.blake2b(key).digest()
    hashed = hashlib.blake2b(digest_size=16, key=key)
    if encoding == "gzip":
        hashed.update(body[: _GZIP_TIME.start])
        hashed.update(memoryview(body)[_GZIP_TIME.stop :])
    else:
        hashed.update(body)
    return hashed.digest()
