package dev.hone.bench;

import dev.hone.metric.Bootstrap;
import dev.hone.metric.Interval;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * NDCG@10 of models trained with and without hard negatives, per data set and over all queries,
 * with the interval of the mean difference over queries (paired bootstrap).
 */
final class NegativesTable {
  private static final String POOLED = "all queries";
  private static final String LINE = "%-12s%-12s%9s%10s%12s   %s%n";

  private final Bootstrap bootstrap;

  /** For each data set and arm, each query's values, one for each seed. */
  private final Map<NegativesData, Map<NegativesArm, SortedMap<String, List<Double>>>> values =
      new EnumMap<>(NegativesData.class);

  /** A table without rows; intervals come from 2,000 draws of a seed. */
  NegativesTable(long seed) {
    this.bootstrap = Bootstrap.seeded(seed);
  }

  /** Adds what one model reached for its test queries. */
  void add(NegativesData data, NegativesArm arm, Map<String, Double> ndcgByQuery) {
    SortedMap<String, List<Double>> ofArm =
        values
            .computeIfAbsent(data, one -> new EnumMap<>(NegativesArm.class))
            .computeIfAbsent(arm, one -> new TreeMap<>());
    ndcgByQuery.forEach(
        (query, value) -> ofArm.computeIfAbsent(query, one -> new ArrayList<>()).add(value));
  }

  /**
   * The difference of an arm to pairs, for each query that both have, in the order of ids; a query
   * counts once, by its mean over seeds.
   */
  double[] differences(NegativesData data, NegativesArm arm) {
    SortedMap<String, List<Double>> pairs = of(data, NegativesArm.PAIRS);
    SortedMap<String, List<Double>> other = of(data, arm);
    return pairs.keySet().stream()
        .filter(other::containsKey)
        .mapToDouble(query -> mean(other.get(query)) - mean(pairs.get(query)))
        .toArray();
  }

  private SortedMap<String, List<Double>> of(NegativesData data, NegativesArm arm) {
    return values.getOrDefault(data, Map.of()).getOrDefault(arm, new TreeMap<>());
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(LINE.formatted("", "", "queries", "NDCG@10", "- pairs", "95 % interval"));
    values.forEach(
        (data, arms) ->
            arms.forEach(
                (arm, byQuery) ->
                    append(
                        table,
                        data.toString(),
                        arm,
                        byQuery.values().stream().mapToDouble(NegativesTable::mean).toArray(),
                        differences(data, arm))));
    for (NegativesArm arm : List.of(NegativesArm.RANDOM, NegativesArm.MINED, NegativesArm.FIRST)) {
      double[] pooled =
          values.keySet().stream()
              .map(data -> differences(data, arm))
              .flatMapToDouble(DoubleStream::of)
              .toArray();
      if (pooled.length > 0) {
        append(table, POOLED, arm, new double[0], pooled);
      }
    }
    return table.toString();
  }

  private void append(
      StringBuilder table, String data, NegativesArm arm, double[] ndcg, double[] differences) {
    boolean isCompared = arm != NegativesArm.PAIRS && differences.length > 0;
    Interval interval = isCompared ? bootstrap.mean(differences) : null;
    table.append(
        LINE.formatted(
            data,
            arm,
            ndcg.length == 0 ? differences.length : ndcg.length,
            ndcg.length == 0 ? "" : number("%.4f", DoubleStream.of(ndcg).average().orElseThrow()),
            isCompared ? number("%+.4f", DoubleStream.of(differences).average().orElseThrow()) : "",
            isCompared
                ? number("%+.4f", interval.low()) + " to " + number("%+.4f", interval.high())
                : ""));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
