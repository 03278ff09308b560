-- Is any text of the tests in the training data?
SELECT run_id, dataset, kind, found, texts, round(share, 4) AS share, severity, examples
FROM leakage
ORDER BY run_id, found DESC, dataset, kind
