-- Puts on record of which requests rows are about to be removed; older ones the ledger
-- does not ask about.
INSERT INTO removals (digest, why)
SELECT DISTINCT digest, {{why:String}}
FROM {table}
WHERE ({condition})
    AND received_at >= now() - toIntervalDay({{days:UInt32}})
