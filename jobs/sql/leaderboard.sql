-- Which model is best, by data set, metric and cut-off?
CREATE OR REPLACE VIEW leaderboard (
  run_id COMMENT 'the run',
  dataset COMMENT 'name of the data set; * is the mean over data sets',
  split COMMENT 'split of the queries',
  metric COMMENT 'as run_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  place COMMENT 'from 1, among the models of the run; equal values share a place',
  model COMMENT 'base, tuned, bm25, ...',
  value COMMENT 'mean over the queries, with all dimensions in fp32',
  ci_low COMMENT 'lower end of the 95 % interval',
  ci_high COMMENT 'upper end',
  gain COMMENT 'value less that of base; null where base was not measured',
  query_count COMMENT 'queries averaged over')
AS SELECT run_id, dataset, split, metric, k,
  rank() OVER (PARTITION BY run_id, dataset, split, metric, k ORDER BY value DESC) AS place,
  model, value, ci_low, ci_high,
  value - max(CASE WHEN model = 'base' THEN value END) OVER (PARTITION BY run_id, dataset, split, metric, k) AS gain,
  query_count
FROM headline_run_metrics
WHERE metric <> 'unjudged';
