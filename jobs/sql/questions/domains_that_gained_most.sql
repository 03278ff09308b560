-- Which domain gained most by training, and between which bounds?
-- The bounds are 95 %, by the spread over the queries.
SELECT run_id, domain, count(*) AS queries, round(avg(base), 4) AS base, round(avg(tuned), 4) AS tuned,
  round(avg(tuned - base), 4) AS gain,
  round(avg(tuned - base) - 1.96 * stddev_samp(tuned - base) / sqrt(count(*)), 4) AS gain_low,
  round(avg(tuned - base) + 1.96 * stddev_samp(tuned - base) / sqrt(count(*)), 4) AS gain_high
FROM (
  SELECT m.run_id, coalesce(q.domain, m.dataset) AS domain, m.dataset, m.query_id,
    max(CASE WHEN model = 'base' THEN value END) AS base, max(CASE WHEN model = 'tuned' THEN value END) AS tuned
  FROM headline_query_metrics m
  JOIN queries q ON m.run_id = q.run_id AND m.dataset = q.dataset AND m.query_id = q.query_id
  WHERE metric = 'ndcg' AND k = 10
  GROUP BY ALL)
WHERE base IS NOT NULL AND tuned IS NOT NULL
GROUP BY run_id, domain
ORDER BY run_id, gain DESC, domain
