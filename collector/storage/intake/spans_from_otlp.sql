-- Normalises OTLP spans into rows of `spans`, each with a verdict: 'stored', 'rejected' (ids
-- of a wrong length or zero, another project than the key's) or 'nested' (holds a map, an
-- array of more than scalars or an empty value; Python rewrites those and sends them again).
-- The placeholders are filled by expressions.py and values.py from collector/conventions;
-- no value of a sender ever is. In `ranks` each attribute has the number of its key in the
-- vendors' tables, so that the first key with a value is the least number in a field's range.
WITH
scopes AS
(
    SELECT
        request_number,
        key_project,
        received_ms,
        digest,
        arrayMap(a -> toValidUTF8(a.key), resource.attributes) AS resource_keys,
        arrayMap(a -> ${text_of_a}, resource.attributes) AS resource_texts,
        arrayExists(a -> ${type_of_a} = ${nested_type}, resource.attributes) AS nested_resource,
        arrayJoin(scope_spans) AS ss
    FROM otlp_traces
),
sent AS
(
    SELECT
        request_number,
        key_project,
        received_ms,
        digest,
        resource_keys,
        resource_texts,
        nested_resource,
        ss.scope AS scope,
        sent_trace_id,
        sent_span_id,
        sent_parent_id,
        sent_name,
        sent_kind,
        sent_start_ns,
        sent_end_ns,
        sent_attributes,
        sent_events,
        sent_links,
        sent_status,
        sent_flags
    FROM scopes
    ARRAY JOIN
        ss.spans.trace_id AS sent_trace_id,
        ss.spans.span_id AS sent_span_id,
        ss.spans.parent_span_id AS sent_parent_id,
        ss.spans.name AS sent_name,
        ss.spans.kind AS sent_kind,
        ss.spans.start_time_unix_nano AS sent_start_ns,
        ss.spans.end_time_unix_nano AS sent_end_ns,
        ss.spans.attributes AS sent_attributes,
        ss.spans.events AS sent_events,
        ss.spans.links AS sent_links,
        ss.spans.status AS sent_status,
        ss.spans.flags AS sent_flags
),
named AS
(
    SELECT
        * EXCEPT (sent_attributes, sent_events, sent_links, sent_status),
        sent_status.code = 2 AS failed,
        sent_status.message AS sent_message,
        arrayMap(a -> toValidUTF8(a.key), sent_attributes) AS keys,
        arrayMap(a -> ${text_of_a}, sent_attributes) AS texts,
        arrayMap(a -> ${type_of_a}, sent_attributes) AS types,
        concat('[', arrayStringConcat(arrayMap(x -> ${event_as_json}, sent_events), ','), ']') AS events,
        concat('[', arrayStringConcat(arrayMap(x -> ${link_as_json}, sent_links), ','), ']') AS links,
        arrayFirst(x -> x.name = 'exception', sent_events).attributes AS exception
    FROM sent
),
ranked AS
(
    SELECT
        *,
        arrayMap((k, t) -> if(t = '', 0, ${rank_of_k}), keys, texts) AS ranks,
        arrayMap((k, t) -> if(t = '', 0, ${rank_of_k}), resource_keys, resource_texts) AS resource_ranks,
        arrayMap(k -> ${prefix_length_of_k}, keys) AS prefix_lengths,
        arrayMin(
            (k, t) -> if(k IN ${kind_keys}, ${kind_rank_of_k_t}, 65535),
            keys,
            texts
        ) AS kind_rank
    FROM named
),
carried AS
(
    SELECT
        *,
        ${input_rank} AS input_rank,
        ${output_rank} AS output_rank,
        ${expected_rank} AS expected_rank,
        ${project} AS claimed_project,
        resource_texts[indexOf(resource_keys, 'tracer.project')] AS resource_project,
        ${service} AS service,
        ${operation} AS operation,
        ${provider} AS provider,
        ${model} AS model,
        accurateCastOrNull(toFloat64OrNull(${input_tokens}), 'UInt64') AS input_tokens,
        accurateCastOrNull(toFloat64OrNull(${output_tokens}), 'UInt64') AS output_tokens,
        accurateCastOrNull(toFloat64OrNull(${cache_read_tokens}), 'UInt64') AS cache_read_tokens,
        toFloat64OrNull(${sender_cost_usd}) AS sender_cost_usd,
        toFloat64OrNull(${time_to_first_token_s}) * 1e9 AS first_token_s_ns,
        toFloat64OrNull(${time_to_first_token_ms}) * 1e6 AS first_token_ms_ns,
        ${user_id} AS user_id,
        ${session_id} AS session_id,
        ${tags} AS sent_tags,
        ${environment} AS environment,
        ${release} AS release,
        ${prompt_name} AS prompt_name,
        ${prompt_version} AS prompt_version,
        ${evaluation_id} AS evaluation_id,
        ${example_id} AS example_id,
        toUInt32OrNull(${trial}) AS trial,
        ${error_type} AS sent_error_type,
        ${tool} != '' AS has_tool,
        ${kind_of_rank} AS vendor_kind,
        least(
            multiIf(
                sent_start_ns != 0, sent_start_ns,
                sent_end_ns != 0, sent_end_ns,
                toUInt64(received_ms) * 1000000
            ),
            ${last_ns}
        ) AS start_ns
    FROM ranked
),
read AS
(
    SELECT
        *,
        texts[indexOf(ranks, input_rank)] AS input,
        texts[indexOf(ranks, output_rank)] AS output,
        multiIf(
            vendor_kind != '', vendor_kind,
            has_tool, 'tool',
            model != '' AND isNotNull(input_tokens), 'llm',
            'span'
        ) AS kind,
        transform(
            sent_kind,
            [2, 3, 4, 5],
            ['server', 'client', 'producer', 'consumer'],
            'internal'
        ) AS span_kind,
        arrayMap(
            (k, rank) -> rank NOT IN (input_rank, output_rank, expected_rank)
                AND NOT startsWith(k, 'tracer.metadata.'),
            keys,
            ranks
        ) AS is_kept,
        arrayMap((type, keep) -> keep AND type != 0, types, is_kept) AS is_typed,
        arrayMap(
            (k, length) -> substring(k, length + 1),
            arrayFilter((k, length) -> length > 0, keys, prefix_lengths),
            arrayFilter(length -> length > 0, prefix_lengths)
        ) AS metadata_keys,
        arrayFilter((t, length) -> length > 0, texts, prefix_lengths) AS metadata_texts,
        arrayFilter((t, length) -> length > 0, types, prefix_lengths) AS metadata_types
    FROM carried
),
priced AS
(
    SELECT
        *,
        kind IN ('llm', 'embedding', 'reranker') AND span_kind != 'server' AS usage_counts,
        least(ifNull(cache_read_tokens, 0), ifNull(input_tokens, 0)) AS cached_tokens,
        if(
            usage_counts AND (isNotNull(input_tokens) OR isNotNull(output_tokens)),
            dictGetOrNull(
                'prices_by_day',
                ('input_usd_per_mtok', 'output_usd_per_mtok', 'cache_read_usd_per_mtok'),
                (provider, model),
                toDate(fromUnixTimestamp64Nano(toInt64(start_ns), 'UTC'))
            ),
            (NULL, NULL, NULL)
        ) AS price
    FROM read
)
SELECT
    request_number,
    multiIf(
        length(sent_trace_id) != 16
        OR length(sent_span_id) != 8
        OR length(sent_parent_id) NOT IN (0, 8)
        OR trimRight(sent_trace_id, '\0') = ''
        OR trimRight(sent_span_id, '\0') = ''
        OR (key_project != '' AND resource_project NOT IN ('', key_project)),
        'rejected',
        nested_resource
        OR has(types, ${nested_type})
        OR position(events, '\0') > 0
        OR position(links, '\0') > 0,
        'nested',
        'stored'
    ) AS verdict,
    multiIf(
        key_project != '', key_project,
        claimed_project != '', claimed_project,
        service != '' AND NOT startsWith(service, 'unknown_service'), service,
        'default'
    ) AS project,
    fromUnixTimestamp64Nano(toInt64(start_ns), 'UTC') AS ts,
    toUInt64(
        if(sent_end_ns >= start_ns, least(sent_end_ns, ${last_ns}) - start_ns, 0)
    ) AS duration_ns,
    toFixedString(substring(sent_trace_id, 1, 16), 16) AS trace_id,
    toFixedString(substring(sent_span_id, 1, 8), 8) AS span_id,
    toFixedString(substring(sent_parent_id, 1, 8), 8) AS parent_span_id,
    trimRight(sent_parent_id, '\0') = '' OR bitAnd(sent_flags, 768) = 768 AS is_entry,
    toValidUTF8(sent_name) AS name,
    kind,
    span_kind,
    if(failed, 'error', 'ok') AS status,
    toValidUTF8(
        if(failed AND sent_message = '', ${exception_message}, sent_message)
    ) AS status_message,
    multiIf(
        sent_error_type != '', sent_error_type,
        failed, toValidUTF8(${exception_type}),
        ''
    ) AS error_type,
    operation,
    provider,
    model,
    usage_counts,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    (
        (ifNull(input_tokens, 0) - cached_tokens) * price.1
        + cached_tokens * ifNull(price.3, price.1)
        + ifNull(output_tokens, 0) * ifNull(price.2, 0)
    ) / 1e6 AS cost_usd,
    sender_cost_usd,
    accurateCastOrNull(
        round(coalesce(first_token_s_ns, first_token_ms_ns)),
        'UInt64'
    ) AS time_to_first_token_ns,
    user_id,
    session_id,
    arrayFilter(
        t -> t != '',
        if(
            startsWith(sent_tags, '['),
            JSONExtract(sent_tags, 'Array(String)'),
            arrayMap(t -> trimBoth(t), splitByChar(',', sent_tags))
        )
    ) AS tags,
    CAST(
        arrayZip(metadata_keys, metadata_texts),
        'Map(LowCardinality(String), String)'
    ) AS metadata,
    environment,
    release,
    service,
    prompt_name,
    prompt_version,
    evaluation_id,
    example_id,
    trial,
    ${input_preview} AS input_preview,
    ${output_preview} AS output_preview,
    input,
    output,
    texts[indexOf(ranks, expected_rank)] AS expected,
    CAST(
        arrayZip(
            arrayFilter((k, keep) -> keep, keys, is_kept),
            arrayFilter((t, keep) -> keep, texts, is_kept)
        ),
        'Map(LowCardinality(String), String)'
    ) AS attributes,
    CAST(
        arrayConcat(
            arrayZip(
                arrayFilter((k, typed) -> typed, keys, is_typed),
                arrayMap(
                    type -> ${name_of_type},
                    arrayFilter((type, typed) -> typed, types, is_typed)
                )
            ),
            arrayMap(
                (k, type) -> (concat('tracer.metadata.', k), ${name_of_type}),
                arrayFilter((k, type) -> type != 0, metadata_keys, metadata_types),
                arrayFilter(type -> type != 0, metadata_types)
            ),
            arrayFilter(
                a -> a.1 != '',
                [
                    (keys[indexOf(ranks, input_rank)], 'input'),
                    (keys[indexOf(ranks, output_rank)], 'output'),
                    (keys[indexOf(ranks, expected_rank)], 'expected')
                ]
            )
        ),
        'Map(LowCardinality(String), LowCardinality(String))'
    ) AS attribute_types,
    CAST(
        arrayZip(resource_keys, resource_texts),
        'Map(LowCardinality(String), String)'
    ) AS resource,
    toValidUTF8(scope.name) AS scope_name,
    toValidUTF8(scope.version) AS scope_version,
    events,
    links,
    toFixedString(digest, 16) AS digest,
    fromUnixTimestamp64Milli(received_ms, 'UTC') AS received_at
FROM priced
