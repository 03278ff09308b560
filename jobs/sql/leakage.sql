-- Is any text of the tests, query or answer, in the training data?
CREATE OR REPLACE VIEW leakage (
  run_id COMMENT 'the run',
  dataset COMMENT 'name of the data set',
  kind COMMENT 'exact: the same text; near: nearly the same, where near-duplicates are looked for',
  found COMMENT 'test texts that stand in the training rows of any data set',
  texts COMMENT 'test texts looked at; null where none was found',
  share COMMENT 'found as a share of them',
  severity COMMENT 'info where none was found, else warning or error',
  examples COMMENT 'the beginning of two of them, or null')
AS SELECT run_id, dataset, CASE `check` WHEN 'leakage' THEN 'exact' ELSE 'near' END AS kind, `count` AS found,
  CAST(round(`count` / nullif(share, 0.0D)) AS BIGINT) AS texts, share, severity, examples
FROM audit
WHERE `check` IN ('leakage', 'near-leakage');
