"""What gRPC is told of an outcome: a status code, and in details when to come again."""

from dataclasses import dataclass

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from collector.otlp.answers import MAX_MESSAGE_CHARACTERS, rpc_code
from collector.records import Outcome

WORTH_A_REPEAT = frozenset({429, 503})
"""Only with RetryInfo may a sender repeat what RESOURCE_EXHAUSTED refused."""

_CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class RpcStatus:
    """How a call ends that did not succeed."""

    code: grpc.StatusCode
    """For programs."""

    message: str
    """For people."""

    metadata: tuple[tuple[str, bytes], ...]
    """Trailing metadata."""


def rpc_status(outcome: Outcome, *, retry_after_s: float) -> RpcStatus:
    """Return the status that says what an outcome's HTTP status does."""
    number = rpc_code(outcome.status)
    message = outcome.message[:MAX_MESSAGE_CHARACTERS]
    message = message.encode("utf-8", "replace").decode()
    metadata: list[tuple[str, bytes]] = []
    status = Status(code=number, message=message)
    if outcome.status in WORTH_A_REPEAT:
        nanos = round(retry_after_s * 10**9)
        delay = Duration(seconds=nanos // 10**9, nanos=nanos % 10**9)
        retry = RetryInfo(retry_delay=delay)
        packed = AnyMessage()
        packed.Pack(retry)
        status.details.append(packed)
        # where OpenTelemetry's Python exporter looks
        metadata.append(("google.rpc.retryinfo-bin", retry.SerializeToString()))
    metadata.append(("grpc-status-details-bin", status.SerializeToString()))
    return RpcStatus(_CODES[number], message, tuple(metadata))
