-- What is each model worth with all its dimensions, in fp32?
CREATE OR REPLACE VIEW headline_run_metrics (
  run_id COMMENT 'the run',
  model COMMENT 'base, tuned, bm25, ...',
  dataset COMMENT 'name of the data set; * is the mean over data sets',
  split COMMENT 'split of the queries',
  dim COMMENT 'most dimensions that the run measured the model with; null for bm25',
  precision COMMENT 'fp32; null for bm25',
  metric COMMENT 'as run_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  value COMMENT 'mean over the queries; higher is better',
  ci_low COMMENT 'lower end of the 95 % interval',
  ci_high COMMENT 'upper end',
  query_count COMMENT 'queries averaged over')
AS SELECT m.run_id, m.model, m.dataset, m.split, m.dim, m.precision, m.metric, m.k, m.value, m.ci_low, m.ci_high,
  m.query_count
FROM run_metrics m
JOIN (SELECT run_id, model, max(dim) AS dim FROM run_metrics GROUP BY run_id, model) most
  ON m.run_id = most.run_id AND m.model = most.model AND m.dim <=> most.dim
WHERE coalesce(m.precision, 'fp32') = 'fp32';
