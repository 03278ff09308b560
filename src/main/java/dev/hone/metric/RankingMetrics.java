package dev.hone.metric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/**
 * The ranking metrics of one query, at any cutoff, as trec_eval computes them. A query without
 * results has 0 everywhere, and one without a relevant document everywhere but in unjudged.
 */
public final class RankingMetrics {
  /** Of a query that nothing was found for, and nothing was judged. */
  public static final RankingMetrics NONE =
      of(Ranking.empty(""), new Judgements(Map.of()), MetricOptions.DEFAULT);

  private static final double LOG_2 = Math.log(2.0);

  private final String queryId;

  /** Gain and relevance by rank, best rank first. */
  private final double[] gains;

  private final boolean[] relevant;
  private final boolean[] judged;

  /** Gains of all judged documents above 0, largest first. */
  private final double[] idealGains;

  private final int relevantCount;

  /** How many documents are judged and not relevant. */
  private final int otherCount;

  private RankingMetrics(Ranking ranking, Judgements judgements, MetricOptions options) {
    int size = ranking.size();
    this.queryId = ranking.queryId();
    this.gains = new double[size];
    this.relevant = new boolean[size];
    this.judged = new boolean[size];
    for (int i = 0; i < size; i++) {
      Integer grade = judgements.grades().get(ranking.documents().get(i).documentId());
      if (grade != null) {
        gains[i] = options.gain().ofJudged(grade);
        relevant[i] = grade >= options.minRelevantGrade();
        judged[i] = grade >= 0;
      }
    }
    this.idealGains =
        judgements.grades().values().stream()
            .filter(grade -> grade > 0)
            .sorted(Comparator.reverseOrder())
            .mapToDouble(options.gain()::ofJudged)
            .toArray();
    this.relevantCount = judgements.countAtLeast(options.minRelevantGrade());
    this.otherCount = judgements.countBelow(options.minRelevantGrade());
  }

  /**
   * Judges a ranking.
   *
   * @throws IllegalArgumentException if gain is exponential and a grade is above 50
   */
  public static RankingMetrics of(Ranking ranking, Judgements judgements, MetricOptions options) {
    return new RankingMetrics(ranking, judgements, options);
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
   * @throws IllegalArgumentException if {@code k} is below 1, or the metric has no cutoff
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
      case SUCCESS -> hits(k) > 0 ? 1.0 : 0.0;
      case UNJUDGED -> unjudged(k);
      case R_PRECISION, BPREF, NUM_REL_RET ->
          throw new IllegalArgumentException(
              "illegal k: " + k + ", " + metric.label() + " has no cutoff");
    };
  }

  /**
   * One metric over the whole ranking, which holds no more than was searched for: of two searches
   * of different depths, the values do not compare.
   *
   * @throws IllegalArgumentException if the metric needs a cutoff
   */
  public double overall(Metric metric) {
    return switch (metric) {
      case R_PRECISION -> relevantCount == 0 ? 0.0 : precision(relevantCount);
      case BPREF -> binaryPreference();
      case NUM_REL_RET -> hits(relevant.length);
      case NDCG, MRR, MAP, RECALL, PRECISION, F1, SUCCESS, UNJUDGED ->
          throw new IllegalArgumentException(metric.label() + " needs a cutoff");
    };
  }

  /**
   * All metrics, ordered by metric, then k; a cutoff given twice counts once.
   *
   * @throws IllegalArgumentException if a cutoff is below 1
   */
  public List<MetricValue> at(Collection<Integer> cutoffs) {
    List<MetricValue> values = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      if (metric.hasCutoff()) {
        for (int k : new TreeSet<>(cutoffs)) {
          values.add(new MetricValue(metric, k, at(metric, k)));
        }
      } else {
        values.add(new MetricValue(metric, null, overall(metric)));
      }
    }
    return List.copyOf(values);
  }

  /**
   * The values of {@link #at(Collection)} alone, in the same order.
   *
   * @throws IllegalArgumentException if a cutoff is below 1
   */
  public double[] values(Collection<Integer> cutoffs) {
    int[] ascending = cutoffs.stream().mapToInt(Integer::intValue).distinct().sorted().toArray();
    DoubleStream.Builder values = DoubleStream.builder();
    for (Metric metric : Metric.values()) {
      if (metric.hasCutoff()) {
        for (int k : ascending) {
          values.add(at(metric, k));
        }
      } else {
        values.add(overall(metric));
      }
    }
    return values.build().toArray();
  }

  private double ndcg(int k) {
    double ideal = discountedGain(idealGains, k);
    return ideal > 0 ? discountedGain(gains, k) / ideal : 0.0;
  }

  private static double discountedGain(double[] byRank, int k) {
    double sum = 0.0;
    for (int i = 0; i < Math.min(k, byRank.length); i++) {
      if (byRank[i] != 0) { // most are, and a logarithm takes long
        sum += byRank[i] * LOG_2 / Math.log(i + 2.0);
      }
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

  private double unjudged(int k) {
    int count = 0;
    for (int i = 0; i < Math.min(k, judged.length); i++) {
      count += judged[i] ? 0 : 1;
    }
    return (double) count / k;
  }

  private double binaryPreference() {
    double sum = 0.0;
    int others = 0;
    for (int i = 0; i < relevant.length; i++) {
      if (relevant[i]) {
        sum +=
            others == 0
                ? 1.0
                : 1.0
                    - (double) Math.min(others, relevantCount)
                        / Math.min(otherCount, relevantCount);
      } else if (judged[i]) {
        others++;
      }
    }
    return relevantCount == 0 ? 0.0 : sum / relevantCount;
  }
}
