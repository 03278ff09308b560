-- Which queries got worse from base to tuned? Does BM25 answer them?
CREATE OR REPLACE VIEW regressions (
  run_id COMMENT 'the run',
  dataset COMMENT 'name of the data set',
  split COMMENT 'split of the query',
  metric COMMENT 'as query_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  query_id COMMENT 'a query with a lower value from tuned than from base',
  text COMMENT 'the query',
  domain COMMENT 'its domain, or null',
  base COMMENT 'value of the base model, with all dimensions in fp32',
  tuned COMMENT 'value of the tuned model',
  change COMMENT 'tuned less base, below 0',
  bm25 COMMENT 'value of BM25; null where it was not measured',
  relevant_count COMMENT 'relevant documents of the query')
AS SELECT m.run_id, m.dataset, m.split, m.metric, m.k, m.query_id, q.text, q.domain, m.base, m.tuned,
  m.tuned - m.base AS change, m.bm25, m.relevant_count
FROM (
  SELECT run_id, dataset, split, metric, k, query_id,
    max(CASE WHEN model = 'base' THEN value END) AS base,
    max(CASE WHEN model = 'tuned' THEN value END) AS tuned,
    max(CASE WHEN model = 'bm25' THEN value END) AS bm25,
    max(relevant_count) AS relevant_count
  FROM headline_query_metrics
  WHERE model IN ('base', 'tuned', 'bm25') AND metric <> 'unjudged'
  GROUP BY run_id, dataset, split, metric, k, query_id) m
LEFT JOIN queries q ON m.run_id = q.run_id AND m.dataset = q.dataset AND m.query_id = q.query_id
WHERE m.tuned < m.base;
