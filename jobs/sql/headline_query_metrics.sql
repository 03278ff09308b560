-- What is each model worth on each query, with all its dimensions?
CREATE OR REPLACE VIEW headline_query_metrics (
  run_id COMMENT 'the run',
  model COMMENT 'base, tuned, bm25, ...',
  dataset COMMENT 'name of the data set',
  split COMMENT 'split of the query',
  query_id COMMENT 'a query',
  dim COMMENT 'most dimensions that the run measured the model with; null for bm25',
  precision COMMENT 'fp32; null for bm25',
  metric COMMENT 'as query_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  value COMMENT 'higher is better',
  relevant_count COMMENT 'relevant documents of the query',
  retrieved_count COMMENT 'documents retrieved for the query')
AS SELECT m.run_id, m.model, m.dataset, m.split, m.query_id, m.dim, m.precision, m.metric, m.k, m.value,
  m.relevant_count, m.retrieved_count
FROM query_metrics m
JOIN (SELECT run_id, model, max(dim) AS dim FROM run_metrics GROUP BY run_id, model) most
  ON m.run_id = most.run_id AND m.model = most.model AND m.dim <=> most.dim
WHERE coalesce(m.precision, 'fp32') = 'fp32';
