-- Which queries does each model answer worst? Does another do better?
CREATE OR REPLACE VIEW worst_queries (
  run_id COMMENT 'the run',
  model COMMENT 'base, tuned, bm25, ...',
  dataset COMMENT 'name of the data set',
  split COMMENT 'split of the query',
  metric COMMENT 'as query_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  place COMMENT 'from 1, the lowest value; equal values by query_id',
  query_id COMMENT 'the query',
  text COMMENT 'its text',
  domain COMMENT 'its domain, or null',
  value COMMENT 'of the model, with all dimensions in fp32',
  best_model COMMENT 'the model of the run with the highest value; equal ones by name',
  best_value COMMENT 'its value',
  relevant_count COMMENT 'relevant documents of the query',
  retrieved_count COMMENT 'documents that the model retrieved for it')
AS SELECT m.run_id, m.model, m.dataset, m.split, m.metric, m.k,
  row_number() OVER (
    PARTITION BY m.run_id, m.model, m.dataset, m.split, m.metric, m.k ORDER BY m.value, m.query_id) AS place,
  m.query_id, q.text, q.domain, m.value, m.best.model AS best_model, -m.best.below AS best_value, m.relevant_count,
  m.retrieved_count
FROM (
  SELECT *, min(named_struct('below', -value, 'model', model)) OVER (
    PARTITION BY run_id, dataset, split, metric, k, query_id) AS best
  FROM headline_query_metrics
  WHERE metric <> 'unjudged') m
LEFT JOIN queries q ON m.run_id = q.run_id AND m.dataset = q.dataset AND m.query_id = q.query_id;
