package dev.hone.report;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.sum;

import dev.hone.report.MiningData.Distribution;
import dev.hone.report.MiningData.Kind;
import dev.hone.report.MiningData.Panel;
import dev.hone.report.MiningData.Scores;
import dev.hone.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Counts the filter scorer's scores in bins, for positives, negatives and what was not kept. Scores
 * are first counted on a grid, so that memory depends on the grid and not on the candidates.
 */
final class ScoreReader {
  private static final Column QUANTILES =
      array(lit(0.05), lit(0.25), lit(0.5), lit(0.75), lit(0.95));

  private final Dataset<Row> candidates;
  private final Dataset<Row> negatives;

  /**
   * A reader of one round.
   *
   * @param tables the round's rows
   * @param datasets the data sets to read
   */
  ScoreReader(MiningTables tables, List<String> datasets) {
    Column isShown = col("dataset").isin(datasets.toArray());
    this.candidates = tables.candidates().where(isShown);
    this.negatives = tables.negatives().where(isShown);
  }

  /** The distributions; none where nothing has a score. */
  Scores read(int hidden) {
    Row range =
        finite(
                candidates
                    .select(col("filter_score").as("score"))
                    .union(candidates.select("filter_positive_score")))
            .agg(min("score"), max("score"))
            .head();
    if (range.isNullAt(0)) {
      return Scores.NONE;
    }
    ScoreGrid grid = ScoreGrid.around(range.getDouble(0), range.getDouble(1));
    Dataset<Row> counted = counted(grid).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return new Scores(grid.low(), grid.high(), panels(counted, grid), hidden);
    } finally {
      counted.unpersist();
    }
  }

  /** (dataset, kind, strategy, point, pairs): how many scores are nearest to a point. */
  private Dataset<Row> counted(ScoreGrid grid) {
    return finite(scores())
        .withColumn("point", grid.point(col("score")))
        .groupBy("dataset", "kind", "strategy", "point")
        .agg(count(lit(1)).as("pairs"));
  }

  /** (dataset, kind, strategy, score), a row for each pair of query and document. */
  private Dataset<Row> scores() {
    Dataset<Row> positives =
        candidates
            .select(col("dataset"), col("query_id"), col("filter_positive_score").as("score"))
            .distinct();
    Dataset<Row> rest =
        candidates
            .select(col("dataset"), col("query_id"), col("doc_id"), col("filter_score").as("score"))
            .distinct()
            .join(negatives, Columns.names("dataset", "query_id", "doc_id"), "left_anti");
    return of(Kind.POSITIVE, positives, lit(""))
        .unionByName(
            of(
                Kind.KEPT,
                negatives.select(col("dataset"), col("strategy"), col("filter_score").as("score")),
                col("strategy")))
        .unionByName(of(Kind.NOT_KEPT, rest, lit("")));
  }

  private static Dataset<Row> of(Kind kind, Dataset<Row> rows, Column strategy) {
    return rows.select(
        col("dataset"), lit(kind.name()).as("kind"), strategy.as("strategy"), col("score"));
  }

  /** Without nulls, and without what has no place on an axis. */
  private static Dataset<Row> finite(Dataset<Row> scores) {
    return scores.where("abs(score) < double('infinity')");
  }

  private static List<Panel> panels(Dataset<Row> counted, ScoreGrid grid) {
    Map<Series, Long[]> counts = counts(counted, grid);
    Map<String, List<Distribution>> panels = new TreeMap<>();
    for (Row row :
        counted
            .groupBy("dataset", "kind", "strategy")
            .agg(sum("pairs"), percentile(col("point"), QUANTILES, col("pairs")))
            .orderBy("dataset", "strategy")
            .collectAsList()) {
      List<Double> quantiles = row.<Double>getList(4).stream().map(grid::score).toList();
      panels
          .computeIfAbsent(row.getString(0), dataset -> new ArrayList<>())
          .add(
              new Distribution(
                  Kind.valueOf(row.getString(1)),
                  row.getString(2),
                  row.getLong(3),
                  List.of(counts.get(Series.of(row))),
                  quantiles));
    }
    return panels.entrySet().stream()
        .map(entry -> new Panel(entry.getKey(), inOrder(entry.getValue())))
        .toList();
  }

  private static List<Distribution> inOrder(List<Distribution> distributions) {
    return distributions.stream().sorted(Comparator.comparing(Distribution::kind)).toList();
  }

  private static Map<Series, Long[]> counts(Dataset<Row> counted, ScoreGrid grid) {
    Map<Series, Long[]> counts = new HashMap<>();
    for (Row row :
        counted
            .groupBy(col("dataset"), col("kind"), col("strategy"), grid.bin(col("point")).as("bin"))
            .agg(sum("pairs"))
            .collectAsList()) {
      counts.computeIfAbsent(Series.of(row), series -> zeros(grid.bins()))[row.getInt(3)] =
          row.getLong(4);
    }
    return counts;
  }

  private static Long[] zeros(int bins) {
    Long[] zeros = new Long[bins];
    Arrays.fill(zeros, 0L);
    return zeros;
  }

  private record Series(String dataset, String kind, String strategy) {
    static Series of(Row row) {
      return new Series(row.getString(0), row.getString(1), row.getString(2));
    }
  }
}
