-- Hosts that grew like a leak on a day, each as its last inspection saw it. Replace the tenant and the day.
SELECT provider, account, region, host, name, "group", grade, score, pattern, level, growth, unit, since, exhaustion, time
FROM (
  SELECT *, row_number() OVER (PARTITION BY provider, account, region, host, metric ORDER BY time DESC) AS newest
  FROM results
  WHERE tenant = 'acme' AND "date" = '2026-11-20' AND is_anomaly
) AS anomalies
WHERE newest = 1
ORDER BY score DESC, host, account, region;
