-- Columns of a span with its content, as the store keeps them.
$span_columns,
    spans.input AS input,
    spans.output AS output,
    spans.expected AS expected,
    spans.attributes AS attributes,
    spans.attribute_types AS attribute_types,
    spans.resource AS resource,
    spans.events AS events,
    spans.links AS links,
    spans.is_entry AS is_entry,
    spans.usage_counts AS usage_counts,
    spans.sender_cost_usd AS sender_cost_usd,
    spans.cache_read_tokens AS cache_read_tokens
