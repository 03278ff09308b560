package dev.hone.loss;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How multiple negatives ranking is done.
 *
 * @param scale the inverse temperature; finite and above 0, 20 (a temperature of 0.05) is usual
 * @param directions what is compared with what; {@link Direction#QUERY_TO_DOCUMENT} is always among
 *     them
 * @param partition whether the directions share a denominator
 * @param hardness which negatives weigh more the more similar they are
 * @param hardnessStrength by how much; finite, 0 or more
 */
public record RankingOptions(
    double scale,
    List<Direction> directions,
    Partition partition,
    Hardness hardness,
    double hardnessStrength)
    implements RankingObjective {

  /** Refuses what makes no softmax; puts the directions in their order. */
  public RankingOptions {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale is " + scale + ", must be finite and above 0");
    }
    if (!(hardnessStrength >= 0) || Double.isInfinite(hardnessStrength)) {
      throw new IllegalArgumentException(
          "hardnessStrength is " + hardnessStrength + ", must be finite and 0 or more");
    }
    List<Direction> wanted = List.copyOf(directions);
    if (!wanted.contains(Direction.QUERY_TO_DOCUMENT)) {
      throw new IllegalArgumentException(
          "directions are " + wanted + ", QUERY_TO_DOCUMENT must be among them");
    }
    if (partition == Partition.PER_DIRECTION
        && !wanted.stream().allMatch(Direction::holdsThePositive)) {
      throw new IllegalArgumentException(
          "directions are "
              + wanted
              + ", but only QUERY_TO_DOCUMENT and DOCUMENT_TO_QUERY hold the positive, which a softmax of one direction needs");
    }
    directions = Arrays.stream(Direction.values()).filter(wanted::contains).toList();
  }

  /** Each query has to find its positive. */
  public static RankingOptions plain(double scale) {
    return new RankingOptions(
        scale, List.of(Direction.QUERY_TO_DOCUMENT), Partition.JOINT, Hardness.NONE, 0);
  }

  /** Each positive has to find its query too; both count one half. */
  public static RankingOptions symmetric(double scale) {
    return new RankingOptions(
        scale,
        List.of(Direction.QUERY_TO_DOCUMENT, Direction.DOCUMENT_TO_QUERY),
        Partition.PER_DIRECTION,
        Hardness.NONE,
        0);
  }

  @Override
  public BatchLoss over(CandidateColumns columns) {
    return new MultipleNegativesRanking(this, columns);
  }

  @Override
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>();
    settings.put("loss", "mnrl");
    settings.put("scale", scale);
    if (directions.size() > 1) {
      settings.put("directions", directions.toString());
      settings.put("partition-mode", partition.name());
    }
    if (hardness != Hardness.NONE && hardnessStrength > 0) {
      settings.put("hardness", hardness.name());
      settings.put("hardness-strength", hardnessStrength);
    }
    return settings;
  }
}
