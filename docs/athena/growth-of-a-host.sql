-- How the memory of one host went, day by day: its highest floor, its fastest growth an hour, and in how many inspections it grew like a leak.
SELECT "date", count(*) AS inspections, max(level) AS highest, max(growth) AS fastest, max(score) AS score,
  count(*) FILTER (WHERE is_anomaly) AS anomalies
FROM results
WHERE tenant = 'acme' AND "date" BETWEEN '2026-11-01' AND '2026-11-30' AND host = 'i-0a1b2c3d'
GROUP BY "date"
ORDER BY "date";
