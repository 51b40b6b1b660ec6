-- One metric of one host with all of its points that were kept, and beside each the anomaly where its score is above .5. A job with `keep: all`
-- keeps the points between them.
SELECT series.time, series.value, series.expected, series.low, series.high, above.score, above.type
FROM anomalies AS series
LEFT JOIN anomalies AS above
  ON above.tenant = series.tenant AND above."date" = series."date" AND above.job = series.job AND above.host = series.host
  AND above.metric = series.metric AND above.part = series.part AND above.time = series.time AND above.score > 0.5
WHERE series.tenant = 'acme' AND series."date" = '2026-11-20' AND series.host = 'i-1' AND series.metric = 'system.cpu.utilization'
ORDER BY series.part, series.time;
