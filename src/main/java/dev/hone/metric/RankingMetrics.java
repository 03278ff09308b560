package dev.hone.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

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

  /** Discounted gain of the first documents, by how many these are: from none to all. */
  private final double[] gained;

  /** The same of all judged documents that gain anything, in the best order. */
  private final double[] ideal;

  /** Relevant documents among the first ones, by how many these are. */
  private final int[] hits;

  /** The precision at each relevant document among the first ones, summed. */
  private final double[] precisions;

  /** Documents among the first ones that nobody judged. */
  private final int[] unjudged;

  private final int relevantCount;

  /** How many documents are judged and not relevant. */
  private final int otherCount;

  private RankingMetrics(Ranking ranking, Judgements judgements, MetricOptions options) {
    int size = ranking.size();
    this.queryId = ranking.queryId();
    this.hits = new int[size + 1];
    this.precisions = new double[size + 1];
    this.unjudged = new int[size + 1];
    double[] gains = new double[size];
    List<ScoredDocument> documents = ranking.documents();
    Map<String, Integer> grades = judgements.grades();
    for (int i = 0; i < size; i++) {
      Integer grade = grades.get(documents.get(i).documentId());
      gains[i] = grade == null ? 0 : options.gain().ofJudged(grade);
      boolean relevant = grade != null && grade >= options.minRelevantGrade();
      hits[i + 1] = hits[i] + (relevant ? 1 : 0);
      precisions[i + 1] = precisions[i] + (relevant ? (double) hits[i + 1] / (i + 1) : 0);
      unjudged[i + 1] = unjudged[i] + (grade == null || grade < 0 ? 1 : 0);
    }
    this.gained = discounted(gains);
    this.ideal = discounted(idealGains(grades, options.gain()));
    this.relevantCount = judgements.countAtLeast(options.minRelevantGrade());
    this.otherCount = judgements.countBelow(options.minRelevantGrade());
  }

  /** Gains of all judged documents above 0, largest first. */
  private static double[] idealGains(Map<String, Integer> grades, Gain gain) {
    return grades.values().stream()
        .filter(grade -> grade > 0)
        .sorted(Comparator.reverseOrder())
        .mapToDouble(gain::ofJudged)
        .toArray();
  }

  private static double[] discounted(double[] gains) {
    double[] sums = new double[gains.length + 1];
    for (int i = 0; i < gains.length; i++) {
      // Most gain nothing, and a logarithm takes long.
      sums[i + 1] = sums[i] + (gains[i] == 0 ? 0 : gains[i] * LOG_2 / Math.log(i + 2.0));
    }
    return sums;
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
    return hits.length - 1;
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
      case NUM_REL_RET -> hits(retrievedCount());
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
    double[] values = new double[Metric.values().length * Math.max(1, ascending.length)];
    int size = 0;
    for (Metric metric : Metric.values()) {
      if (metric.hasCutoff()) {
        for (int k : ascending) {
          values[size++] = at(metric, k);
        }
      } else {
        values[size++] = overall(metric);
      }
    }
    return Arrays.copyOf(values, size);
  }

  private double ndcg(int k) {
    double best = ideal[Math.min(k, ideal.length - 1)];
    return best > 0 ? gained[within(k)] / best : 0.0;
  }

  private double reciprocalRank(int k) {
    for (int i = 1; i <= within(k); i++) {
      if (hits[i] > 0) {
        return 1.0 / i;
      }
    }
    return 0.0;
  }

  private double averagePrecision(int k) {
    return relevantCount == 0 ? 0.0 : precisions[within(k)] / relevantCount;
  }

  private double recall(int k) {
    return relevantCount == 0 ? 0.0 : (double) hits(k) / relevantCount;
  }

  private double precision(int k) {
    return (double) hits(k) / k;
  }

  private double f1(int k) {
    int found = hits(k);
    return found == 0 ? 0.0 : 2.0 * found / ((double) k + relevantCount);
  }

  private double unjudged(int k) {
    return (double) unjudged[within(k)] / k;
  }

  private double binaryPreference() {
    double sum = 0.0;
    for (int i = 1; i <= retrievedCount(); i++) {
      if (hits[i] > hits[i - 1]) {
        int others = i - hits[i] - unjudged[i];
        sum +=
            others == 0
                ? 1.0
                : 1.0
                    - (double) Math.min(others, relevantCount)
                        / Math.min(otherCount, relevantCount);
      }
    }
    return relevantCount == 0 ? 0.0 : sum / relevantCount;
  }

  private int hits(int k) {
    return hits[within(k)];
  }

  private int within(int k) {
    return Math.min(k, retrievedCount());
  }
}
