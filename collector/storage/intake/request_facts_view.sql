-- Counts each request's spans by verdict, within the insert that brings them.
CREATE MATERIALIZED VIEW request_facts_view TO request_facts AS
SELECT
    request_number,
    count() AS n_items,
    countIf(verdict = 'rejected') AS n_rejected,
    countIf(verdict = 'nested') AS n_nested,
    any(resource['service.instance.id']) AS instance_id,
    any(toUInt64OrZero(resource['tracer.batch'])) AS batch,
    any(toUInt64OrZero(resource['tracer.sent_before'])) AS sent_before,
    any(project) AS project,
    any(service) AS service
FROM otlp_spans
GROUP BY request_number
