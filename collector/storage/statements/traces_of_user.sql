-- In which traces does a user appear?
SELECT DISTINCT lower(hex(trace_id))
FROM spans
WHERE user_id = {user_id:String}
    AND ({project:String} = '' OR project = {project:String})
