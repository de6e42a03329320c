-- A user for Grafana, which runs whatever a dashboard asks: it reads what the views need,
-- changes nothing, and sees no keys. Run once as an administrator of the server, with a
-- password of your own. A view reads with the rights of who asks, so its table is granted
-- too; on a cluster add each table's NAME_local.
CREATE USER IF NOT EXISTS grafana IDENTIFIED BY 'change-me' SETTINGS readonly = 1, max_execution_time = 60 CHANGEABLE_IN_READONLY;
GRANT SELECT ON tracer.public_v1_spans TO grafana;
GRANT SELECT ON tracer.public_v1_scores TO grafana;
GRANT SELECT ON tracer.public_v1_evaluations TO grafana;
GRANT SELECT ON tracer.spans TO grafana;
GRANT SELECT ON tracer.scores TO grafana;
GRANT SELECT ON tracer.evaluation_events TO grafana;
