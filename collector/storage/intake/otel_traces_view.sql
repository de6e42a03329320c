-- Makes OTLP of the exporter's rows, one ResourceSpans a span, so that they are normalised
-- by the same rules. The exporter has made text of every value: all are strings here.
-- Spans without a number and digest of a request are of none, and nobody asks for receipts.
CREATE MATERIALIZED VIEW otel_traces_view TO otlp_traces AS
WITH attributes -> CAST(
    arrayMap(
        (k, v) -> (k, (v, NULL, NULL, NULL, tuple([]), NULL, NULL, NULL)),
        mapKeys(attributes),
        mapValues(attributes)
    ),
    '${attributes_type}'
) AS as_otlp
SELECT
    CAST(tuple(as_otlp(ResourceAttributes)), 'Tuple(attributes ${attributes_type})') AS resource,
    CAST(
        [
            (
                (ScopeName, ScopeVersion),
                [
                    (
                        unhex(TraceId),
                        unhex(SpanId),
                        unhex(ParentSpanId),
                        toString(SpanName),
                        transform(
                            lower(replaceOne(toString(SpanKind), 'SPAN_KIND_', '')),
                            ['internal', 'server', 'client', 'producer', 'consumer'],
                            [1, 2, 3, 4, 5],
                            0
                        ),
                        toUnixTimestamp64Nano(Timestamp),
                        toUnixTimestamp64Nano(Timestamp) + Duration,
                        as_otlp(SpanAttributes),
                        arrayMap(
                            (moment, name, attributes) -> (
                                toUnixTimestamp64Nano(moment), toString(name), as_otlp(attributes)
                            ),
                            Events.Timestamp,
                            Events.Name,
                            Events.Attributes
                        ),
                        arrayMap(
                            (trace, span, attributes) -> (
                                unhex(trace), unhex(span), as_otlp(attributes)
                            ),
                            Links.TraceId,
                            Links.SpanId,
                            Links.Attributes
                        ),
                        (
                            StatusMessage,
                            if(lower(toString(StatusCode)) IN ('error', 'status_code_error'), 2, 0)
                        ),
                        0
                    )
                ]
            )
        ],
        '${scope_spans_type}'
    ) AS scope_spans,
    toUInt64(0) AS request_number,
    '' AS key_project,
    toUnixTimestamp64Milli(now64(3)) AS received_ms,
    '' AS digest
FROM otel_traces
