package dev.hone.train;

import java.io.Serializable;
import java.util.List;

/**
 * What the advisor knows of a run besides its log.
 *
 * @param updates planned, T, at least 1
 * @param epochs passes over the data that were planned
 * @param learningRate the peak
 * @param warmupRatio the share of updates that warm up
 * @param maxGradientNorm gradients are cut to this norm
 * @param batchRows rows of a batch
 * @param updateRows rows of an update, which may be made of several batches
 * @param maxLength the most tokens of a text
 * @param refreshEvery updates between two mining rounds; 0: there is but one round
 * @param curriculum whether negatives get more difficult on the way
 * @param sets the data sets that are trained on
 */
public record AdvisedRun(
    int updates,
    int epochs,
    double learningRate,
    double warmupRatio,
    double maxGradientNorm,
    int batchRows,
    int updateRows,
    int maxLength,
    int refreshEvery,
    boolean curriculum,
    List<TrainedSet> sets)
    implements Serializable {
  /** Checks the number of updates and copies the list. */
  public AdvisedRun {
    if (updates < 1) {
      throw new IllegalArgumentException("updates is " + updates + ", must be at least 1");
    }
    sets = List.copyOf(sets);
  }

  /** The step at a share of the run, rounded up. */
  int stepAt(double share) {
    return (int) Math.ceil(share * updates);
  }

  /** Whether every loss is that of the same task: negatives neither change nor get harder. */
  boolean isSteady() {
    return refreshEvery == 0 && !curriculum;
  }

  /** Whether the rows of a batch are negatives of each other in any of the data sets. */
  boolean isContrastive() {
    return sets.stream().anyMatch(TrainedSet::contrastive);
  }

  /**
   * A data set that is trained on.
   *
   * @param name its name
   * @param contrastive whether the rows of a batch are negatives of each other; then what fills no
   *     update is left out of an epoch
   * @param rows rows of split train that are used, (query, positive)
   * @param size what its type is counted in: rows, or queries of a ranking data set
   * @param unit what {@code size} counts: rows or queries
   * @param enoughFrom the size from which its type usually helps
   * @param cut how many of its texts the maximum length cuts
   */
  public record TrainedSet(
      String name,
      boolean contrastive,
      long rows,
      long size,
      String unit,
      long enoughFrom,
      List<CutTexts> cut)
      implements Serializable {
    /** Copies the list. */
    public TrainedSet {
      cut = List.copyOf(cut);
    }
  }

  /**
   * Texts of one role.
   *
   * @param what they are, in words
   * @param count how many the maximum length cuts
   * @param share that is of all of them, from 0 to 1
   */
  public record CutTexts(String what, long count, double share) implements Serializable {}
}
