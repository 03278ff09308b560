-- Which strategy brings the most negatives, and which the hardest?
SELECT run_id, strategy, sum(candidates) AS candidates, sum(negatives) AS negatives,
  round(sum(negatives * difficulty) / sum(negatives), 4) AS difficulty, round(sum(negatives * gap) / sum(negatives), 4)
    AS gap,
  rank() OVER (PARTITION BY run_id ORDER BY sum(negatives) DESC) AS place_by_number,
  rank() OVER (PARTITION BY run_id ORDER BY round(sum(negatives * difficulty) / sum(negatives), 4) DESC)
    AS place_by_difficulty
FROM negatives_by_strategy
WHERE negatives > 0
GROUP BY run_id, strategy
ORDER BY run_id, place_by_difficulty, strategy
