package dev.hone.metric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The ranking metrics of one query, at any cutoff, as trec_eval computes them. A query without
 * results, and one without a relevant document, has 0 everywhere.
 */
public final class RankingMetrics {
  private static final double LOG_2 = Math.log(2.0);

  private final String queryId;

  /** Gain and relevance by rank, best rank first. */
  private final double[] gains;

  private final boolean[] relevant;

  /** Gains of all judged documents above 0, largest first. */
  private final double[] idealGains;

  private final int relevantCount;

  private RankingMetrics(
      String queryId, double[] gains, boolean[] relevant, double[] idealGains, int relevantCount) {
    this.queryId = queryId;
    this.gains = gains;
    this.relevant = relevant;
    this.idealGains = idealGains;
    this.relevantCount = relevantCount;
  }

  /**
   * Judges a ranking.
   *
   * @throws IllegalArgumentException if gain is exponential and a grade is above 50
   */
  public static RankingMetrics of(Ranking ranking, Judgements judgements, MetricOptions options) {
    double[] gains = new double[ranking.size()];
    boolean[] relevant = new boolean[ranking.size()];
    for (int i = 0; i < gains.length; i++) {
      int grade = judgements.grade(ranking.documents().get(i).documentId());
      gains[i] = options.gain().ofJudged(grade);
      relevant[i] = grade >= options.minRelevantGrade();
    }
    double[] idealGains =
        judgements.grades().values().stream()
            .filter(grade -> grade > 0)
            .sorted(Comparator.reverseOrder())
            .mapToDouble(options.gain()::ofJudged)
            .toArray();
    return new RankingMetrics(
        ranking.queryId(),
        gains,
        relevant,
        idealGains,
        judgements.countAtLeast(options.minRelevantGrade()));
  }

  /** Id of the query. */
  public String queryId() {
    return queryId;
  }

  /** How many documents are judged relevant, retrieved or not. */
  public int relevantCount() {
    return relevantCount;
  }

  /** How many documents were retrieved. */
  public int retrievedCount() {
    return gains.length;
  }

  /**
   * One metric at one cutoff.
   *
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public double at(Metric metric, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("illegal k: " + k + ", must be at least 1");
    }
    return switch (metric) {
      case NDCG -> ndcg(k);
      case MRR -> reciprocalRank(k);
      case MAP -> averagePrecision(k);
      case RECALL -> recall(k);
      case PRECISION -> precision(k);
      case F1 -> f1(k);
    };
  }

  /**
   * All six metrics at each cutoff, ordered by metric, then k; a cutoff given twice counts once.
   *
   * @throws IllegalArgumentException if a cutoff is below 1
   */
  public List<MetricValue> at(Collection<Integer> cutoffs) {
    List<MetricValue> values = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      for (int k : new TreeSet<>(cutoffs)) {
        values.add(new MetricValue(metric, k, at(metric, k)));
      }
    }
    return List.copyOf(values);
  }

  private double ndcg(int k) {
    double ideal = discountedGain(idealGains, k);
    return ideal > 0 ? discountedGain(gains, k) / ideal : 0.0;
  }

  private static double discountedGain(double[] byRank, int k) {
    double sum = 0.0;
    for (int i = 0; i < Math.min(k, byRank.length); i++) {
      sum += byRank[i] * LOG_2 / Math.log(i + 2.0);
    }
    return sum;
  }

  private double reciprocalRank(int k) {
    for (int i = 0; i < Math.min(k, relevant.length); i++) {
      if (relevant[i]) {
        return 1.0 / (i + 1);
      }
    }
    return 0.0;
  }

  private double averagePrecision(int k) {
    double sum = 0.0;
    int hits = 0;
    for (int i = 0; i < Math.min(k, relevant.length); i++) {
      if (relevant[i]) {
        hits++;
        sum += (double) hits / (i + 1);
      }
    }
    return relevantCount == 0 ? 0.0 : sum / relevantCount;
  }

  private double recall(int k) {
    return relevantCount == 0 ? 0.0 : (double) hits(k) / relevantCount;
  }

  private double precision(int k) {
    return (double) hits(k) / k;
  }

  private double f1(int k) {
    int hits = hits(k);
    return hits == 0 ? 0.0 : 2.0 * hits / ((double) k + relevantCount);
  }

  private int hits(int k) {
    int hits = 0;
    for (int i = 0; i < Math.min(k, relevant.length); i++) {
      hits += relevant[i] ? 1 : 0;
    }
    return hits;
  }
}
