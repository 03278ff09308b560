package dev.hone.train;

import dev.hone.loss.BatchLoss;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.Matryoshka;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.Objective;
import dev.hone.loss.RankingRow;
import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What training makes small.
 *
 * @param objective what is asked of a batch's rows
 * @param matryoshka at which lengths of the vectors
 * @param maskFalseNegatives whether known positives of a query are left out of its negatives
 */
public record TrainingLoss(
    Objective objective, MatryoshkaOptions matryoshka, boolean maskFalseNegatives)
    implements Serializable {

  /** The columns of a batch. */
  CandidateColumns columns(List<RankingRow> rows) {
    return maskFalseNegatives ? CandidateColumns.of(rows) : CandidateColumns.unmasked(rows);
  }

  /** The loss of a batch. */
  BatchLoss over(CandidateColumns columns) {
    return Matryoshka.over(objective.over(columns), matryoshka);
  }

  /** All that changes a result, by name. */
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>(objective.settings());
    settings.put("mask-false-negatives", maskFalseNegatives);
    if (!matryoshka.isNone()) {
      settings.put("matryoshka-dims", matryoshka.dims().toString());
      settings.put("matryoshka-weights", matryoshka.weights().toString());
      settings.put("matryoshka-reduction", matryoshka.reduction().name());
    }
    return settings;
  }
}
