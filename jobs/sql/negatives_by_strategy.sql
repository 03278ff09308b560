-- How many negatives does each strategy bring, and how hard are they?
CREATE OR REPLACE VIEW negatives_by_strategy (
  run_id COMMENT 'the run',
  dataset COMMENT 'name of the data set',
  round COMMENT 'mining round, from 0',
  strategy COMMENT 'bm25, dense, given, ...',
  candidates COMMENT 'what it found, before the first filter; null where nothing was filtered',
  negatives COMMENT 'what was left of them for training',
  queries COMMENT 'training queries that have one of them',
  difficulty COMMENT 'mean, from 0 (easy) to 1 (as near as the positive)',
  median_difficulty COMMENT 'the median',
  gap COMMENT 'mean of filter_positive_score less filter_score',
  shared COMMENT 'negatives that other indexes or models found too')
AS SELECT coalesce(n.run_id, c.run_id) AS run_id, coalesce(n.dataset, c.dataset) AS dataset,
  coalesce(n.round, c.round) AS round, coalesce(n.strategy, c.strategy) AS strategy, c.candidates,
  coalesce(n.negatives, 0) AS negatives, coalesce(n.queries, 0) AS queries, n.difficulty, n.median_difficulty, n.gap,
  coalesce(n.shared, 0) AS shared
FROM (
  SELECT run_id, dataset, round, strategy, count(*) AS negatives, count(DISTINCT query_id) AS queries,
    avg(difficulty) AS difficulty, median(difficulty) AS median_difficulty,
    avg(filter_positive_score - filter_score) AS gap, count_if(agreement > 1) AS shared
  FROM negatives
  GROUP BY run_id, dataset, round, strategy) n
FULL OUTER JOIN (
  SELECT run_id, dataset, round, strategy, max(kept + dropped) AS candidates
  FROM filter_counts
  GROUP BY run_id, dataset, round, strategy) c
  ON n.run_id = c.run_id AND n.dataset = c.dataset AND n.round = c.round AND n.strategy = c.strategy;
