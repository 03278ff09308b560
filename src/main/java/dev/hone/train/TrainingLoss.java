package dev.hone.train;

import dev.hone.loss.BatchLoss;
import dev.hone.loss.BatchRows;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.Matryoshka;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.Objective;
import dev.hone.loss.OrderOptions;
import dev.hone.loss.RankingObjective;
import dev.hone.loss.RankingRow;
import dev.hone.loss.ScoredPair;
import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

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

  /**
   * The loss of a batch and the texts that it takes the embeddings of: the queries, then the
   * documents.
   */
  record OfBatch(List<String> queries, List<String> documents, BatchLoss loss) {}

  /**
   * The loss of a batch.
   *
   * @throws IllegalArgumentException if the objective is one of other rows
   */
  OfBatch over(BatchRows rows) {
    if (rows instanceof BatchRows.Ranking ranking && objective instanceof RankingObjective asked) {
      return over(asked, ranking.rows());
    }
    if (rows instanceof BatchRows.Scored scored && objective instanceof OrderOptions asked) {
      return over(asked, scored.pairs());
    }
    throw new IllegalArgumentException(
        "%s is not asked of %s rows"
            .formatted(objective.settings().get("loss"), rows.getClass().getSimpleName()));
  }

  private OfBatch over(RankingObjective asked, List<RankingRow> rows) {
    CandidateColumns columns =
        maskFalseNegatives ? CandidateColumns.of(rows) : CandidateColumns.unmasked(rows);
    return new OfBatch(
        rows.stream().map(RankingRow::queryText).toList(),
        columns.slots().stream().map(slot -> slot.in(rows).text()).toList(),
        Matryoshka.over(asked.over(columns), matryoshka));
  }

  /** Neither text asks for the other: both are documents, as where similarities are measured. */
  private OfBatch over(OrderOptions asked, List<ScoredPair> pairs) {
    return new OfBatch(
        List.of(),
        Stream.concat(pairs.stream().map(ScoredPair::first), pairs.stream().map(ScoredPair::second))
            .toList(),
        Matryoshka.over(asked.over(pairs), matryoshka));
  }

  /** All that changes a result, by name. */
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>(objective.settings());
    if (objective instanceof RankingObjective) {
      settings.put("mask-false-negatives", maskFalseNegatives);
    }
    if (!matryoshka.isNone()) {
      settings.put("matryoshka-dims", matryoshka.dims().toString());
      settings.put("matryoshka-weights", matryoshka.weights().toString());
      settings.put("matryoshka-reduction", matryoshka.reduction().name());
    }
    return settings;
  }
}
