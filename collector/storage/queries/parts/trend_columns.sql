-- What of a score its trend is made of.
            scores.ts AS ts,
            scores.name AS name,
            scores.type AS type,
            scores.value AS value,
            scores.trace_id AS trace_id,
            scores.evaluation_id AS evaluation_id,
            scores.example_id AS example_id,
            scores.source AS source,
            scores.author AS author,
            scores.scale_low AS scale_low,
            scores.scale_high AS scale_high,
            scores.deleted AS deleted
