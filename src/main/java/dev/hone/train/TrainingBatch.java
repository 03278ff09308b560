package dev.hone.train;

import dev.hone.loss.RankingRow;
import java.util.List;

/**
 * The rows of one update.
 *
 * @param epoch pass over the data, from 0
 * @param dataset the data set that all rows come from
 * @param rows in slot order, at least one
 */
public record TrainingBatch(int epoch, String dataset, List<RankingRow> rows) {
  /** Copies the list. */
  public TrainingBatch {
    rows = List.copyOf(rows);
  }
}
