-- The newest anomalous points of all jobs of a day: time, host, metric, value and what was expected.
SELECT time, job, host, name, metric, part, value, expected, low, high, score, type
FROM anomalies
WHERE tenant = 'acme' AND "date" = '2026-11-20' AND is_anomaly
ORDER BY time DESC, score DESC, host, metric
LIMIT 100;
