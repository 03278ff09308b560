-- What did a run cost, and what did training gain for it?
CREATE OR REPLACE VIEW cost_against_quality (
  run_id COMMENT 'the run',
  dataset COMMENT 'name of the data set; * is the mean over data sets',
  split COMMENT 'split of the queries',
  metric COMMENT 'as run_metrics',
  k COMMENT 'cut-off; null where the metric has none',
  base COMMENT 'value of the base model, with all dimensions in fp32; null where it was not measured',
  tuned COMMENT 'value of the tuned model; null where none was trained',
  gain COMMENT 'tuned less base',
  updates COMMENT 'optimizer updates; null where nothing was trained',
  training_seconds COMMENT 'rows of each update by its rows per second, added up: validation and checkpoints aside',
  gain_per_hour COMMENT 'gain by hour of training_seconds',
  tries COMMENT 'commands that worked on the run',
  try_seconds COMMENT 'of those that ended; what was published before is not done again, so a later try is short',
  gpu_hours COMMENT 'of its tries; null where a try does not tell',
  estimated_cost COMMENT 'of the GPU hours',
  trials COMMENT 'settings that tune tried; null where it was not run',
  trial_seconds COMMENT 'of their training, all rungs')
AS SELECT q.run_id, q.dataset, q.split, q.metric, q.k, q.base, q.tuned, q.tuned - q.base AS gain, t.updates,
  t.training_seconds, (q.tuned - q.base) / nullif(t.training_seconds / 3600, 0.0D) AS gain_per_hour,
  coalesce(r.tries, 0) AS tries, r.try_seconds, r.gpu_hours, r.estimated_cost, s.trials, s.trial_seconds
FROM (
  SELECT run_id, dataset, split, metric, k, max(CASE WHEN model = 'base' THEN value END) AS base,
    max(CASE WHEN model = 'tuned' THEN value END) AS tuned
  FROM headline_run_metrics
  WHERE model IN ('base', 'tuned')
  GROUP BY run_id, dataset, split, metric, k) q
LEFT JOIN (
  SELECT l.run_id, count(*) AS updates,
    CASE WHEN count(*) = count(p.planned) THEN sum(p.planned / l.examples_per_second) END AS training_seconds
  FROM training_log l
  LEFT JOIN (SELECT run_id, step, count(*) AS planned FROM batch_plan GROUP BY run_id, step) p
    ON l.run_id = p.run_id AND l.step = p.step
  GROUP BY l.run_id) t ON q.run_id = t.run_id
LEFT JOIN (
  SELECT run_id, count(*) AS tries,
    sum(timestampdiff(MICROSECOND, CAST(started_at AS TIMESTAMP), CAST(finished_at AS TIMESTAMP))) / 1e6 AS try_seconds,
    CASE WHEN count(*) = count(gpu_hours) THEN sum(gpu_hours) END AS gpu_hours,
    CASE WHEN count(*) = count(estimated_cost) THEN sum(estimated_cost) END AS estimated_cost
  FROM runs
  GROUP BY run_id) r ON q.run_id = r.run_id
LEFT JOIN (
  SELECT run_id, count(DISTINCT trial) AS trials, sum(seconds) AS trial_seconds
  FROM trials
  GROUP BY run_id) s ON q.run_id = s.run_id;
