-- Which queries got worse by more than .2 although BM25 finds them?
SELECT run_id, dataset, query_id, text, round(base, 4) AS base, round(tuned, 4) AS tuned, round(change, 4) AS change,
  round(bm25, 4) AS bm25
FROM regressions
WHERE metric = 'ndcg' AND k = 10 AND change < -0.2 AND bm25 >= 0.5
ORDER BY run_id, change, dataset, query_id
