-- How many hosts of each account had a verdict on a day, and why the others had none.
SELECT provider, account, count(DISTINCT host) AS hosts,
  count(DISTINCT host) FILTER (WHERE verdict IN ('leaking', 'steady')) AS evaluated,
  count(DISTINCT host) FILTER (WHERE verdict = 'not_monitored') AS not_monitored,
  count(DISTINCT host) FILTER (WHERE verdict = 'unreadable') AS unreadable,
  count(DISTINCT host) FILTER (WHERE verdict = 'insufficient_data') AS too_little_data
FROM results
WHERE tenant = 'acme' AND "date" = '2026-11-20'
GROUP BY provider, account
ORDER BY provider, account;
