"""OTLP metrics: read only so far as to say how many points there are."""

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from collector.errors import UnreadableRequest
from collector.otlp.frames import count_items
from collector.otlp.from_json import fill_from_json


def count_points(body: bytes, *, is_json: bool) -> int:
    """Return how many data points a request of metrics holds.

    Raises:
        UnreadableRequest: it is no OTLP.
        RequestTooLarge: there are too many metrics in it.
    """
    request = ExportMetricsServiceRequest()
    if is_json:
        fill_from_json(request, body)
    else:
        count_items(body)
        try:
            request.ParseFromString(body)
        except DecodeError as error:
            raise UnreadableRequest(f"the protobuf body is damaged: {error}") from None
    return sum(
        _n_points(metric)
        for resource_metrics in request.resource_metrics
        for scope_metrics in resource_metrics.scope_metrics
        for metric in scope_metrics.metrics
    )


def _n_points(metric: Metric) -> int:
    kind = metric.WhichOneof("data")
    return len(getattr(metric, kind).data_points) if kind else 0
