-- Time, host, metric, score and type of every anomaly of a day, the newest first.
SELECT time, host, metric, score, type
FROM results
WHERE tenant = 'acme' AND "date" = '2026-11-20' AND is_anomaly
ORDER BY time DESC, score DESC, host;
