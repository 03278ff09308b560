-- What do fewer dimensions and lower precision cost, and what save?
CREATE OR REPLACE VIEW dimension_precision (
  run_id COMMENT 'the run',
  model COMMENT 'base, tuned, ...; bm25 has no dimensions',
  dataset COMMENT 'name of the data set; * is the mean over data sets',
  split COMMENT 'split of the queries',
  metric COMMENT 'as run_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  dim COMMENT 'dimensions used',
  precision COMMENT 'of stored vectors: fp32, int8, binary, ...',
  bytes COMMENT 'of one stored vector',
  value COMMENT 'mean over the queries',
  ci_low COMMENT 'lower end of the 95 % interval',
  ci_high COMMENT 'upper end',
  full_value COMMENT 'value with all dimensions in fp32',
  change COMMENT 'value less full_value',
  kept COMMENT 'value as a share of full_value; null where that is 0')
AS SELECT m.run_id, m.model, m.dataset, m.split, m.metric, m.k, m.dim, m.precision,
  CASE m.precision
    WHEN 'fp32' THEN 4 * m.dim WHEN 'fp16' THEN 2 * m.dim WHEN 'int8' THEN m.dim WHEN 'binary' THEN (m.dim + 7) DIV 8
  END AS bytes,
  m.value, m.ci_low, m.ci_high, f.value AS full_value, m.value - f.value AS change,
  m.value / nullif(f.value, 0.0D) AS kept
FROM run_metrics m
LEFT JOIN headline_run_metrics f
  ON m.run_id = f.run_id AND m.model = f.model AND m.dataset = f.dataset AND m.split = f.split
  AND m.metric = f.metric AND m.k <=> f.k
WHERE m.dim IS NOT NULL;
