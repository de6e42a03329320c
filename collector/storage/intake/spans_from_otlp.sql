-- Normalises OTLP spans into rows of `spans`, each with a verdict: 'stored', 'rejected' (ids
-- of a wrong length or zero, another project than the key's) or 'nested' (holds a map, an
-- array of more than scalars or an empty value; Python rewrites those and sends them again)
-- or 'unfinished' (its sender sends it once more when it is whole; it is not kept).
-- The placeholders are filled by expressions.py and values.py from collector/conventions,
-- and by the files of parts/; no value of a sender ever is.
--
-- The engine analyses this anew for every insert, which is most of what a small insert
-- costs: some 0.1 ms for a function, less for its repeat through an alias, and as much for
-- each column that a level hands to the next. So there are few levels, one for what is long
-- and used often; a span's lists of attributes (its own, its events', its links') become
-- text in one expression; one map says where among the attributes each field's value is;
-- and tupleElement() stands where a point would have the engine list all parts of the type.
WITH
scopes AS
(
    SELECT
        request_number,
        key_project,
        received_ms,
        digest,
        tupleElement(resource, 'attributes') AS sent_resource,
        CAST(
            (
                arrayMap(k -> toValidUTF8(k), tupleElement(sent_resource, 'key')),
                ${texts_of_resource}
            ),
            'Map(LowCardinality(String), String)'
        ) AS sender,
        has(${types_of_resource}, ${nested_type}) AS nested_resource,
        arrayJoin(scope_spans) AS ss,
        tupleElement(ss, 'scope') AS scope,
        tupleElement(ss, 'spans') AS spans
    FROM otlp_traces
),
read AS
(
    SELECT
        request_number,
        key_project,
        received_ms,
        digest,
        sender,
        nested_resource,
        toValidUTF8(tupleElement(scope, 'name')) AS scope_name,
        toValidUTF8(tupleElement(scope, 'version')) AS scope_version,
        sent_trace_id,
        sent_span_id,
        sent_parent_id,
        sent_name,
        sent_kind,
        least(
            multiIf(
                sent_start_ns != 0, sent_start_ns,
                sent_end_ns != 0, sent_end_ns,
                toUInt64(received_ms) * 1000000
            ),
            ${last_ns}
        ) AS start_ns,
        sent_end_ns,
        sent_flags,
        tupleElement(sent_status, 'code') = 2 AS failed,
        tupleElement(sent_status, 'message') AS sent_message,
        tupleElement(sent_events, 'name') AS event_names,
        tupleElement(sent_events, 'time_unix_nano') AS event_times,
        arrayConcat(
            [sent_attributes],
            tupleElement(sent_events, 'attributes'),
            tupleElement(sent_links, 'attributes')
        ) AS lists,
        arrayMap(ks -> arrayMap(k -> toValidUTF8(k), ks), tupleElement(lists, 'key')) AS key_lists,
        arrayMap(list -> ${texts_of_list}, lists) AS text_lists,
        arrayMap(list -> ${types_of_list}, lists) AS type_lists,
        arrayConcat(
            arrayMap(
                (name, time) -> concat(
                    '{"name":', toJSONString(toValidUTF8(name)), ',"time_ns":', toString(time)
                ),
                event_names,
                event_times
            ),
            arrayMap(
                (trace, span) -> concat(
                    '{"trace_id":"', lower(hex(trace)), '","span_id":"', lower(hex(span)), '"'
                ),
                tupleElement(sent_links, 'trace_id'),
                tupleElement(sent_links, 'span_id')
            )
        ) AS beginnings
    FROM scopes
    ARRAY JOIN
        tupleElement(spans, 'trace_id') AS sent_trace_id,
        tupleElement(spans, 'span_id') AS sent_span_id,
        tupleElement(spans, 'parent_span_id') AS sent_parent_id,
        tupleElement(spans, 'name') AS sent_name,
        tupleElement(spans, 'kind') AS sent_kind,
        tupleElement(spans, 'start_time_unix_nano') AS sent_start_ns,
        tupleElement(spans, 'end_time_unix_nano') AS sent_end_ns,
        tupleElement(spans, 'attributes') AS sent_attributes,
        tupleElement(spans, 'events') AS sent_events,
        tupleElement(spans, 'links') AS sent_links,
        tupleElement(spans, 'status') AS sent_status,
        tupleElement(spans, 'flags') AS sent_flags
),
found AS
(
    SELECT
        * EXCEPT (
            lists, key_lists, text_lists, type_lists, beginnings, event_names, event_times
        ),
        key_lists[1] AS keys,
        text_lists[1] AS texts,
        type_lists[1] AS types,
        arrayExists(list -> has(list, ${nested_type}), type_lists) AS is_nested,
        indexOf(event_names, 'exception') AS exception_at,
        if(exception_at = 0, 0, exception_at + 1) AS exception_list,
        key_lists[exception_list] AS exception_keys,
        text_lists[exception_list] AS exception_texts,
        length(event_names) AS n_events,
        arrayFirst(
            (time, name) -> name IN ${first_token_events}, event_times, event_names
        ) AS first_token_ns,
        arrayMap(
            (beginning, ks, ts, ys) -> concat(
                beginning,
                ',"attributes":{',
                arrayStringConcat(
                    arrayMap((k, t, y) -> concat(toJSONString(k), ':', ${json_of_t_y}), ks, ts, ys),
                    ','
                ),
                '}}'
            ),
            beginnings,
            arrayPopFront(key_lists),
            arrayPopFront(text_lists),
            arrayPopFront(type_lists)
        ) AS parts,
        CAST(
            arrayMap(
                place -> (toUInt8(intDiv(place, ${field_step})), toUInt32(place % ${key_step})),
                arraySort(
                    arrayFilter(
                        place -> place >= ${field_step},
                        arrayMap(
                            (k, t, i) -> if(t = '' OR ${is_hidden_t}, 0, ${place_of_k} + i),
                            keys,
                            texts,
                            arrayEnumerate(keys)
                        )
                    )
                )
            ),
            'Map(UInt8, UInt32)'
        ) AS place_of,
        transform(
            arrayMin(
                (k, t) -> if(k IN ${kind_keys}, ${kind_rank_of_k_t}, ${no_kind}),
                keys,
                texts
            ) % ${kinds_a_vendor},
            ${kind_places},
            ${kinds},
            ''
        ) AS vendor_kind,
        arrayMap(k -> ${prefix_length_of_k}, keys) AS prefix_lengths
    FROM read
),
known AS
(
    SELECT
        *,
        place_of[${input_field}] AS input_place,
        place_of[${output_field}] AS output_place,
        place_of[${expected_field}] AS expected_place,
        -- [user, session, …], those that are JSON text without its quotes
        arrayMap(
            t -> if(startsWith(t, '"') AND isValidJSON(t), JSONExtractString(t), t),
            ${words}
        ) AS words,
        ${sums} AS sums,
        -- what was written with escapes is searched as letters; the engine writes numbers
        -- anew: 3.0 as 3, and those beyond 64 bits as text
        arrayMap(
            text -> if(
                position(text, '\\u') = 0 OR JSONExtractRaw(text) = '',
                text,
                JSONExtractRaw(text)
            ),
            [texts[input_place], texts[output_place]]
        ) AS contents,
        contents[1] AS input,
        contents[2] AS output,
        arrayMap(
            (type, i) -> multiIf(
                i = input_place, ${input_type},
                i = output_place, ${output_type},
                i = expected_place, ${expected_type},
                type
            ),
            types,
            arrayEnumerate(types)
        ) AS codes,
        ${project} AS claimed_project,
        ${tags} AS sent_tags,
        ${error_type} AS sent_error_type,
        arrayFilter(
            (k, length) -> length > 0,
            arrayMap((k, length) -> substring(k, length + 1), keys, prefix_lengths),
            prefix_lengths
        ) AS metadata_keys,
        arrayFilter(
            pair -> NOT has(metadata_keys, pair.1),
            JSONExtractKeysAndValuesRaw(${metadata_json})
        ) AS metadata_pairs,
        arrayMap(
            (k, code, length) -> code > 0 AND length > 0
                AND NOT startsWith(k, 'tracer.metadata.'),
            keys,
            codes,
            prefix_lengths
        ) AS is_foreign,
        dictGetOrNull(
            'prices_by_day',
            (
                'input_usd_per_mtok',
                'output_usd_per_mtok',
                'cache_read_usd_per_mtok',
                'source'
            ),
            (provider, model),
            toDate(ts)
        ) AS price,
        ${previews} AS previews,
        fromUnixTimestamp64Nano(toInt64(start_ns), 'UTC') AS ts,
        multiIf(
            place_of[${run_name_field}] != 0 AND trimRight(sent_parent_id, '\0') = '',
            'prediction',
            vendor_kind != '', vendor_kind,
            place_of[${tool_field}] != 0, 'tool',
            place_of[${model_field}] != 0 AND isNotNull(input_tokens), 'llm',
            'span'
        ) AS kind,
        transform(
            sent_kind,
            [2, 3, 4, 5],
            ['server', 'client', 'producer', 'consumer'],
            'internal'
        ) AS span_kind,
        transform(
            ${provider_word}, ${sent_providers}, ${provider_names}, ${provider_word}
        ) AS provider,
        if(
            ${model_word} != '', ${model_word}, JSONExtractString(${model_within}, 'model')
        ) AS model,
        arrayMap(
            -- no call has more: greater numbers would break sums
            (text, counted) -> accurateCastOrNull(
                coalesce(toFloat64OrNull(text), counted), 'UInt32'
            ),
            [${input_tokens}, ${output_tokens}, ${cache_read_tokens}],
            arraySlice(sums, 1, 3)
        ) AS tokens,
        tokens[1] AS input_tokens,
        tokens[2] AS output_tokens,
        tokens[3] AS cache_read_tokens,
        failed OR (exception_at > 0 AND scope_name IN ${fails_by_exception}) AS is_failed,
        ${service} AS service
    FROM found
)
SELECT
    request_number,
    multiIf(
        length(sent_trace_id) != 16
        OR length(sent_span_id) != 8
        OR length(sent_parent_id) NOT IN (0, 8)
        OR trimRight(sent_trace_id, '\0') = ''
        OR trimRight(sent_span_id, '\0') = ''
        OR (key_project != '' AND sender['tracer.project'] NOT IN ('', key_project)),
        'rejected',
        nested_resource OR is_nested,
        'nested',
        texts[place_of[${stage_field}]] IN ${unfinished},
        'unfinished',
        'stored'
    ) AS verdict,
    multiIf(
        key_project != '', key_project,
        claimed_project != '', claimed_project,
        service != '' AND NOT startsWith(service, 'unknown_service'), service,
        'default'
    ) AS project,
    ts,
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
    if(is_failed, 'error', 'ok') AS status,
    if(
        is_failed AND sent_message = '',
        exception_texts[indexOf(exception_keys, 'exception.message')],
        toValidUTF8(sent_message)
    ) AS status_message,
    if(
        is_failed AND sent_error_type = '',
        exception_texts[indexOf(exception_keys, 'exception.type')],
        sent_error_type
    ) AS error_type,
    ${operation} AS operation,
    provider,
    model,
    kind IN ('llm', 'embedding', 'reranker') AND sent_kind != 2 AS usage_counts,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    if(
        usage_counts AND (isNotNull(input_tokens) OR isNotNull(output_tokens)),
        (
            ifNull(input_tokens, 0) * price.1
            - least(ifNull(cache_read_tokens, 0), ifNull(input_tokens, 0))
                * (price.1 - ifNull(price.3, price.1))
            + ifNull(output_tokens, 0) * ifNull(price.2, 0)
        ) / 1e6,
        NULL
    ) AS cost_usd,
    if(isNull(cost_usd), '', ifNull(price.4, '')) AS cost_source,
    coalesce(
        toFloat64OrNull(${sender_cost_usd}),
        ${sender_cost_usd_sum},
        ${parts_of_cost_sum}
    ) AS sender_cost_usd,
    accurateCastOrNull(
        round(coalesce(
            toFloat64OrNull(${time_to_first_token_s}) * 1e9,
            toFloat64OrNull(${time_to_first_token_ms}) * 1e6,
            toFloat64(
                toUnixTimestamp64Nano(
                    parseDateTime64BestEffortOrNull(${first_token_at_word}, 9, 'UTC')
                ) - toInt64(start_ns)
            ),
            if(first_token_ns > start_ns, toFloat64(first_token_ns - start_ns), NULL)
        )),
        'UInt64'
    ) AS time_to_first_token_ns,
    ${user_id_word} AS user_id,
    ${session_id_word} AS session_id,
    arrayFilter(
        t -> t != '',
        if(
            startsWith(sent_tags, '['),
            JSONExtract(sent_tags, 'Array(String)'),
            arrayMap(t -> trimBoth(t), splitByChar(',', sent_tags))
        )
    ) AS tags,
    CAST(
        (
            arrayConcat(metadata_keys, tupleElement(metadata_pairs, 1)),
            arrayMap(
                (t, own) -> if(
                    NOT own AND startsWith(t, '"') AND isValidJSON(t),
                    JSONExtractString(t),
                    t
                ),
                arrayConcat(
                    arrayFilter((t, length) -> length > 0, texts, prefix_lengths),
                    tupleElement(metadata_pairs, 2)
                ),
                arrayConcat(
                    arrayMap(
                        k -> startsWith(k, 'tracer.metadata.'),
                        arrayFilter((k, length) -> length > 0, keys, prefix_lengths)
                    ),
                    arrayMap(pair -> 0, metadata_pairs)
                )
            )
        ),
        'Map(LowCardinality(String), String)'
    ) AS metadata,
    ${environment} AS environment,
    ${release} AS release,
    service,
    ${prompt_name_word} AS prompt_name,
    ${prompt_version} AS prompt_version,
    ${evaluation_id} AS evaluation_id,
    ${example_id} AS example_id,
    toUInt32OrNull(${trial}) AS trial,
    previews[1] AS input_preview,
    previews[2] AS output_preview,
    input,
    output,
    texts[expected_place] AS expected,
    CAST(
        (
            arrayFilter((k, code) -> ${is_kept_k_code}, keys, codes),
            arrayFilter((t, k, code) -> ${is_kept_k_code}, texts, keys, codes)
        ),
        'Map(LowCardinality(String), String)'
    ) AS attributes,
    ${attribute_types} AS attribute_types,
    sender AS resource,
    scope_name,
    scope_version,
    concat('[', arrayStringConcat(arraySlice(parts, 1, n_events), ','), ']') AS events,
    concat('[', arrayStringConcat(arraySlice(parts, n_events + 1), ','), ']') AS links,
    toFixedString(digest, 16) AS digest,
    fromUnixTimestamp64Milli(received_ms, 'UTC') AS received_at
FROM known
