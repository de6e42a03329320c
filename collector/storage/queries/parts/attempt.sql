-- What several attempts at one trial of an example have in common.
(spans.example_id, ifNull(spans.trial, 0), if(spans.example_id = '' OR isNull(spans.trial), spans.span_id, toFixedString('', 8)))
