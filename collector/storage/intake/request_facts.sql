-- What became of the spans of each request of the last inserts; asked right after one.
CREATE TABLE request_facts
(
    request_number UInt64,
    n_items        UInt64,
    n_rejected     UInt64,
    n_nested       UInt64,
    instance_id    String,
    batch          UInt64,
    sent_before    UInt64,
    project        String,
    service        String
)
ENGINE = Memory
SETTINGS min_rows_to_keep = 10000, max_rows_to_keep = 100000
