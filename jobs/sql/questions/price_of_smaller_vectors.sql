-- What do smaller vectors cost, and what do they save?
SELECT run_id, model, dim, precision, bytes, round(value, 4) AS ndcg, round(ci_low, 4) AS ci_low,
  round(ci_high, 4) AS ci_high, round(change, 4) AS change, round(kept, 4) AS kept
FROM dimension_precision
WHERE dataset = '*' AND metric = 'ndcg' AND k = 10
ORDER BY run_id, model, bytes DESC, dim DESC, precision
