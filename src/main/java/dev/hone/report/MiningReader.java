package dev.hone.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.hone.report.MiningData.FilterCount;
import dev.hone.report.MiningData.StrategyCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Reads what mining published into {@link MiningData}. What reaches the driver is bounded: counts
 * per data set, round and strategy, bins, and a fixed number of examples.
 */
final class MiningReader {
  /** Data sets whose scores and examples a page shows. */
  static final int SHOWN = 6;

  private final MiningTables tables;

  MiningReader(MiningTables tables) {
    this.tables = tables;
  }

  MiningData read() {
    List<StrategyCount> strategies = strategies();
    if (strategies.isEmpty()) {
      return new MiningData(strategies, filters(), MiningData.Scores.NONE, List.of());
    }
    int round = strategies.stream().mapToInt(StrategyCount::round).max().orElseThrow();
    List<StrategyCount> last = strategies.stream().filter(one -> one.round() == round).toList();
    List<String> shown = shown(last);
    int hidden = (int) last.stream().map(StrategyCount::dataset).distinct().count() - shown.size();
    MiningTables latest = tables(round);
    return new MiningData(
        strategies,
        filters(),
        new ScoreReader(latest, shown).read(hidden),
        new NegativeExampleReader(latest, shown).read());
  }

  /** What one round searched and chose. */
  private MiningTables tables(int round) {
    Column isRound = col("round").equalTo(round);
    return new MiningTables(
        tables.documents(),
        tables.queries(),
        tables.candidates().where(isRound),
        tables.negatives().where(isRound),
        tables.filterCounts().where(isRound));
  }

  /** The data sets with most negatives, ties by name; in the order of names. */
  private static List<String> shown(List<StrategyCount> strategies) {
    Map<String, Long> negatives =
        strategies.stream()
            .collect(
                Collectors.groupingBy(
                    StrategyCount::dataset,
                    TreeMap::new,
                    Collectors.summingLong(StrategyCount::negatives)));
    return negatives.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(SHOWN)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private List<StrategyCount> strategies() {
    Dataset<Row> rows =
        pairs(tables.candidates(), "miner", false)
            .unionByName(pairs(tables.negatives(), "strategy", true));
    return rows
        .groupBy("dataset", "round", "strategy")
        .agg(
            count(when(col("kept"), null).otherwise(1)),
            count(when(col("kept"), 1)),
            count_distinct(when(col("kept"), col("query_id"))))
        .orderBy("dataset", "round", "strategy")
        .collectAsList()
        .stream()
        .map(
            row ->
                new StrategyCount(
                    row.getString(0),
                    row.getInt(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5)))
        .toList();
  }

  private static Dataset<Row> pairs(Dataset<Row> rows, String strategy, boolean isKept) {
    return rows.select(
        col("dataset"),
        col("round"),
        col(strategy).as("strategy"),
        col("query_id"),
        lit(isKept).as("kept"));
  }

  private List<FilterCount> filters() {
    List<FilterCount> counts = new ArrayList<>();
    for (Row row :
        tables
            .filterCounts()
            .groupBy("dataset", "round", "strategy", "filter")
            .agg(sum("kept"), sum("dropped"))
            .orderBy("dataset", "round", "strategy", "filter")
            .collectAsList()) {
      counts.add(
          new FilterCount(
              row.getString(0),
              row.getInt(1),
              row.getString(2),
              row.getString(3),
              row.getLong(4),
              row.getLong(5)));
    }
    counts.sort(
        Comparator.comparing(FilterCount::dataset)
            .thenComparing(FilterCount::round)
            .thenComparing(FilterCount::strategy)
            .thenComparing(FilterCount::filter, asked(counts)));
    return counts;
  }

  /**
   * Filters in the order in which they are asked: what one keeps is what the next one sees, so
   * fewer candidates reach a later one. Those that drop nothing of the same candidates are in the
   * order of their names.
   */
  private static Comparator<String> asked(List<FilterCount> counts) {
    Map<String, Long> reached =
        counts.stream()
            .collect(
                Collectors.groupingBy(
                    FilterCount::filter, Collectors.summingLong(FilterCount::reached)));
    Map<String, Long> kept =
        counts.stream()
            .collect(
                Collectors.groupingBy(
                    FilterCount::filter, Collectors.summingLong(FilterCount::kept)));
    return Comparator.<String, Long>comparing(reached::get, Comparator.reverseOrder())
        .thenComparing(kept::get, Comparator.reverseOrder())
        .thenComparing(Comparator.naturalOrder());
  }
}
