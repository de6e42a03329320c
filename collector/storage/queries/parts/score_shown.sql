-- The name under which a run shows a score: of raters in {beside} with who they are.
if(has({beside:Array(UInt64)}, sipHash64(scores.evaluation_id, toString(scores.name), $rater)), concat(scores.name, ' · ', $rater), toString(scores.name))
