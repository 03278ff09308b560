-- How did the last try of each run end?
CREATE OR REPLACE VIEW run_status (
  run_id COMMENT 'the run',
  command COMMENT 'of the last try: run, train, ...',
  attempt COMMENT 'random id of the try',
  status COMMENT 'running, succeeded, failed, died',
  error_code COMMENT 'exit code of a failed try',
  started_at COMMENT 'ISO instant',
  finished_at COMMENT 'ISO instant; null while it runs, and where it died',
  seconds COMMENT 'between the two',
  tries COMMENT 'how many there were',
  code_version COMMENT 'version of the code',
  model_digest COMMENT 'SHA-256 of the tuned weights; null where none is published',
  device COMMENT 'what it computed on; null where it does not tell',
  gpu_hours COMMENT 'of the last try',
  estimated_cost COMMENT 'of the GPU hours')
AS SELECT run_id, command, attempt, status, error_code, started_at, finished_at,
  timestampdiff(MICROSECOND, CAST(started_at AS TIMESTAMP), CAST(finished_at AS TIMESTAMP)) / 1e6 AS seconds, tries,
  code_version, model_digest, device, gpu_hours, estimated_cost
FROM (
  SELECT *, count(*) OVER (PARTITION BY run_id) AS tries,
    row_number() OVER (PARTITION BY run_id ORDER BY CAST(started_at AS TIMESTAMP) DESC, attempt DESC) AS place
  FROM runs)
WHERE place = 1;
