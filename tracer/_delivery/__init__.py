"""From a finished span to the collector: queue, OTLP encoding, transport, spool."""

from tracer._delivery.delivery import Delivery
from tracer._delivery.records import DeliveryReport, LogRecord, Pace

__all__ = ["Delivery", "DeliveryReport", "LogRecord", "Pace"]
