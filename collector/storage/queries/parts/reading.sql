-- What one rater, or all people together, say of one prediction ($newest, by prediction).
            groupArrayIf(toFloat64(assumeNotNull(newest.value)), isNotNull(newest.value)) AS all_values,
            if(newest.is_person AND length(all_values) > 1, [arrayAvg(all_values)], all_values) AS given,
            newest.is_person AND arrayExists(one -> one != 0 AND one != 1, given) AS is_between,
            countIf(newest.type = 'number' AND isNotNull(newest.value)) > 0 OR is_between AS is_number,
            countIf(newest.type = 'bool' AND isNotNull(newest.value)) > 0 AS is_bool,
            any(newest.type) AS any_type,
            countIf(newest.label != '') AS n_labels,
            if(newest.is_person AND notEmpty(given), 1, countIf(isNotNull(newest.value) OR newest.label != '')) AS n_given,
            sumMapIf(map(newest.label, 1), newest.label != '') AS labels,
            if(newest.is_person AND notEmpty(given), 0, countIf(newest.error != '')) AS n_errors,
            if(
                newest.is_person AND notEmpty(given),
                0,
                countIf(newest.error = '' AND isNull(newest.value) AND newest.label = '')
            ) AS n_missing,
            if(is_between AND is_bool, 0, min(newest.scale_low)) AS scale_low,
            if(is_between AND is_bool, 1, max(newest.scale_high)) AS scale_high
